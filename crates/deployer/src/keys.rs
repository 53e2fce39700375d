//! The keys of a network, opened for the time of a command: locked against other runs, read with the
//! passphrase, completed when something is missing.

use std::path::{Path, PathBuf};

use certificates::custody::Custody;
use certificates::{CertificatePlan, Changes, IssueError, Issued, KeyRing, RequestedKey};
use jiff::Timestamp;
use kubernetes_objects::key_request::key_request;
use secrecy::SecretString;
use topology::Topology;

use crate::arguments::CustodyArguments;
use crate::custody_directory;
use crate::failure::Failure;
use crate::operator_token::OperatorToken;
use crate::passphrase::{self, Purpose};

/// The keys, and what it takes to write them back.
pub(crate) struct Keys {
    /// Where they are kept; none for keys that are only imagined.
    kept: Option<(Custody, SecretString)>,
    ring: KeyRing,
    unsaved: bool,
    token: Option<OperatorToken>,
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
        let changed = change(&mut self.ring);
        let told = changed.map_err(|error| self.failure(error, Failure::from_library))?;
        self.unsaved = true;
        self.save()?;
        Ok(told)
    }

    /// As [`Self::change`]; what was wrong is for the caller to tell.
    pub(crate) fn try_change<Told, Error>(
        &mut self,
        change: impl FnOnce(&mut KeyRing) -> Result<Told, Error>,
    ) -> Result<Result<Told, Error>, Failure> {
        let told = change(&mut self.ring);
        if told.is_ok() {
            self.unsaved = true;
            self.save()?;
        }
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
            kept: Some((custody, passphrase)),
            ring,
            unsaved: false,
            token: None,
        })
    }

    /// To look at only, without keeping others from the keys: where there are none yet, nothing is asked for, and
    /// nothing can be saved.
    pub(crate) fn open_or_imagine(arguments: &CustodyArguments, network: &str) -> Result<Self, Failure> {
        let path = custody_directory::find(arguments)?.join(format!("{network}.age"));
        let ring = if path.exists() {
            Self::read(arguments, network)?
        } else {
            KeyRing::new(network)
        };
        Ok(Self {
            kept: None,
            ring,
            unsaved: false,
            token: None,
        })
    }

    /// Says where the operator's keys are that the key file does not hold. Keys that are only imagined are made in memory
    /// in any case: a look leaves nothing in a token.
    pub(crate) fn use_custody_of(&mut self, topology: &Topology, file: &Path) {
        let folder = file.parent().unwrap_or_else(|| Path::new(""));
        self.token = OperatorToken::of(&topology.custody, folder);
        match &self.token {
            Some(_) if self.kept.is_none() => self.ring.imagine_token(),
            Some(token) => self.ring.connect_token(token.token.clone()),
            None => {}
        }
    }

    /// What ended a change of the ring: `refused` tells it, unless it was that there is no PIN.
    fn failure<Error>(&self, error: Error, refused: impl FnOnce(Error) -> Failure) -> Failure {
        self.token
            .as_ref()
            .and_then(OperatorToken::take_failure)
            .unwrap_or_else(|| refused(error))
    }

    /// Reads the keys of a network that must exist, without keeping others from writing them.
    pub(crate) fn read(arguments: &CustodyArguments, network: &str) -> Result<KeyRing, Failure> {
        let path = existing(arguments, network)?;
        let passphrase = passphrase::read(arguments, Purpose::Open)?;
        certificates::custody::read(&path, &passphrase).map_err(Failure::from_library)
    }

    /// Makes what the plan names and the ring lacks. Until [`Self::save`] it is lost with this process, so nobody may
    /// use it before: keys that reached a cluster and were then lost would be the end of the network.
    pub(crate) fn make_missing(&mut self, plan: &CertificatePlan) -> Result<Changes, Failure> {
        let made = self.ring.make_missing(plan, Timestamp::now());
        let changes = made.map_err(|error| self.failure(error, Failure::from_library))?;
        self.unsaved |= !changes.is_empty();
        Ok(changes)
    }

    /// Issues the certificate of a key that is kept elsewhere, and keeps it with what else was made for that. `refused` tells
    /// why not.
    pub(crate) fn issue(
        &mut self,
        alias: &str,
        key: &RequestedKey,
        plan: &CertificatePlan,
        now: Timestamp,
        refused: impl FnOnce(IssueError) -> Failure,
    ) -> Result<Issued, Failure> {
        let issued = self.ring.issue(alias, key, plan, now);
        let issued = issued.map_err(|error| self.failure(error, refused))?;
        self.unsaved = true;
        self.save()?;
        Ok(issued)
    }

    /// Whether keys were made that are not in the custody yet.
    pub(crate) const fn has_unsaved(&self) -> bool {
        self.unsaved
    }

    /// Writes new keys to the custody.
    pub(crate) fn save(&mut self) -> Result<(), Failure> {
        if let Some((custody, passphrase)) = self.kept.as_ref().filter(|_| self.unsaved) {
            custody
                .save(&self.ring, passphrase)
                .map_err(Failure::from_library)?;
            self.unsaved = false;
        }
        Ok(())
    }

    /// The keys.
    pub(crate) const fn ring(&self) -> &KeyRing {
        &self.ring
    }
}

/// What keys a topology needs, with the names and kinds of those in `ring` that others made.
pub(crate) fn planned(topology: &Topology, ring: &KeyRing) -> Result<CertificatePlan, Failure> {
    CertificatePlan::new(&key_request(topology))
        .map(|plan| plan.adopting(ring))
        .map_err(Failure::from_library)
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
