//! The Angel: the process in a Pod that fetches its service's config from Zone and runs it (reference §1.3.6, §2.6).

use std::time::Duration;

use product_config::angel_conf::{AngelConf, AngelService};
use secrecy::SecretString;
use topology::{
    connection::Port,
    model::{Component, Service},
};

use crate::{
    binding,
    context::{Context, RenderError},
    names::{TOKEN_KEY, token_secret},
    resource::secret::SecretFiles,
};

/// Its jar in `bin/`.
pub(super) const JAR: &str = "angel.jar";

/// How often it asks Zone for a new config.
const POLLING: Duration = Duration::from_secs(10);

/// What it is called with.
pub(super) fn arguments() -> Vec<String> {
    ["-f", "conf/angel.conf", "--working-dir=etc/"]
        .map(str::to_owned)
        .to_vec()
}

/// Its configuration file. The zone token is put in once Zone has given it out.
pub(super) fn config(
    context: &Context<'_>,
    component: &Component,
    kind: AngelService,
    jar: &str,
) -> Result<SecretFiles, RenderError> {
    let token = binding::secret(&context.namespace(component), &token_secret(component), TOKEN_KEY);
    let conf = AngelConf {
        polling_time: POLLING,
        web_service: None,
        service: kind,
        jar_file: format!("bin/{jar}"),
        plugin_jar: None,
        ssl: context.ssl(component)?,
        zone: context.address(component, Service::Zone, Port::ZoneEnm)?,
        token: SecretString::from(token),
    };
    Ok(SecretFiles::default().text("angel.conf", conf.to_hocon(context.cenm_version(component)?)?))
}
