//! The Zone Service (reference §1.3.5, §2.5).

use certificates::files;
use product_config::zone_conf::ZoneConf;
use topology::{
    connection::Port,
    model::{Component, Service},
};

use super::cenm_pod::{self, CenmPod};
use crate::{
    context::{Context, RenderError},
    key_request::ssl_files,
    manifest::Manifest,
    pod::probe::Question,
    resource::secret::SecretFiles,
};

const SERVICE: Service = Service::Zone;

/// Its stores.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    cenm_pod::keys(context, step, SERVICE, &[ssl_files(SERVICE).1, files::SSL_TRUST])
}

/// Its configuration and Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = Component::Cenm(SERVICE);
    let (_, ssl) = ssl_files(SERVICE);
    let enm_port = context.own_port(&component, Port::ZoneEnm)?;
    let conf = ZoneConf::new(
        context.database(SERVICE)?,
        enm_port,
        context.own_port(&component, Port::ZoneAdmin)?,
        context.ssl(SERVICE)?,
        context.auth_service(SERVICE)?,
    );
    CenmPod {
        service: SERVICE,
        jar: "zone.jar",
        arguments: ["-f", "conf/zone.conf"].map(str::to_owned).to_vec(),
        config: SecretFiles::default().text("zone.conf", conf.to_hocon(context.cenm_version())?),
        stores: vec![("ssl", vec![ssl]), ("trust", vec![files::SSL_TRUST])],
        volumes: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Tcp(enm_port),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    }
    .build(context, step)
}
