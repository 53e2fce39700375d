//! The node's own database.

use secrecy::SecretString;

use crate::{
    database::{DatabaseProduct, DatabaseServer},
    hocon::Block,
};

/// An external database of the node. Its driver lies in the folder `drivers` of the base directory, whatever
/// its name.
#[derive(Clone, Debug)]
pub struct DataSource {
    /// E.g. `org.postgresql.ds.PGSimpleDataSource`.
    pub class_name: String,
    /// JDBC URL.
    pub url: String,
    /// User.
    pub user: String,
    /// Password.
    pub password: SecretString,
}

impl DataSource {
    /// A database of a product on a server.
    pub fn new(
        product: DatabaseProduct,
        server: &DatabaseServer,
        user: impl Into<String>,
        password: SecretString,
    ) -> Self {
        Self {
            class_name: product.data_source_class().to_owned(),
            url: product.jdbc_url(server),
            user: user.into(),
            password,
        }
    }

    pub(super) fn block(&self) -> Block {
        let source = Block::new()
            .with("url", &self.url)
            .with("user", &self.user)
            .with("password", &self.password);
        Block::new()
            .with("dataSourceClassName", &self.class_name)
            .with("dataSource", source)
    }
}
