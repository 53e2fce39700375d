//! The HSM of the Signing Service.

use super::{
    endpoint::Endpoint,
    secret::{ImageVolume, SecretReference},
};
use crate::scalar::Image;

/// An HSM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hsm {
    /// Where it answers: what a policy lets the Signing Service call. A name outside of the cluster has single addresses,
    /// since the Signing Service asks no DNS.
    pub endpoint: Endpoint,
    /// Its password.
    pub password: SecretReference,
    /// The image with the vendor's libraries.
    pub library: ImageVolume,
    /// The product with what it alone needs.
    pub kind: HsmKind,
}

/// The daemon through which AWS CloudHSM is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudHsmDaemon {
    /// Its image.
    pub image: Image,
    /// The folder of its socket.
    pub socket_directory: String,
}

impl Hsm {
    /// Everything that the Signing Service's Pod calls for it: where keys are used, and where a service principal logs in;
    /// the daemon of CloudHSM also calls the ports of its protocol (reference §3.7).
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let mut endpoints = vec![self.endpoint.clone()];
        match &self.kind {
            HsmKind::AzureKeyVault { login, .. } => endpoints.push(login.clone()),
            HsmKind::AwsCloudHsm { .. } => {
                for port in CLOUD_HSM_PORTS {
                    let mut endpoint = self.endpoint.clone();
                    endpoint.address.port = port;
                    if !endpoints.contains(&endpoint) {
                        endpoints.push(endpoint);
                    }
                }
            }
            HsmKind::Utimaco { .. } | HsmKind::Gemalto { .. } | HsmKind::Securosys { .. } => {}
        }
        endpoints
    }
}

const CLOUD_HSM_PORTS: [u16; 3] = [2223, 2224, 2225];

/// An HSM's product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HsmKind {
    /// Azure Key Vault.
    AzureKeyVault {
        /// The vault's URL.
        vault: String,
        /// The service principal's client id.
        client_id: String,
        /// The service principal's directory.
        tenant_id: String,
        /// The alias in its PKCS#12 file.
        alias: String,
        /// Its PKCS#12 file: in the cluster.
        key_store: SecretReference,
        /// Where it logs in.
        login: Endpoint,
        /// Whether keys are protected by hardware.
        hardware: bool,
    },
    /// AWS CloudHSM.
    AwsCloudHsm {
        /// The crypto user.
        user: String,
        /// The partition.
        partition: String,
        /// What calls the cluster.
        daemon: CloudHsmDaemon,
    },
    /// Utimaco Se Gen2.
    Utimaco {
        /// The user.
        user: String,
        /// The key group.
        key_group: String,
        /// The key specifier.
        key_specifier: u32,
    },
    /// Gemalto Luna.
    Gemalto {
        /// Token and partition.
        slot: String,
        /// A Secret with the client's settings.
        client: Option<String>,
    },
    /// Securosys Primus X.
    Securosys {
        /// The user.
        user: String,
    },
}
