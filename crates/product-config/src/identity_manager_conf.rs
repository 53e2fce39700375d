//! `identitymanager.conf`: registration of nodes, and the revocation lists.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: this file, uploaded to the Zone. The Zone then
//! replaces `authServiceConfig` when it hands the file to the Angel. No key can be overridden.

use std::time::Duration;

use secrecy::SecretString;

use crate::{
    address::HostPort,
    administration::Administration,
    conf_error::{CenmFile, ConfError},
    database::Database,
    hocon::{Block, milliseconds},
    listener::Listener,
    local_signer::LocalSigner,
    node_conf::Overrides,
    version::CenmVersion,
};

/// The whole file.
#[derive(Clone, Debug)]
pub struct IdentityManagerConf {
    /// Bind address of the public HTTP port.
    pub address: HostPort,
    /// The service's own database.
    pub database: Database,
    /// Requests for certificates.
    pub issuance: IssuanceWorkflow,
    /// Requests for revocation, and the lists.
    pub revocation: RevocationWorkflow,
    /// How the service is administered.
    pub administration: Administration,
    /// Signs by itself, for tests; a Signing Service does when absent.
    pub local_signer: Option<LocalSigner>,
}

/// How requests for certificates are handled.
#[derive(Clone, Debug)]
pub struct IssuanceWorkflow {
    /// How often approved requests are looked for.
    pub update_interval: Duration,
    /// Port for the signer and the Network Map.
    pub enm_listener: Listener,
    /// Who approves.
    pub plugin: WorkflowPlugin,
    /// Refuses nodes of a lower platform version; off when absent. Must be at least the Network Map's and the
    /// network parameters' value.
    pub minimum_platform_version: Option<u64>,
    /// Refuses nodes that know no certificate chains of arbitrary length; the product's default is no.
    pub new_pki_only: Option<bool>,
}

/// How requests for revocation are handled.
#[derive(Clone, Debug)]
pub struct RevocationWorkflow {
    /// How long the lists are cached.
    pub crl_cache_timeout: Duration,
    /// Lists that the authorities signed when they were made; each is served under its file name.
    pub crl_files: Vec<String>,
    /// Port for the signer and the Network Map.
    pub enm_listener: Listener,
    /// Who approves.
    pub plugin: WorkflowPlugin,
}

/// Who approves the requests of a workflow. The product has no approval by people of its own: they do it in Jira,
/// or in what a class of the operator's own speaks to.
#[derive(Clone, Debug)]
pub enum WorkflowPlugin {
    /// Everything is approved at once. For tests.
    ApproveAll,
    /// A ticket in Jira for each request.
    Jira(Jira),
    /// A class of the operator's own.
    Custom {
        /// Class name.
        class: String,
        /// Absolute path of its jar, unless it is on the class path.
        jar: Option<String>,
        /// What the class is configured with.
        config: Overrides,
    },
}

/// The Jira project of a workflow.
#[derive(Clone, Debug)]
pub struct Jira {
    /// URL of Jira.
    pub address: String,
    /// Project.
    pub project_code: String,
    /// User.
    pub username: String,
    /// Password.
    pub password: SecretString,
}

/// The class that speaks to Jira differs by workflow.
#[derive(Clone, Copy)]
enum Workflow {
    Issuance,
    Revocation,
}

impl WorkflowPlugin {
    fn block(&self, workflow: Workflow) -> Block {
        match self {
            Self::ApproveAll => Block::new().with("pluginClass", "com.r3.enmplugins.approveall.ApproveAll"),
            Self::Custom { class, jar, config } => Block::new()
                .with("pluginClass", class)
                .with_some("pluginJar", jar.as_ref())
                .with_block("config", config.iter().collect()),
            Self::Jira(jira) => {
                let class = match workflow {
                    Workflow::Issuance => "com.r3.enmplugins.jira.JiraCsrWorkflowPlugin",
                    Workflow::Revocation => "com.r3.enmplugins.jira.JiraCrrWorkflowPlugin",
                };
                let config = Block::new()
                    .with("address", &jira.address)
                    .with("projectCode", &jira.project_code)
                    .with("username", &jira.username)
                    .with("password", &jira.password);
                Block::new().with("pluginClass", class).with("config", config)
            }
        }
    }
}

