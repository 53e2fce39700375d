//! The network parameters in plain text, as `zone create-subzone` and `netparams update submit` take them.
//!
//! Precedence: 1. built-in defaults; 2. profile; 3. topology: this file, once. Later changes of the file alone
//! change nothing in a running network: signed updates do. It cannot hold secrets and cannot be obfuscated.

use std::time::Duration;

use crate::{
    conf_error::{CenmFile, ConfError, ConfProblem},
    hocon::{Block, Value},
    version::{CenmFeature, CenmVersion},
};

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
    /// Greater than 0 and than the one before. Leave out with one network map: the product counts by itself.
    pub epoch: Option<u64>,
    /// Contracts that are trusted by the hash of their jar.
    pub whitelist_contracts: Option<ContractWhitelist>,
    /// Java packages that belong to somebody.
    pub package_ownership: Vec<PackageOwner>,
    /// What makes the file a proposal to a running network.
    pub parameters_update: Option<ParametersUpdate>,
    /// How old a backup may be that a ledger is recovered from (CENM 1.6).
    pub recovery_maximum_backup_interval: Option<Duration>,
    /// How often confidential identities are backed up (CENM 1.6).
    pub confidential_identity_minimum_backup_interval: Option<Duration>,
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
    /// The shared X.500 name of a highly available notary; of no other.
    X500Name(String),
}

/// Contracts that are trusted by the hash of their jar.
#[derive(Clone, Debug, Default)]
pub struct ContractWhitelist {
    /// Paths of `CorDapps` whose contracts are found by scanning.
    pub cordapp_jars: Vec<String>,
    /// Classes that are left out of what is found.
    pub exclude: Vec<String>,
    /// Classes with the hashes of the jars that hold them.
    pub contracts: Vec<WhitelistedContract>,
}

/// A contract with the jars that it is trusted in.
#[derive(Clone, Debug)]
pub struct WhitelistedContract {
    /// Class name.
    pub class_name: String,
    /// SHA-256 of the jars.
    pub attachment_ids: Vec<String>,
}

/// Who owns a Java package.
#[derive(Clone, Debug)]
pub struct PackageOwner {
    /// The package.
    pub package_name: String,
    /// Path of the owner's public key, PEM.
    pub public_key_path: String,
    /// Kind of key.
    pub algorithm: OwnerAlgorithm,
}

/// Kind of a package owner's key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnerAlgorithm {
    /// The product's default.
    #[default]
    Rsa,
    /// Elliptic curve (CENM 1.5.1 and later).
    Ec,
}

/// A proposal to a running network.
#[derive(Clone, Debug)]
pub struct ParametersUpdate {
    /// What changes, for the nodes' operators.
    pub description: String,
    /// Until when they must accept it: ISO 8601, e.g. `2026-11-30T12:00:00Z`.
    pub update_deadline: String,
}

impl NetworkParametersConf {
    /// 10 MiB, the value of R3's charts for both sizes.
    pub const USUAL_SIZE: u64 = 10_485_760;

    /// The parameters of a network, both sizes as in R3's charts.
    pub const fn new(
        minimum_platform_version: u64,
        notaries: Vec<NotaryEntry>,
        event_horizon_days: u64,
    ) -> Self {
        Self {
            minimum_platform_version,
            notaries,
            max_message_size: Self::USUAL_SIZE,
            max_transaction_size: Self::USUAL_SIZE,
            event_horizon_days,
            epoch: None,
            whitelist_contracts: None,
            package_ownership: Vec::new(),
            parameters_update: None,
            recovery_maximum_backup_interval: None,
            confidential_identity_minimum_backup_interval: None,
        }
    }

