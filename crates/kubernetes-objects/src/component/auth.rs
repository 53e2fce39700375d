//! The Auth Service (reference §1.3.3, §2.3).

use certificates::{aliases, files};
use product_config::auth_service_conf::{AuthServer, AuthServiceConf, Jwk, OauthClient, PasswordPolicy};
use secrecy::ExposeSecret;
use topology::{
    connection::Port,
    model::{Component, Service},
};

use super::{
    cenm_database,
    cenm_pod::{self, CenmPod},
};
use crate::{
    context::{Context, RenderError, TOKEN_ISSUER},
    key_request::{ssl_alias, ssl_file},
    manifest::Manifest,
    names::secrets,
    pod::probe::Question,
    resource::secret::SecretFiles,
    user::User,
};

/// The Gateway as an OAuth client of Auth.
pub const GATEWAY_CLIENT_ID: &str = "gateway";

const COMPONENT: Component = Component::Cenm(Service::Auth);
const INITIAL_PASSWORD: &str = "auth-initial-user";

/// Its stores and the password of the initial user.
pub fn keys(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let ssl = ssl_file(&COMPONENT);
    let mut manifests = cenm_pod::keys(
        context,
        step,
        &COMPONENT,
        &[&ssl, files::SSL_TRUST, files::JWT_KEYS],
    )?;
    let password = context.secret(&secrets::user(User::Admin))?;
    let initial = SecretFiles::default().text("password", password.expose_secret());
    manifests.push(initial.build(context.owner(step), &COMPONENT, INITIAL_PASSWORD));
    Ok(manifests)
}

/// Its configuration and Deployment.
pub fn run(context: &Context<'_>, step: &str) -> Result<Vec<Manifest>, RenderError> {
    let component = COMPONENT;
    let alias = ssl_alias(&component).ok_or_else(|| RenderError::NotInTopology(component.clone()))?;
    let ssl = ssl_file(&component);
    let port = context.own_port(&component, Port::Auth)?;
    let conf = AuthServiceConf {
        database: cenm_database::database(context, &component)?,
        jwk: Jwk {
            key_store: context.store("jwt", files::JWT_KEYS)?,
            key_alias: aliases::JWT.to_owned(),
            key_id: None,
        },
        issuer: TOKEN_ISSUER.to_owned(),
        clients: vec![OauthClient::for_gateway(
            GATEWAY_CLIENT_ID,
            context.secret(secrets::GATEWAY_CLIENT)?,
        )],
        server: AuthServer {
            port,
            key_store: context.store("ssl", &ssl)?,
            key_alias: alias,
            trust_store: context.ssl_trust()?,
        },
        password_policy: PasswordPolicy::default(),
    };
    let arguments = [
        "--config-file",
        "conf/authservice.conf",
        "--initial-user-name",
        User::Admin.name(),
        "--keep-running",
        "--verbose",
    ];
    CenmPod {
        component: component.clone(),
        jar: "accounts-application.jar",
        arguments: arguments.map(str::to_owned).to_vec(),
        config: SecretFiles::default().text(
            "authservice.conf",
            conf.to_hocon(context.cenm_version(&component)?)?,
        ),
        stores: vec![
            ("ssl", vec![ssl]),
            ("trust", vec![files::SSL_TRUST.to_owned()]),
            ("jwt", vec![files::JWT_KEYS.to_owned()]),
        ],
        crls: &[],
        volumes: Vec::new(),
        init_containers: Vec::new(),
        environment: Vec::new(),
        secret_environment: vec![("INITIAL_ADMIN_PASSWORD", INITIAL_PASSWORD, "password")],
        started: Question::Tcp(port),
        host_aliases: Vec::new(),
        uses_dns: true,
        has_database: true,
    }
    .build(context, step)
}
