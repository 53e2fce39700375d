//! The Zone Service (reference §1.3.5, §2.5).

use certificates::files;
use product_config::zone_conf::ZoneConf;
use topology::{
    connection::Port,
    model::{Component, Service},
};

use super::{
    cenm_database,
    cenm_pod::{self, CenmPod},
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

/// Its configuration and Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = COMPONENT;
    let ssl = ssl_file(&COMPONENT);
    let enm_port = context.own_port(&component, Port::ZoneEnm)?;
    let conf = ZoneConf::new(
        cenm_database::database(context, &component)?,
        enm_port,
        context.own_port(&component, Port::ZoneAdmin)?,
        context.ssl(&component)?,
        context.auth_service(&component)?,
    );
    CenmPod {
        component: component.clone(),
        jar: "zone.jar",
        arguments: ["-f", "conf/zone.conf"].map(str::to_owned).to_vec(),
        config: SecretFiles::default().text("zone.conf", conf.to_hocon(context.cenm_version(&component)?)?),
        stores: vec![("ssl", vec![ssl]), ("trust", vec![files::SSL_TRUST.to_owned()])],
        volumes: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Tcp(enm_port),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    }
    .build(context, step)
}
