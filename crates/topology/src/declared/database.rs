//! Databases.

use super::secret::{ImageVolume, SecretReference};
use crate::{
    decode::Located,
    language::mapping,
    model::DatabaseKind,
    scalar::{HostPort, IpRange},
};

mapping! {
    /// Where a service or node keeps its state. All kinds but `h2` exist before the rollout, each with a schema and a
    /// user of its own.
    pub struct Database = "a database" {
        /// The product.
        @required kind: Option<Located<DatabaseKind>> = "kind", drives "driver and JDBC URL";
        /// The product's release, e.g. `"16"` or `"19c"`, to be checked against the support matrix.
        version: Option<Located<String>> = "version", default "not checked";
        /// Its address; not for `h2`.
        address: Option<Located<HostPort>> = "address", drives "JDBC URL, and what a policy lets the Pod call";
        /// Its IP addresses or ranges, where that is a name outside of the cluster: policies know no names.
        addresses: Vec<Located<IpRange>> = "addresses", drives "NetworkPolicy spec.egress[].to[].ipBlock";
        /// The database (Oracle: the service) on it.
        name: Option<Located<String>> = "name", drives "JDBC URL";
        /// The schema.
        schema: Option<Located<String>> = "schema", default "the user's own", drives "database.schema";
        /// The user.
        user: Option<Located<String>> = "user", drives "dataSource.user";
        /// The user's password.
        password: Option<SecretReference> = "password", drives "dataSource.password";
        /// Whether the connection must be encrypted and the server proved.
        tls: Option<Located<bool>> = "tls", default "true", drives "JDBC URL";
        /// An image that carries the JDBC driver, where the product's own image has none.
        driver: Option<ImageVolume> = "driver", default "the product's own", drives "drivers/ of the Pod";
        /// Connections at most.
        connections: Option<Located<crate::scalar::Whole<2, 500>>> = "connections", default "the product's own",
            drives "maximumPoolSize";
    }
}
