//! From a kubeconfig to a client.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use kube::client::ClientBuilder;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use super::KubeCluster;
use super::count::CountLayer;
use super::failure::chain;
use super::retry_after::RetryAfterLayer;

/// Which cluster is meant. With nothing set, kubectl's own rules choose: `KUBECONFIG`, `~/.kube/config`, the
/// service account of a Pod.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// A kubeconfig file.
    pub kubeconfig: Option<PathBuf>,
    /// A context of the kubeconfig.
    pub context: Option<String>,
}

/// Why no client could be made; nothing was asked of any cluster yet.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The kubeconfig names no usable cluster.
    #[error(
        "no cluster could be chosen: {cause}; name one with --context or --kubeconfig (`kubectl config get-contexts` lists them)"
    )]
    Kubeconfig {
        /// What is wrong with it.
        cause: String,
    },
    /// Certificates or credentials in it cannot be used.
    #[error(
        "the kubeconfig's credentials cannot be used: {cause}; correct them or choose another context with --context"
    )]
    Credentials {
        /// What is wrong with them.
        cause: String,
    },
}

impl KubeCluster {
    /// Makes a client; sends nothing yet.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let choice = KubeConfigOptions {
            context: options.context.clone(),
            ..KubeConfigOptions::default()
        };
        let loaded = match &options.kubeconfig {
            Some(path) => match Kubeconfig::read_from(path) {
                Ok(file) => Config::from_custom_kubeconfig(file, &choice).await,
                Err(error) => Err(error),
            },
            None => Config::from_kubeconfig(&choice).await,
        };
        let configuration = match loaded {
            Ok(configuration) => configuration,
            Err(error) => {
                let by_default = options.kubeconfig.is_none() && options.context.is_none();
                let in_pod = by_default.then(|| Config::incluster().ok()).flatten();
                in_pod.ok_or_else(|| ConnectError::Kubeconfig {
                    cause: explained(&error),
                })?
            }
        };
        Self::of(configuration).map_err(|error| ConnectError::Credentials { cause: chain(&error) })
    }

    /// Takes a client configuration made elsewhere.
    pub fn of(mut configuration: Config) -> Result<Self, kube::Error> {
        // The engine retries, with what it knows about the call.
        configuration.default_retry = false;
        configuration.connect_timeout = Some(Duration::from_secs(5));
        let address = configuration.cluster_url.to_string();
        let requests = Arc::new(AtomicU64::new(0));
        let client = ClientBuilder::try_from(configuration)?
            .with_layer(&RetryAfterLayer)
            .with_layer(&CountLayer(Arc::clone(&requests)))
            .build();
        Ok(Self {
            client,
            address,
            requests,
        })
    }

    /// Takes a client made elsewhere, whose requests are not counted.
    pub fn with_client(client: Client, address: impl Into<String>) -> Self {
        Self {
            client,
            address: address.into(),
            requests: Arc::default(),
        }
    }
}

fn explained(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::LoadContext(name) => format!("the kubeconfig has no context `{name}`"),
        KubeconfigError::LoadClusterOfContext(name) => {
            format!("the kubeconfig has no cluster `{name}`, which the context names")
        }
        KubeconfigError::CurrentContextNotSet => "the kubeconfig names no current context".to_owned(),
        KubeconfigError::ReadConfig(error, path) => format!("{} cannot be read: {error}", path.display()),
        KubeconfigError::FindPath => "there is no kubeconfig".to_owned(),
        other => chain(other),
    }
}