impl IdentityManagerConf {
    /// The file's text for a release. It holds secrets.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        let versions = Block::new()
            .with_some("minimumPlatformVersion", self.issuance.minimum_platform_version)
            .with_some("newPKIOnly", self.issuance.new_pki_only);
        let issuance = Block::new()
            .with("type", "ISSUANCE")
            .with("updateInterval", milliseconds(self.issuance.update_interval))
            .with_block("versionInfoValidation", versions)
            .with("enmListener", self.issuance.enm_listener.block())
            .with("plugin", self.issuance.plugin.block(Workflow::Issuance));
        let revocation = Block::new()
            .with("type", "REVOCATION")
            .with("crlCacheTimeout", milliseconds(self.revocation.crl_cache_timeout))
            .with_list("crlFiles", &self.revocation.crl_files)
            .with("enmListener", self.revocation.enm_listener.block())
            .with("plugin", self.revocation.plugin.block(Workflow::Revocation));
        let file = Block::new()
            .with("address", &self.address)
            .with("database", self.database.block())
            .with(
                "workflows",
                Block::new()
                    .with("issuance", issuance)
                    .with("revocation", revocation),
            )
            .with_some("localSigner", self.local_signer.as_ref().map(LocalSigner::block));
        CenmFile::new("identitymanager.conf", version)
            .problems(self.database.contradictions())
            .write(&self.administration.add_to(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{auth_service, check, database, each_version, secret, ssl};

    fn conf(plugin: WorkflowPlugin) -> IdentityManagerConf {
        let ssl = ssl("identity-manager");
        IdentityManagerConf {
            address: HostPort::any(10000),
            database: database("identity-manager"),
            issuance: IssuanceWorkflow {
                update_interval: Duration::from_secs(10),
                enm_listener: Listener::with_ssl(5052, ssl.clone()),
                plugin: plugin.clone(),
                minimum_platform_version: None,
                new_pki_only: None,
            },
            revocation: RevocationWorkflow {
                crl_cache_timeout: Duration::from_mins(15),
                crl_files: ["tls", "root", "subordinate", "ssl"]
                    .map(|name| format!("/opt/cenm/crl/{name}.crl"))
                    .to_vec(),
                enm_listener: Listener::with_ssl(5053, ssl.clone()),
                plugin,
            },
            administration: Administration::gateway(Listener::with_ssl(6000, ssl), auth_service()),
            local_signer: None,
        }
    }

    #[test]
    fn the_file_of_the_identity_manager() {
        let conf = conf(WorkflowPlugin::ApproveAll);
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn every_key() {
        let mut config = Overrides::new();
        config.insert(
            "baseDir".into(),
            crate::node_conf::Setting::Text("requests".into()),
        );
        let mut conf = conf(WorkflowPlugin::Custom {
            class: "com.bank.Approval".into(),
            jar: Some("/opt/cenm/plugins/approval.jar".into()),
            config,
        });
        conf.database = crate::test_values::postgresql("identity-manager");
        conf.issuance.minimum_platform_version = Some(12);
        conf.issuance.new_pki_only = Some(true);
        conf.issuance.enm_listener.host = Some("127.0.0.1".into());
        conf.issuance.enm_listener.verbose = Some(true);
        conf.administration = Administration::Unauthenticated(Listener::without_ssl(6000));
        conf.local_signer = Some(crate::test_values::local_signer());
        let text = each_version(|version| conf.to_hocon(version));
        check(&conf, &text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn jira_has_a_class_for_each_workflow() {
        let jira = Jira {
            address: "https://jira.bank.example".into(),
            project_code: "CSR".into(),
            username: "cenm".into(),
            password: secret("jira"),
        };
        let conf = conf(WorkflowPlugin::Jira(jira));
        let text = conf.to_hocon(CenmVersion::V1_7).expect("it can be written");
        check(&conf, &text);
        assert_eq!(text.matches("JiraCsrWorkflowPlugin").count(), 1);
        assert_eq!(text.matches("JiraCrrWorkflowPlugin").count(), 1);
    }
}
