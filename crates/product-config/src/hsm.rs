//! Hardware security modules as CENM knows them: the libraries to load, and where a key is.
//!
//! The blocks are those of `signer.conf`. What can be left out is asked for on the service's shell.

use secrecy::SecretString;

use crate::{
    address::HostPort,
    hocon::{Block, Value},
    ssl::Store,
    version::CenmFeature,
};

/// A make of HSM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HsmType {
    /// Utimaco `SecurityServer` Se Gen2.
    Utimaco,
    /// Gemalto (Thales) Luna.
    Gemalto,
    /// Securosys Primus X.
    Securosys,
    /// Azure Key Vault through Microsoft's older library, ADAL.
    AzureKeyVault,
    /// Azure Key Vault through MSAL (CENM 1.6.1 and later).
    AzureMsalKeyVault,
    /// AWS `CloudHSM`.
    AmazonCloud,
}

impl HsmType {
    /// The value of `type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utimaco => "UTIMACO_HSM",
            Self::Gemalto => "GEMALTO_HSM",
            Self::Securosys => "SECUROSYS_HSM",
            Self::AzureKeyVault => "AZURE_KEY_VAULT_HSM",
            Self::AzureMsalKeyVault => "AZURE_MSAL_KEY_VAULT_HSM",
            Self::AmazonCloud => "AMAZON_CLOUD_HSM",
        }
    }

    /// `type`, which a release may not know.
    fn add_to(self, block: Block) -> Block {
        match self {
            Self::AzureMsalKeyVault => {
                block.with_feature(CenmFeature::AzureMsalKeyVault, "type", Some(self.as_str()))
            }
            _ => block.with("type", self.as_str()),
        }
    }
}

/// The vendor's library, which no image contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HsmLibrary {
    /// For which HSM.
    pub hsm: HsmType,
    /// Paths of its jars.
    pub jars: Vec<String>,
    /// Folder of its shared libraries, for Gemalto and AWS.
    pub shared_library_directory: Option<String>,
}

impl HsmLibrary {
    pub(crate) fn block(&self) -> Block {
        self.hsm
            .add_to(Block::new())
            .with_list("jars", &self.jars)
            .with_some("sharedLibDir", self.shared_library_directory.as_ref())
    }
}

/// Where a key is in an HSM, and who may use it.
#[derive(Clone, Debug)]
pub enum HsmKey {
    /// `UTIMACO_HSM`
    Utimaco(UtimacoKey),
    /// `GEMALTO_HSM`
    Gemalto {
        /// Slot or partition, e.g. `tokenlabel:partition`.
        key_store: String,
        /// The crypto officer's password; asked for when absent.
        password: Option<SecretString>,
    },
    /// `SECUROSYS_HSM`
    Securosys {
        /// Where it is.
        address: HostPort,
        /// Its users; what is missing is asked for.
        credentials: Vec<HsmLogin>,
    },
    /// `AZURE_KEY_VAULT_HSM`
    AzureKeyVault(AzureKey),
    /// `AZURE_MSAL_KEY_VAULT_HSM`
    AzureMsalKeyVault {
        /// As with the older library.
        key: AzureKey,
        /// The directory of the service principal.
        tenant_id: String,
    },
    /// `AMAZON_CLOUD_HSM`, through the daemon that must run beside the service.
    AmazonCloud {
        /// Partition of the cluster.
        partition: String,
        /// A crypto user.
        user_name: String,
        /// Its password.
        password: SecretString,
        /// Store with the whole chain of the key's certificate; the global store is not read for AWS.
        local_certificate_store: Store,
    },
}

/// A key in Utimaco's HSM.
#[derive(Clone, Debug)]
pub struct UtimacoKey {
    /// Where the HSM is.
    pub address: HostPort,
    /// Key group, its name space.
    pub group: String,
    /// Key specifier, its older name space.
    pub specifier: u32,
    /// Sum of permissions that its users must reach together; 1 when absent.
    pub auth_threshold: Option<u32>,
    /// Who logs in.
    pub users: Vec<UtimacoUser>,
}

/// Who logs in to Utimaco's HSM.
#[derive(Clone, Debug)]
pub struct UtimacoUser {
    /// Name; asked for when absent.
    pub username: Option<String>,
    /// How.
    pub mode: UtimacoMode,
}

/// How a user logs in to Utimaco's HSM.
#[derive(Clone, Debug)]
pub enum UtimacoMode {
    /// By password; asked for when absent.
    Password(Option<SecretString>),
    /// By card, in a reader; `:cs2:auto:USB0` when absent.
    CardReader(Option<String>),
    /// By a key file, and its password; asked for when absent.
    KeyFile(String, Option<SecretString>),
}

/// A user of Securosys' HSM.
#[derive(Clone, Debug, Default)]
pub struct HsmLogin {
    /// Name; asked for when absent.
    pub username: Option<String>,
    /// Password; asked for when absent.
    pub password: Option<SecretString>,
}

