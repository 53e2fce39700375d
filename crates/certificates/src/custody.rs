//! Keeps a key ring in one encrypted file on the operator's side: the only place that ever holds the root,
//! subordinate, TLS CRL signer and SSL root keys.
//!
//! The file is in the `age` format, locked with a passphrase, so that it can also be opened without this
//! program: `age -d FILE`. It is replaced whole: a crash leaves the old one or the new one.

mod error;
mod file_lock;
mod private_file;
mod sealed;
mod stored;

use std::io;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

pub use self::error::CustodyError;
use self::file_lock::{FileLock, LockError};
pub use self::stored::StoredError;
use crate::key_ring::KeyRing;

/// A key file that no other run can write while this value lives.
#[derive(Debug)]
pub struct Custody {
    path: PathBuf,
    _lock: FileLock,
}

impl Custody {
    /// Locks the key file, which need not exist yet. Makes its folder, for the owner only, where there is none.
    pub fn lock(path: impl Into<PathBuf>) -> Result<Self, CustodyError> {
        let path = path.into();
        private_file::make_folder(&path).map_err(io_error(&path, "given a folder"))?;
        private_file::check_folder(&path)?;
        match FileLock::take(&path) {
            Ok(lock) => Ok(Self { path, _lock: lock }),
            Err(LockError::Held(holder)) => Err(CustodyError::InUse { path, holder }),
            Err(LockError::Io(source)) => Err(io_error(&path, "locked")(source)),
        }
    }

    /// Reads the ring; `None` when there is no file yet.
    pub fn open(&self, passphrase: &SecretString) -> Result<Option<KeyRing>, CustodyError> {
        match read(&self.path, passphrase) {
            Ok(ring) => Ok(Some(ring)),
            Err(CustodyError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the ring, in place of what was there.
    pub fn save(&self, ring: &KeyRing, passphrase: &SecretString) -> Result<(), CustodyError> {
        let path = self.path.as_path();
        if passphrase.expose_secret().is_empty() {
            return Err(CustodyError::EmptyPassphrase {
                path: path.to_owned(),
            });
        }
        let text = stored::write(ring).map_err(|cause| CustodyError::Content {
            path: path.to_owned(),
            cause,
        })?;
        let locked = sealed::encrypt(&text, passphrase, path)?;
        private_file::replace(path, &locked).map_err(io_error(path, "written"))
    }

    /// The key file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads a ring without keeping others from writing it: for commands that change nothing.
pub fn read(path: &Path, passphrase: &SecretString) -> Result<KeyRing, CustodyError> {
    let locked = private_file::read(path)?;
    let text = sealed::decrypt(&locked, passphrase, path)?;
    stored::read(&text).map_err(|cause| CustodyError::Content {
        path: path.to_owned(),
        cause,
    })
}

fn io_error(path: &Path, attempt: &'static str) -> impl FnOnce(io::Error) -> CustodyError {
    move |cause| CustodyError::Io {
        path: path.to_owned(),
        attempt,
        cause,
    }
}
