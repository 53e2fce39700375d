//! The Gateway Service (reference §1.3.4, §2.4).

use certificates::files;
use product_config::{gateway_conf::GatewayConf, node_conf::Overrides};
use topology::{
    connection::Port,
    model::{Component, Service},
};

use super::{
    auth::GATEWAY_CLIENT_ID,
    cenm_pod::{self, CenmPod},
};
use crate::{
    context::{Context, RenderError},
    key_request::ssl_files,
    manifest::Manifest,
    names::secrets,
    pod::probe::Question,
    resource::secret::SecretFiles,
};

const SERVICE: Service = Service::Gateway;

/// Its stores.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    cenm_pod::keys(context, step, SERVICE, &[ssl_files(SERVICE).1, files::SSL_TRUST])
}

/// Its configuration and Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = Component::Cenm(SERVICE);
    let (_, ssl) = ssl_files(SERVICE);
    let port = context.own_port(&component, Port::Gateway)?;
    let conf = GatewayConf {
        auth: context.address(&component, Service::Auth, Port::Auth)?,
        auth_trust_store: context.ssl_trust()?,
        client_id: GATEWAY_CLIENT_ID.to_owned(),
        client_secret: context.secret(secrets::GATEWAY_CLIENT)?,
        zone: context.address(&component, Service::Zone, Port::ZoneAdmin)?,
        ssl: context.ssl(SERVICE)?,
        port,
        flow_management: Overrides::new(),
    };
    CenmPod {
        service: SERVICE,
        jar: "gateway.jar",
        arguments: ["--config-file", "conf/gateway.conf", "-v"]
            .map(str::to_owned)
            .to_vec(),
        config: SecretFiles::default().text("gateway.conf", conf.to_hocon(context.cenm_version())?),
        stores: vec![("ssl", vec![ssl]), ("trust", vec![files::SSL_TRUST])],
        volumes: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Tcp(port),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: false,
    }
    .build(context, step)
}