/// A key in a vault of Azure.
#[derive(Clone, Debug)]
pub struct AzureKey {
    /// URL of the vault.
    pub vault_url: String,
    /// Whether keys are in hardware.
    pub protection: Protection,
    /// PKCS#12 store of the service principal.
    pub key_store: Store,
    /// Alias in it.
    pub key_store_alias: String,
    /// Id of the service principal.
    pub client_id: String,
}

/// Where a vault of Azure keeps a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// In software.
    Software,
    /// In hardware: premium vaults only.
    Hardware,
}

impl Protection {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Software => "SOFTWARE",
            Self::Hardware => "HARDWARE",
        }
    }
}

impl HsmKey {
    /// Which make it is of.
    pub const fn hsm(&self) -> HsmType {
        match self {
            Self::Utimaco(_) => HsmType::Utimaco,
            Self::Gemalto { .. } => HsmType::Gemalto,
            Self::Securosys { .. } => HsmType::Securosys,
            Self::AzureKeyVault(_) => HsmType::AzureKeyVault,
            Self::AzureMsalKeyVault { .. } => HsmType::AzureMsalKeyVault,
            Self::AmazonCloud { .. } => HsmType::AmazonCloud,
        }
    }

    /// Whether a person must log in each time: such a key cannot sign on a schedule.
    pub fn needs_person(&self) -> bool {
        match self {
            Self::Utimaco(key) => key.users.iter().any(UtimacoUser::is_asked),
            Self::Gemalto { password, .. } => password.is_none(),
            Self::Securosys { credentials, .. } => {
                credentials.is_empty()
                    || credentials
                        .iter()
                        .any(|login| login.username.is_none() || login.password.is_none())
            }
            Self::AzureKeyVault(_) | Self::AzureMsalKeyVault { .. } | Self::AmazonCloud { .. } => false,
        }
    }

    /// The keys that say it, beside the alias.
    pub(crate) fn add_to(&self, block: Block) -> Block {
        let block = self.hsm().add_to(block);
        match self {
            Self::Utimaco(key) => key.add_to(block),
            Self::Gemalto { key_store, password } => block.with(
                "credentials",
                Block::new()
                    .with("keyStore", key_store)
                    .with_some("password", password.as_ref()),
            ),
            Self::Securosys { address, credentials } => block
                .with(
                    "keyStore",
                    Block::new()
                        .with("host", &address.host)
                        .with("port", address.port),
                )
                .with_list("credentials", credentials.iter().map(HsmLogin::block)),
            Self::AzureKeyVault(key) => key.add_to(block, None),
            Self::AzureMsalKeyVault { key, tenant_id } => key.add_to(block, Some(tenant_id)),
            Self::AmazonCloud {
                partition,
                user_name,
                password,
                local_certificate_store,
            } => block
                .with(
                    "credentialsAmazon",
                    Block::new()
                        .with("partition", partition)
                        .with("userName", user_name)
                        .with("password", password),
                )
                .with("localCertificateStore", local_certificate_store.file_block()),
        }
    }
}

impl UtimacoKey {
    fn add_to(&self, block: Block) -> Block {
        let users: Vec<_> = self.users.iter().map(|user| Value::Block(user.block())).collect();
        let key_store = Block::new()
            .with("host", &self.address.host)
            .with("port", self.address.port)
            .with("users", users);
        block
            .with("group", &self.group)
            .with("specifier", self.specifier)
            .with_some("authThreshold", self.auth_threshold)
            .with("keyStore", key_store)
    }
}

impl UtimacoUser {
    const fn is_asked(&self) -> bool {
        match &self.mode {
            UtimacoMode::CardReader(_) => true,
            UtimacoMode::Password(password) | UtimacoMode::KeyFile(_, password) => {
                self.username.is_none() || password.is_none()
            }
        }
    }

    fn block(&self) -> Block {
        let user = Block::new().with_some("username", self.username.as_ref());
        match &self.mode {
            UtimacoMode::Password(password) => user
                .with("mode", "PASSWORD")
                .with_some("password", password.as_ref()),
            UtimacoMode::CardReader(device) => user
                .with("mode", "CARD_READER")
                .with_some("device", device.as_ref()),
            UtimacoMode::KeyFile(path, password) => user
                .with("mode", "KEY_FILE")
                .with("keyFilePath", path)
                .with_some("password", password.as_ref()),
        }
    }
}

impl HsmLogin {
    fn block(&self) -> Block {
        Block::new()
            .with_some("username", self.username.as_ref())
            .with_some("password", self.password.as_ref())
    }
}

impl AzureKey {
    fn add_to(&self, block: Block, tenant_id: Option<&String>) -> Block {
        block
            .with(
                "keyStore",
                Block::new()
                    .with("keyVaultUrl", &self.vault_url)
                    .with("protection", self.protection.as_str()),
            )
            .with(
                "credentials",
                Block::new()
                    .with("keyStorePath", &self.key_store.location)
                    .with("keyStorePassword", &self.key_store.password)
                    .with("keyStoreAlias", &self.key_store_alias)
                    .with("clientId", &self.client_id)
                    .with_some("tenantId", tenant_id),
            )
    }
}
