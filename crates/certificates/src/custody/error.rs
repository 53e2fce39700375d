//! Why keys could not be read or kept.

use std::io;
use std::path::PathBuf;

use age::EncryptError;
use thiserror::Error;

use super::sealed::LARGEST_WORK_FACTOR;
use super::stored::StoredError;

/// Why keys could not be read or kept.
#[derive(Debug, Error)]
pub enum CustodyError {
    /// Another run works with the file.
    #[error("key file {path} is in use by {}: wait until it has ended, then run this again", process(*.holder))]
    InUse {
        /// The key file.
        path: PathBuf,
        /// Process id of the other run, when known.
        holder: Option<u32>,
    },
    /// Others than the owner may read the file.
    #[error("key file {path} can be read by others (mode {mode:04o}): run `chmod 600 {path}`")]
    LaxPermissions {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Others than the owner may put another file in its place.
    #[error("the folder of key file {path} can be changed by others (mode {mode:04o}): run `chmod go-w {}`", folder.display())]
    LaxFolder {
        /// The key file.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
        /// The folder's permission bits.
        mode: u32,
    },
    /// There is no file.
    #[error("key file {path} does not exist: name the one that the network was made with")]
    Missing {
        /// The key file.
        path: PathBuf,
    },
    /// Without a passphrase there is no protection.
    #[error("the passphrase of key file {path} is empty: give one")]
    EmptyPassphrase {
        /// The key file.
        path: PathBuf,
    },
    /// The passphrase does not open the file.
    #[error("the passphrase does not open key file {path}: give the one that it was made with")]
    WrongPassphrase {
        /// The key file.
        path: PathBuf,
    },
    /// Not written by this program.
    #[error("{path} is not a key file of a network: name another file")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Cut off or altered.
    #[error("key file {path} is cut off or altered: restore it from a copy")]
    Damaged {
        /// The key file.
        path: PathBuf,
    },
    /// Opening it would need too much memory.
    #[error(
        "key file {path} wants scrypt with 2^{required} rounds and at most 2^{LARGEST_WORK_FACTOR} are made: encrypt it again with a smaller work factor"
    )]
    WorkFactor {
        /// The key file.
        path: PathBuf,
        /// What it wants.
        required: u8,
    },
    /// Opened, and then not understood.
    #[error("key file {path} cannot be used: {cause}")]
    Content {
        /// The key file.
        path: PathBuf,
        /// The cause.
        cause: StoredError,
    },
    /// Encryption failed.
    #[error("key file {path} could not be encrypted: {cause}")]
    Encrypt {
        /// The key file.
        path: PathBuf,
        /// The cause.
        cause: Box<EncryptError>,
    },
    /// The file system refused. The cause names the path.
    #[error("key file {path} could not be {attempt}: {cause}; check the folder's permissions and free space")]
    Io {
        /// The key file.
        path: PathBuf,
        /// What was tried.
        attempt: &'static str,
        /// The cause.
        cause: io::Error,
    },
}

fn process(holder: Option<u32>) -> String {
    holder.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"))
}
