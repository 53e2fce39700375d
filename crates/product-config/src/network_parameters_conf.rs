//! The initial network parameters in plain text, as `zone create-subzone` takes them.
//!
//! Precedence: 1. this file, once; 2. signed parameter updates. Later changes of the file alone change nothing
//! in a running network. It cannot hold secrets and cannot be obfuscated.

use crate::hocon::{self, Block, Value};

/// The whole file.
#[derive(Clone, Debug)]
pub struct NetworkParametersConf {
    /// Nodes of a lower platform version refuse to start.
    pub minimum_platform_version: u64,
    /// May be empty; after the start only appended to.
    pub notaries: Vec<NotaryEntry>,
    /// Bytes; may only grow.
    pub max_message_size: u64,
    /// Bytes; may only grow.
    pub max_transaction_size: u64,
    /// Nodes not heard of for so long leave the map. Nodes publish once a day, so a low value drops the late.
    pub event_horizon_days: u64,
    /// Leave out with one network map: the product counts by itself.
    pub epoch: Option<u64>,
}

/// A notary of the network.
#[derive(Clone, Debug)]
pub struct NotaryEntry {
    /// Which notary.
    pub identity: NotaryIdentity,
    /// Must agree with the notary's own configuration; cannot change after its first start.
    pub validating: bool,
}

/// How the parameters name a notary.
#[derive(Clone, Debug)]
pub enum NotaryIdentity {
    /// The `NodeInfo` that its registration wrote: a path that must hold both where the command line and where
    /// the Network Map runs.
    NodeInfoFile(String),
    /// The shared X.500 name of a highly available notary.
    X500Name(String),
}

impl NetworkParametersConf {
    /// 10 MiB, the value of R3's charts for both sizes.
    pub const USUAL_SIZE: u64 = 10_485_760;

    /// The file's text.
    pub fn to_hocon(&self) -> String {
        let notaries = self.notaries.iter().map(|notary| {
            let block = match &notary.identity {
                NotaryIdentity::NodeInfoFile(path) => Block::new().with("notaryNodeInfoFile", path),
                NotaryIdentity::X500Name(name) => Block::new().with("notaryX500Name", name),
            };
            Value::Block(block.with("validating", notary.validating))
        });
        let file = Block::new()
            .with("minimumPlatformVersion", self.minimum_platform_version)
            .with("notaries", notaries.collect::<Vec<_>>())
            .with("maxMessageSize", self.max_message_size)
            .with("maxTransactionSize", self.max_transaction_size)
            .with("eventHorizonDays", self.event_horizon_days)
            .with_some("epoch", self.epoch);
        hocon::write(&file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_with_one_notary() {
        let conf = NetworkParametersConf {
            minimum_platform_version: 12,
            notaries: vec![NotaryEntry {
                identity: NotaryIdentity::NodeInfoFile("/opt/cenm/notary-nodeinfo/nodeInfo-notary".into()),
                validating: false,
            }],
            max_message_size: NetworkParametersConf::USUAL_SIZE,
            max_transaction_size: NetworkParametersConf::USUAL_SIZE,
            event_horizon_days: 30,
            epoch: None,
        };
        insta::assert_snapshot!(conf.to_hocon(), @r#"
        minimumPlatformVersion = 12
        notaries = [
          {
            notaryNodeInfoFile = "/opt/cenm/notary-nodeinfo/nodeInfo-notary"
            validating = false
          }
        ]
        maxMessageSize = 10485760
        maxTransactionSize = 10485760
        eventHorizonDays = 30
        "#);
    }
}
