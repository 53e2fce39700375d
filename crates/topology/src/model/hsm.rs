//! The HSM of the Signing Service.

use super::{
    endpoint::Endpoint,
    secret::{ImageVolume, SecretReference},
};

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
        /// Its PKCS#12 file.
        key_store: SecretReference,
        /// Whether keys are protected by hardware.
        hardware: bool,
    },
    /// AWS CloudHSM.
    AwsCloudHsm {
        /// The crypto user.
        user: String,
        /// The partition.
        partition: String,
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
        /// The slot or the token's label.
        slot: String,
    },
    /// Securosys Primus X.
    Securosys {
        /// The user.
        user: String,
    },
}
