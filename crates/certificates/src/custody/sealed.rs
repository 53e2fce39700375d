//! The `age` format, locked with a passphrase.

use std::io::{Read, Write};
use std::iter;
use std::path::Path;

use age::{DecryptError, Decryptor, Encryptor, scrypt};
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{CustodyError, io_error};

/// scrypt takes 128 bytes × r (8) × N: with N = 2^15 that is 32 MiB, and the whole program is to stay small
/// enough for a build agent. The step up that `age` itself takes (2^18, 256 MiB) buys three bits; a generated
/// passphrase of four more characters buys more than twenty.
const WORK_FACTOR: u8 = 15;
/// What is accepted when reading, so that a file rewritten by the `age` program opens too.
pub(super) const LARGEST_WORK_FACTOR: u8 = 18;
/// What every `age` file begins with.
const MAGIC: &[u8] = b"age-encryption.org/";

pub(super) fn encrypt(text: &[u8], passphrase: &SecretString, path: &Path) -> Result<Vec<u8>, CustodyError> {
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

pub(super) fn decrypt(
    locked: &[u8],
    passphrase: &SecretString,
    path: &Path,
) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
    let path = || path.to_owned();
    if !locked.starts_with(MAGIC) {
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
