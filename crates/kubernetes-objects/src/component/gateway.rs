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
    key_request::ssl_file,
    manifest::Manifest,
    names::secrets,
    pod::probe::Question,
    resource::secret::SecretFiles,
};

const COMPONENT: Component = Component::Cenm(Service::Gateway);

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
    let port = context.own_port(&component, Port::Gateway)?;
    let conf = GatewayConf {
        auth: context.address(&component, Service::Auth, Port::Auth)?,
        auth_trust_store: context.ssl_trust()?,
        client_id: GATEWAY_CLIENT_ID.to_owned(),
        client_secret: context.secret(secrets::GATEWAY_CLIENT)?,
        zone: context.address(&component, Service::Zone, Port::ZoneAdmin)?,
        ssl: context.ssl(&component)?,
        port,
        flow_management: Overrides::new(),
    };
    CenmPod {
        component: component.clone(),
        jar: "gateway.jar",
        arguments: ["--config-file", "conf/gateway.conf", "-v"]
            .map(str::to_owned)
            .to_vec(),
        config: SecretFiles::default()
            .text("gateway.conf", conf.to_hocon(context.cenm_version(&component)?)?),
        stores: vec![("ssl", vec![ssl]), ("trust", vec![files::SSL_TRUST.to_owned()])],
        crls: &[],
        volumes: Vec::new(),
        init_containers: Vec::new(),
        environment: Vec::new(),
        secret_environment: Vec::new(),
        started: Question::Tcp(port),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: false,
    }
    .build(context, step)
}