    /// The file's text for a release.
    pub fn to_hocon(&self, version: CenmVersion) -> Result<String, ConfError> {
        let recovery = CenmFeature::RecoveryParameters;
        let file = Block::new()
            .with("minimumPlatformVersion", self.minimum_platform_version)
            .with("notaries", blocks(&self.notaries, NotaryEntry::block))
            .with("maxMessageSize", self.max_message_size)
            .with("maxTransactionSize", self.max_transaction_size)
            .with("eventHorizonDays", self.event_horizon_days)
            .with_some("epoch", self.epoch)
            .with_some(
                "whitelistContracts",
                self.whitelist_contracts.as_ref().map(ContractWhitelist::block),
            )
            .with_list(
                "packageOwnership",
                self.package_ownership.iter().map(PackageOwner::block),
            )
            .with_feature(
                recovery,
                "recoveryMaximumBackupInterval",
                self.recovery_maximum_backup_interval,
            )
            .with_feature(
                recovery,
                "confidentialIdentityMinimumBackupInterval",
                self.confidential_identity_minimum_backup_interval,
            )
            .with_some(
                "parametersUpdate",
                self.parameters_update.as_ref().map(ParametersUpdate::block),
            );
        let epoch =
            (self.epoch == Some(0)).then(|| ConfProblem::contradiction("epoch", "must be greater than 0"));
        CenmFile::new("network-parameters.conf", version)
            .problems(epoch)
            .write(&file)
    }
}

fn blocks<T>(values: &[T], block: impl Fn(&T) -> Block) -> Vec<Value> {
    values.iter().map(|value| Value::Block(block(value))).collect()
}

impl NotaryEntry {
    fn block(&self) -> Block {
        let block = match &self.identity {
            NotaryIdentity::NodeInfoFile(path) => Block::new().with("notaryNodeInfoFile", path),
            NotaryIdentity::X500Name(name) => Block::new().with("notaryX500Name", name),
        };
        block.with("validating", self.validating)
    }
}

impl ContractWhitelist {
    fn block(&self) -> Block {
        let contracts = blocks(&self.contracts, |contract| {
            Block::new()
                .with("className", &contract.class_name)
                .with_list("attachmentIds", &contract.attachment_ids)
        });
        Block::new()
            .with_list("cordappsJars", &self.cordapp_jars)
            .with_list("exclude", &self.exclude)
            .with_list("contracts", contracts)
    }
}

impl PackageOwner {
    fn block(&self) -> Block {
        let block = Block::new()
            .with("packageName", &self.package_name)
            .with("publicKeyPath", &self.public_key_path);
        match self.algorithm {
            OwnerAlgorithm::Rsa => block.with("algorithm", "RSA"),
            OwnerAlgorithm::Ec => block.with_feature(CenmFeature::EcPackageOwner, "algorithm", Some("EC")),
        }
    }
}

impl ParametersUpdate {
    fn block(&self) -> Block {
        Block::new()
            .with("description", &self.description)
            .with("updateDeadline", &self.update_deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_values::each_version;

    fn notary(identity: NotaryIdentity) -> NotaryEntry {
        NotaryEntry {
            identity,
            validating: false,
        }
    }

    #[test]
    fn parameters_with_one_notary() {
        let path = "/opt/cenm/notary-nodeinfo/nodeInfo-notary".to_owned();
        let conf = NetworkParametersConf::new(12, vec![notary(NotaryIdentity::NodeInfoFile(path))], 30);
        insta::assert_snapshot!(each_version(|version| conf.to_hocon(version)));
    }

    #[test]
    fn every_parameter() {
        let name = "O=Notary Service, L=London, C=GB".to_owned();
        let mut conf = NetworkParametersConf::new(140, vec![notary(NotaryIdentity::X500Name(name))], 30);
        conf.epoch = Some(7);
        conf.whitelist_contracts = Some(ContractWhitelist {
            cordapp_jars: vec!["/opt/cenm/cordapps/finance.jar".into()],
            exclude: vec!["net.corda.finance.contracts.CommercialPaper".into()],
            contracts: vec![WhitelistedContract {
                class_name: "net.corda.finance.contracts.asset.Cash".into(),
                attachment_ids: vec!["A".repeat(64)],
            }],
        });
        conf.package_ownership = vec![PackageOwner {
            package_name: "com.bank".into(),
            public_key_path: "/opt/cenm/owners/bank.pem".into(),
            algorithm: OwnerAlgorithm::Ec,
        }];
        conf.parameters_update = Some(ParametersUpdate {
            description: "Larger \"transactions\"".into(),
            update_deadline: "2026-11-30T12:00:00Z".into(),
        });
        conf.recovery_maximum_backup_interval = Some(Duration::from_hours(24 * 30));
        conf.confidential_identity_minimum_backup_interval = Some(Duration::from_hours(12));
        insta::assert_snapshot!(each_version(|version| conf.to_hocon(version)));
        let early = conf.to_hocon(CenmVersion::V1_5).expect_err("1.5 knows less");
        insta::assert_snapshot!(early);
    }
}
