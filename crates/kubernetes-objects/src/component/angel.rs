//! The Angel: the process in a Pod that fetches its service's config from Zone and runs it (reference §1.3.6, §2.6).

use std::time::Duration;

use product_config::angel_conf::{AngelConf, AngelService};
use secrecy::SecretString;
use topology::{connection::Port, model::Service};

use super::cenm_pod::{CenmPod, arguments_file};
use crate::{
    binding,
    context::{Context, RenderError},
    manifest::Manifest,
    names::{TOKEN_KEY, token_secret},
    resource::secret::SecretFiles,
};

/// Its jar in `bin/`.
const JAR: &str = "angel.jar";

/// How often it asks Zone for a new config.
const POLLING: Duration = Duration::from_secs(10);

/// The file of arguments, for releases without `angel.conf`.
const ARGUMENTS: &str = "angel.arguments";

/// Where it writes what Zone hands out; no key of its file says so.
const FOLDER: &str = "--working-dir=etc/";

/// What an Angel runs.
pub(super) struct Angel<'a> {
    /// The service, to Zone.
    pub(super) service: AngelService,
    /// Its jar in `bin/`.
    pub(super) jar: &'a str,
    /// Absolute path of its workflow plugin, if it has one.
    pub(super) plugin_jar: Option<String>,
}

impl Angel<'_> {
    /// The Angel's configuration and the Deployment of its Pod, whose jar, arguments and configuration are the Angel's. The
    /// zone token is put in once Zone has given it out.
    pub(super) fn build(
        self,
        pod: CenmPod<'_>,
        context: &Context<'_>,
        step: &str,
    ) -> Result<Vec<Manifest>, RenderError> {
        let component = &pod.component;
        let version = context.cenm_version(component)?;
        let token = binding::secret(&context.namespace(component), &token_secret(component), TOKEN_KEY);
        let conf = AngelConf {
            polling_time: POLLING,
            web_service: None,
            service: self.service,
            jar_file: format!("bin/{}", self.jar),
            plugin_jar: self.plugin_jar,
            ssl: context.ssl(component)?,
            zone: context.address(component, Service::Zone, Port::ZoneEnm)?,
            token: SecretString::from(token),
        };
        let own = |words: &[&str], config| CenmPod {
            jar: JAR,
            arguments: words.iter().map(|&word| word.to_owned()).collect(),
            config,
            ..pod
        };
        if version.has_angel_conf() {
            let config = SecretFiles::default().text("angel.conf", conf.to_hocon(version)?);
            return own(&["-f", "conf/angel.conf", FOLDER], config).build(context, step);
        }
        let config = SecretFiles::default().text(ARGUMENTS, arguments_file(&conf.arguments()));
        own(&[FOLDER], config).build_with_arguments(ARGUMENTS, context, step)
    }
}
