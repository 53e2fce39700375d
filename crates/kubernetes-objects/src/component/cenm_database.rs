//! The databases of the CENM services: H2 in a volume, or a server that exists already (reference §1.2, §2.1).

use product_config::Database;
use topology::model::{self, Component, DatabaseKind, Mebibytes};

use crate::{
    context::{CENM, Context, RenderError},
    database::{self, product},
    manifest::Manifest,
    names::{database_claim, secrets, with_state},
    pod::{container::ContainerSpec, volume::Volume},
    resource::claim::claim,
};

const DRIVER_FOLDER: &str = "/opt/cenm/driver";
/// Where every config finds the driver.
const DRIVER: &str = "/opt/cenm/driver/driver.jar";

/// The claims of the services that keep an H2 database: B5.
pub fn claims(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let mut manifests = Vec::new();
    for component in with_state(context.topology) {
        let service = context.cenm_service(&component)?;
        if service.database == model::Database::H2 {
            manifests.push(claim(
                context.owner(step),
                &component,
                &database_claim(&component),
                &service.storage,
            ));
        }
    }
    Ok(manifests)
}

/// The `database` block of a component.
pub fn database(context: &Context<'_>, component: &Component) -> Result<Database, RenderError> {
    match &context.cenm_service(component)?.database {
        model::Database::H2 => {
            let name = component.name();
            Ok(Database::h2_file(
                format!("{CENM}/h2/{name}"),
                name.replace('-', "_"),
                context.secret(&secrets::database(component))?,
            ))
        }
        model::Database::Server(server) => on_server(context, component, server),
    }
}

/// The same for a release that takes arguments in the place of a file: nothing is quoted in them.
pub fn database_of_arguments(context: &Context<'_>, component: &Component) -> Result<Database, RenderError> {
    let mut said = database(context, component)?;
    if let Some(server) = context.cenm_service(component)?.database.server() {
        said.password = context.given_unquoted(component, &server.password)?;
    }
    Ok(said)
}

fn on_server(
    context: &Context<'_>,
    component: &Component,
    server: &model::DatabaseServer,
) -> Result<Database, RenderError> {
    let mut database = Database::on(
        product(server.kind),
        &database::server(server),
        server.user.clone(),
        context.given(component, &server.password)?,
        DRIVER,
    );
    database.url = database::encrypted(database.url, server);
    if let Some(connections) = server.connections {
        database
            .additional_properties
            .insert("maximumPoolSize".to_owned(), connections.to_string());
    }
    Ok(database)
}

/// What puts the driver at one known path: its name differs from image to image (reference §1.2).
pub fn driver<'a>(
    service: &'a model::CenmService,
    server: &'a model::DatabaseServer,
) -> (Volume, ContainerSpec<'a>) {
    let volume = Volume::scratch("driver", DRIVER_FOLDER);
    let (image, folder) = match &server.driver {
        Some(files) => (&files.image, files.path.clone().unwrap_or_default()),
        None => (&service.image, "opt/cenm/drivers".to_owned()),
    };
    let pattern = match server.kind {
        DatabaseKind::SqlServer => "mssql-jdbc*.jar",
        DatabaseKind::Oracle => "ojdbc*.jar",
        DatabaseKind::H2 | DatabaseKind::PostgreSql | DatabaseKind::CockroachDb => "postgresql-*.jar",
    };
    let script = format!(
        "set -- /{folder}/{pattern}; [ $# -eq 1 ] && [ -f \"$1\" ] || {{ echo \"no single JDBC driver {pattern} in /{folder}\" >&2; exit 1; }}; cp \"$1\" {DRIVER}"
    );
    let copy = ContainerSpec {
        name: "jdbc-driver",
        image,
        command: vec!["sh".to_owned(), "-euc".to_owned(), script],
        environment: Vec::new(),
        secret_environment: Vec::new(),
        volumes: &[],
        ports: Vec::new(),
        memory: Mebibytes(64),
    };
    (volume, copy)
}
