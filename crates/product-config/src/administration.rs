//! How people and the Gateway reach a service: `adminListener` or `shell`, which exclude each other.

use secrecy::SecretString;

use crate::{auth_service_config::AuthServiceConfig, hocon::Block, listener::Listener, version::CenmFeature};

/// How a service is administered.
#[derive(Clone, Debug)]
pub enum Administration {
    /// By the Gateway, with tokens of the Auth Service.
    Gateway {
        /// Port for the Gateway.
        listener: Listener,
        /// How its tokens are checked.
        auth_service: AuthServiceConfig,
    },
    /// By the Gateway, whose tokens are not checked. For development.
    Unauthenticated(Listener),
    /// By people on a shell over SSH: the only way where an HSM asks for cards. The Zone refuses to hold such a
    /// configuration.
    Shell(Shell),
}

/// The SSH shell of a CENM service.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Bind address (CENM 1.6.1 and later); every interface when absent.
    pub host: Option<String>,
    /// Port.
    pub port: u16,
    /// User.
    pub user: String,
    /// Password.
    pub password: SecretString,
    /// Folder with commands of the operator's own.
    pub commands_directory: Option<String>,
    /// Folder of `hostkey.pem`, which is made when absent.
    pub host_key_directory: Option<String>,
    /// A shell on the terminal too; the product's default is no.
    pub local_shell: Option<bool>,
}

impl Administration {
    /// By the Gateway.
    pub const fn gateway(listener: Listener, auth_service: AuthServiceConfig) -> Self {
        Self::Gateway {
            listener,
            auth_service,
        }
    }

    pub(crate) fn add_to(&self, file: Block) -> Block {
        match self {
            Self::Gateway {
                listener,
                auth_service,
            } => file
                .with("adminListener", listener.block())
                .with("authServiceConfig", auth_service.block()),
            Self::Unauthenticated(listener) => file
                .with("adminListener", listener.block())
                .with("authServiceConfig", AuthServiceConfig::disabled()),
            Self::Shell(shell) => file.with("shell", shell.block()),
        }
    }
}

impl Shell {
    fn block(&self) -> Block {
        Block::new()
            .with_feature(CenmFeature::ShellHost, "sshdHost", self.host.as_ref())
            .with("sshdPort", self.port)
            .with("user", &self.user)
            .with("password", &self.password)
            .with_some("commandsDirectory", self.commands_directory.as_ref())
            .with_some("sshdHostKeyDirectory", self.host_key_directory.as_ref())
            .with_some("localShell", self.local_shell)
    }
}
