//! Keeps a key ring in one encrypted file on the operator's side: the only place that ever holds the root,
//! subordinate, TLS CRL signer and SSL root keys.
//!
//! The file is in the `age` format, locked with a passphrase, so that it can also be opened without this
//! program: `age -d FILE`. It is replaced whole: a crash leaves the old one or the new one.

use std::fs::{DirBuilder, Permissions};
use std::io::{self, Read, Write};
use std::iter;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, EncryptError, Encryptor, scrypt};
use fs_err::os::unix::fs::OpenOptionsExt;
use fs_err::{File, OpenOptions};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::file_lock::{FileLock, LockError};
use crate::key_ring::KeyRing;
use crate::stored::{self, StoredError};

/// scrypt takes 128 bytes × r (8) × N: with N = 2^15 that is 32 MiB, and the whole program is to stay small
/// enough for a build agent. The step up that `age` itself takes (2^18, 256 MiB) buys three bits; a generated
/// passphrase of four more characters buys more than twenty.
const WORK_FACTOR: u8 = 15;
/// What is accepted when reading, so that a file rewritten by the `age` program opens too.
const LARGEST_WORK_FACTOR: u8 = 18;
/// A ring of a thousand services is below 8 MiB: more is not ours, and is not read into memory.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// What every `age` file begins with.
const AGE_MAGIC: &[u8] = b"age-encryption.org/";

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
        make_private_folder(&path).map_err(io_error(&path, "given a folder"))?;
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
        let locked = encrypt(&text, passphrase, path)?;
        replace(path, &locked).map_err(io_error(path, "written"))
    }

    /// The key file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads a ring without keeping others from writing it: for commands that change nothing.
pub fn read(path: &Path, passphrase: &SecretString) -> Result<KeyRing, CustodyError> {
    let locked = read_private_file(path)?;
    let text = decrypt(&locked, passphrase, path)?;
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

fn read_private_file(path: &Path) -> Result<Vec<u8>, CustodyError> {
    let failed = || io_error(path, "read");
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(CustodyError::Missing {
                path: path.to_owned(),
            });
        }
        opened => opened.map_err(failed())?,
    };
    let metadata = file.metadata().map_err(failed())?;
    let mode = metadata.mode() & 0o7777;
    if !metadata.is_file() || metadata.len() > LARGEST_FILE {
        return Err(CustodyError::Foreign {
            path: path.to_owned(),
        });
    }
    if mode & 0o077 != 0 {
        return Err(CustodyError::LaxPermissions {
            path: path.to_owned(),
            mode,
        });
    }
    let mut content = Vec::new();
    file.take(LARGEST_FILE)
        .read_to_end(&mut content)
        .map_err(failed())?;
    Ok(content)
}

fn encrypt(text: &[u8], passphrase: &SecretString, path: &Path) -> Result<Vec<u8>, CustodyError> {
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(WORK_FACTOR);
    let encryptor =
        Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient)).map_err(|cause| {
            CustodyError::Encrypt {
                path: path.to_owned(),
                cause: Box::new(cause),
            }
        })?;
    let mut locked = Vec::new();
    let seal = || {
        let mut writer = encryptor.wrap_output(&mut locked)?;
        writer.write_all(text)?;
        writer.finish().map(drop)
    };
    seal().map_err(io_error(path, "encrypted"))?;
    Ok(locked)
}

fn decrypt(
    locked: &[u8],
    passphrase: &SecretString,
    path: &Path,
) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
    let path = || path.to_owned();
    if !locked.starts_with(AGE_MAGIC) {
        return Err(CustodyError::Foreign { path: path() });
    }
    let decryptor = Decryptor::new_buffered(locked).map_err(|_| CustodyError::Damaged { path: path() })?;
    if !decryptor.is_scrypt() {
        return Err(CustodyError::Foreign { path: path() });
    }
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(LARGEST_WORK_FACTOR);
    let mut reader = decryptor
        .decrypt(iter::once(&identity as &dyn age::Identity))
        .map_err(|error| match error {
            DecryptError::DecryptionFailed
            | DecryptError::KeyDecryptionFailed
            | DecryptError::NoMatchingKeys => CustodyError::WrongPassphrase { path: path() },
            DecryptError::ExcessiveWork { required, target: _ } => CustodyError::WorkFactor {
                path: path(),
                required,
            },
            _ => CustodyError::Damaged { path: path() },
        })?;
    // The text is shorter than what locks it: the buffer never grows and leaves no copies.
    let mut text = Zeroizing::new(Vec::with_capacity(locked.len()));
    reader
        .read_to_end(&mut text)
        .map_err(|_| CustodyError::Damaged { path: path() })?;
    Ok(text)
}

fn make_private_folder(path: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes beside the file, then renames: who looks sees the old file or the new one. The lock makes the name
/// of the new file ours alone.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    match fs_err::remove_file(&beside) {
        // Left behind by a run that was killed.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let written = write_new(&beside, content).and_then(|()| fs_err::rename(&beside, path));
    if let Err(error) = written {
        // The first error is the one to tell.
        let _ = fs_err::remove_file(&beside);
        return Err(error);
    }
    File::open(folder_of(path))?.sync_all()
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options.mode(0o600);
    let mut file = options.open(path)?;
    // The process's umask may have taken bits away from the owner.
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(content)?;
    file.sync_all()
}
