//! `enmListener` and `adminListener`.

use crate::hocon::Block;
use crate::ssl::Ssl;
use crate::version::CenmFeature;

/// A port on which a CENM service answers other services or the Gateway.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Bind address (CENM 1.6.1 and later); every interface when absent.
    pub host: Option<String>,
    /// Port.
    pub port: u16,
    /// Whether clients are expected to reconnect.
    pub reconnect: bool,
    /// Logs what goes over the socket; the product's default is no.
    pub verbose: Option<bool>,
    /// TLS; must be absent in the Zone's `enmListener`, which shares the `adminListener`'s.
    pub ssl: Option<Ssl>,
}

impl Listener {
    /// A listener with TLS on every interface.
    pub const fn with_ssl(port: u16, ssl: Ssl) -> Self {
        Self {
            host: None,
            port,
            reconnect: true,
            verbose: None,
            ssl: Some(ssl),
        }
    }

    /// A listener without a TLS block of its own.
    pub const fn without_ssl(port: u16) -> Self {
        Self {
            host: None,
            port,
            reconnect: true,
            verbose: None,
            ssl: None,
        }
    }

    pub(crate) fn block(&self) -> Block {
        Block::new()
            .with_feature(CenmFeature::ListenerHost, "host", self.host.as_ref())
            .with("port", self.port)
            .with_some("verbose", self.verbose)
            .with("reconnect", self.reconnect)
            .with_some("ssl", self.ssl.as_ref().map(Ssl::block))
    }
}
