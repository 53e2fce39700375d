//! The keys of a network, opened for the time of a command: locked against other runs, read with the
//! passphrase, completed when something is missing.

use std::path::PathBuf;

use certificates::custody::Custody;
use certificates::{CertificatePlan, Changes, KeyRing};
use jiff::Timestamp;
use secrecy::SecretString;

use crate::arguments::CustodyArguments;
use crate::custody_directory;
use crate::failure::Failure;
use crate::passphrase::{self, Purpose};

/// The keys, and what it takes to write them back.
pub(crate) struct Keys {
    custody: Custody,
    passphrase: SecretString,
    ring: KeyRing,
}

impl Keys {
    /// Opens the keys of a network that must exist.
    pub(crate) fn open_existing(arguments: &CustodyArguments, network: &str) -> Result<Self, Failure> {
        existing(arguments, network)?;
        Self::open(arguments, network)
    }

    /// Changes the ring and keeps it, or leaves the file as it is.
    pub(crate) fn change<Told, Error>(
        &mut self,
        change: impl FnOnce(&mut KeyRing) -> Result<Told, Error>,
    ) -> Result<Told, Failure>
    where
        Error: std::error::Error + Send + Sync + 'static,
    {
        let told = change(&mut self.ring).map_err(Failure::from_library)?;
        self.custody
            .save(&self.ring, &self.passphrase)
            .map_err(Failure::from_library)?;
        Ok(told)
    }

    /// Opens the keys of a network, or begins an empty ring when there are none yet.
    pub(crate) fn open(arguments: &CustodyArguments, network: &str) -> Result<Self, Failure> {
        let path = custody_directory::find(arguments)?.join(format!("{network}.age"));
        let purpose = if path.exists() {
            Purpose::Open
        } else {
            Purpose::Create
        };
        let custody = Custody::lock(&path).map_err(Failure::from_library)?;
        let passphrase = passphrase::read(arguments, purpose)?;
        let ring = custody
            .open(&passphrase)
            .map_err(Failure::from_library)?
            .unwrap_or_else(|| KeyRing::new(network));
        Ok(Self {
            custody,
            passphrase,
            ring,
        })
    }

    /// Reads the keys of a network that must exist, without keeping others from writing them.
    pub(crate) fn read(arguments: &CustodyArguments, network: &str) -> Result<KeyRing, Failure> {
        let path = existing(arguments, network)?;
        let passphrase = passphrase::read(arguments, Purpose::Open)?;
        certificates::custody::read(&path, &passphrase).map_err(Failure::from_library)
    }

    /// Makes what the plan names and the ring lacks, and writes it to the custody before anyone uses it: keys
    /// that reached a cluster and were then lost would be the end of the network.
    pub(crate) fn complete(&mut self, plan: &CertificatePlan) -> Result<Changes, Failure> {
        let changes = self
            .ring
            .make_missing(plan, Timestamp::now())
            .map_err(Failure::from_library)?;
        if !changes.is_empty() {
            self.custody
                .save(&self.ring, &self.passphrase)
                .map_err(Failure::from_library)?;
        }
        Ok(changes)
    }

    /// The keys.
    pub(crate) const fn ring(&self) -> &KeyRing {
        &self.ring
    }
}

/// The key file of a network, which must exist.
fn existing(arguments: &CustodyArguments, network: &str) -> Result<PathBuf, Failure> {
    let path = custody_directory::find(arguments)?.join(format!("{network}.age"));
    if path.exists() {
        return Ok(path);
    }
    Err(Failure::WrongInput {
        message: format!(
            "there are no keys of a network `{network}`: `{}` does not exist",
            path.display()
        ),
        help:
            "give the name of a network that was deployed from here, or its folder with `--custody-directory`"
                .to_owned(),
    })
}
