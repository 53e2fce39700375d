//! The file that `cryptoServiceConf` of `node.conf` or `firewall.conf` names: how an HSM is spoken to. Corda
//! Enterprise only.
//!
//! Precedence: 1. the product's defaults; 2. profile; 3. topology: this file. No key can be overridden. The vendor's
//! jar lies in the folder `drivers` of the base directory.

use secrecy::SecretString;

use crate::{
    address::HostPort,
    hocon::{self, Block},
    hsm::Protection,
    node_conf::HsmProvider,
    ssl::Store,
};

/// The whole file, for each make of HSM.
#[derive(Clone, Debug)]
pub enum CryptoServiceConf {
    /// Utimaco `SecurityServer` Se Gen2.
    Utimaco(Utimaco),
    /// Gemalto (Thales) Luna.
    GemaltoLuna {
        /// Slot or partition, e.g. `tokenlabel:partition`.
        key_store: String,
        /// Its password.
        password: SecretString,
    },
    /// Futurex Vectera Plus.
    Futurex {
        /// PIN.
        credentials: SecretString,
    },
    /// Azure Key Vault.
    AzureKeyVault {
        /// URL of the vault.
        key_vault_url: String,
        /// Whether keys are in hardware.
        protection: Protection,
        /// The service principal; the managed identity of the machine when absent.
        principal: Option<AzurePrincipal>,
    },
    /// Securosys Primus X.
    PrimusX {
        /// Where it is.
        address: HostPort,
        /// User.
        username: String,
        /// Password.
        password: SecretString,
    },
    /// nCipher `nShield` Connect.
    NShield {
        /// Its key store, made at registration.
        key_store: Store,
    },
    /// AWS `CloudHSM`.
    AwsCloud {
        /// A crypto user.
        username: String,
        /// Its password.
        password: SecretString,
        /// Id of the HSM.
        partition: String,
    },
}

/// How keys in Utimaco's HSM are found and made.
#[derive(Clone, Debug)]
pub struct Utimaco {
    /// Where the HSM is.
    pub address: HostPort,
    /// Milliseconds that connecting may take; 30000 when absent.
    pub connection_timeout: Option<u32>,
    /// Keeps the session; it ends after 15 minutes when absent.
    pub keep_session_alive: Option<bool>,
    /// Group of the keys.
    pub key_group: String,
    /// Specifier of the keys; any when absent.
    pub key_specifier: Option<u32>,
    /// Whether a new key replaces one of its name; no when absent.
    pub key_override: Option<bool>,
    /// Whether keys may be taken out; no when absent.
    pub key_export: Option<bool>,
    /// How keys are made.
    pub key_generation_mechanism: u32,
    /// Sum of permissions that is needed; 1 when absent.
    pub auth_threshold: Option<u32>,
    /// User.
    pub username: String,
    /// The user's password, or that of the key file.
    pub password: SecretString,
    /// Key file to log in with.
    pub key_file: Option<String>,
}

/// A service principal of Azure.
#[derive(Clone, Debug)]
pub struct AzurePrincipal {
    /// PKCS#12 store with its key.
    pub key_store: Store,
    /// Its directory.
    pub tenant_id: String,
    /// Its id.
    pub client_id: String,
}

impl CryptoServiceConf {
    /// The name that `node.conf` has for it.
    pub const fn provider(&self) -> HsmProvider {
        match self {
            Self::Utimaco(_) => HsmProvider::Utimaco,
            Self::GemaltoLuna { .. } => HsmProvider::GemaltoLuna,
            Self::Futurex { .. } => HsmProvider::Futurex,
            Self::AzureKeyVault { .. } => HsmProvider::AzureKeyVault,
            Self::PrimusX { .. } => HsmProvider::PrimusX,
            Self::NShield { .. } => HsmProvider::NShield,
            Self::AwsCloud { .. } => HsmProvider::AwsCloud,
        }
    }

    /// The file's text. It holds secrets.
    pub fn to_hocon(&self) -> String {
        hocon::write(&self.block())
    }

