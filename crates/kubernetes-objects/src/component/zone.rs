//! The Zone Service (reference §1.3.5, §2.5).

use certificates::files;
use product_config::zone_conf::ZoneConf;
use topology::{
    connection::Port,
    model::{Component, Service},
};

use super::{
    cenm_database,
    cenm_pod::{self, CenmPod, arguments_file},
};
use crate::{
    context::{Context, RenderError},
    key_request::ssl_file,
    manifest::Manifest,
    pod::probe::Question,
    resource::secret::SecretFiles,
};

const COMPONENT: Component = Component::Cenm(Service::Zone);

/// Its stores.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    cenm_pod::keys(
        context,
        step,
        &COMPONENT,
        &[&ssl_file(&COMPONENT), files::SSL_TRUST],
    )
}

/// The file of arguments, for releases without `zone.conf`.
const ARGUMENTS: &str = "zone.arguments";

/// Its configuration and Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = COMPONENT;
    let ssl = ssl_file(&COMPONENT);
    let enm_port = context.own_port(&component, Port::ZoneEnm)?;
    let version = context.cenm_version(&component)?;
    let conf = |database| {
        Ok::<_, RenderError>(ZoneConf::new(
            database,
            enm_port,
            context.own_port(&component, Port::ZoneAdmin)?,
            context.ssl(&component)?,
            context.auth_service(&component)?,
        ))
    };
    let pod = |arguments: &[&str], config| CenmPod {
        component: component.clone(),
        jar: "zone.jar",
        arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
        config,
        stores: vec![
            ("ssl", vec![ssl.clone()]),
            ("trust", vec![files::SSL_TRUST.to_owned()]),
        ],
        crls: &[],
        volumes: Vec::new(),
        init_containers: Vec::new(),
        environment: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Tcp(enm_port),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    };
    if version.has_zone_conf() {
        let conf = conf(cenm_database::database(context, &component)?)?.to_hocon(version)?;
        let config = SecretFiles::default().text("zone.conf", conf);
        return pod(&["-f", "conf/zone.conf"], config).build(context, step);
    }
    let conf = conf(cenm_database::database_of_arguments(context, &component)?)?;
    let config = SecretFiles::default().text(ARGUMENTS, arguments_file(&conf.arguments(version)?));
    pod(&[], config).build_with_arguments(ARGUMENTS, context, step)
}