    fn block(&self) -> Block {
        let login = |block: Block, username: &String, password: &SecretString| {
            block.with("username", username).with("password", password)
        };
        match self {
            Self::Utimaco(utimaco) => utimaco.block(),
            Self::GemaltoLuna { key_store, password } => Block::new()
                .with("keyStore", key_store)
                .with("password", password),
            Self::Futurex { credentials } => Block::new().with("credentials", credentials),
            Self::AzureKeyVault {
                key_vault_url,
                protection,
                principal,
            } => principal
                .as_ref()
                .map_or_else(Block::new, AzurePrincipal::block)
                .with("keyVaultURL", key_vault_url)
                .with("protection", protection.as_str()),
            Self::PrimusX {
                address,
                username,
                password,
            } => login(
                Block::new()
                    .with("host", &address.host)
                    .with("port", address.port),
                username,
                password,
            ),
            Self::NShield { key_store } => Block::new()
                .with("keyStore", &key_store.location)
                .with("password", &key_store.password),
            Self::AwsCloud {
                username,
                password,
                partition,
            } => login(Block::new(), username, password).with("partition", partition),
        }
    }
}

impl Utimaco {
    fn block(&self) -> Block {
        let specifier = self
            .key_specifier
            .map_or_else(|| "*".to_owned(), |number| number.to_string());
        Block::new()
            .with("host", &self.address.host)
            .with("port", self.address.port)
            .with_some("connectionTimeout", self.connection_timeout)
            .with_some("keepSessionAlive", self.keep_session_alive)
            .with("keyGroup", &self.key_group)
            .with("keySpecifier", specifier)
            .with_some("keyOverride", self.key_override)
            .with_some("keyExport", self.key_export)
            .with("keyGenMechanism", self.key_generation_mechanism)
            .with_some("authThreshold", self.auth_threshold)
            .with("username", &self.username)
            .with("password", &self.password)
            .with_some("keyFile", self.key_file.as_ref())
    }
}

impl AzurePrincipal {
    fn block(&self) -> Block {
        Block::new()
            .with("path", &self.key_store.location)
            .with("password", &self.key_store.password)
            .with("clientId", &self.client_id)
            .with("tenantId", &self.tenant_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::{check, secret};

    fn all() -> Vec<CryptoServiceConf> {
        let azure = |principal| CryptoServiceConf::AzureKeyVault {
            key_vault_url: "https://bank.vault.azure.net".into(),
            protection: Protection::Hardware,
            principal,
        };
        vec![
            CryptoServiceConf::Utimaco(Utimaco {
                address: HostPort::new("hsm", 3001),
                connection_timeout: Some(60_000),
                keep_session_alive: Some(true),
                key_group: "corda".into(),
                key_specifier: None,
                key_override: Some(false),
                key_export: Some(false),
                key_generation_mechanism: 4,
                auth_threshold: Some(1),
                username: "node".into(),
                password: secret("utimaco"),
                key_file: Some("/etc/corda/node.key".into()),
            }),
            CryptoServiceConf::GemaltoLuna {
                key_store: "tokenlabel:node".into(),
                password: secret("luna"),
            },
            CryptoServiceConf::Futurex {
                credentials: secret("futurex"),
            },
            azure(Some(AzurePrincipal {
                key_store: Store::new("/etc/corda/principal.p12", secret("azure")),
                tenant_id: "45ca2399".into(),
                client_id: "12345".into(),
            })),
            CryptoServiceConf::PrimusX {
                address: HostPort::new("primus", 2300),
                username: "node".into(),
                password: secret("primus"),
            },
            CryptoServiceConf::NShield {
                key_store: Store::new("certificates/keystore.nshield", secret("nshield")),
            },
            CryptoServiceConf::AwsCloud {
                username: "node".into(),
                password: secret("aws"),
                partition: "hsm-w4b6nnfio7z".into(),
            },
            azure(None),
        ]
    }

    #[test]
    fn the_file_of_each_hsm() {
        let files: Vec<_> = all()
            .iter()
            .map(|conf| format!("## {}\n\n{}", conf.provider().as_str(), conf.to_hocon()))
            .collect();
        let text = files.join("\n");
        check(&all(), &text);
        insta::assert_snapshot!(text);
    }
}
