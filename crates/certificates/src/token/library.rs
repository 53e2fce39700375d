//! The vendors' libraries. Each is loaded and started once in a process, as PKCS#11 wants it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use super::error::TokenError;

/// Loads a library and starts it. It stays for the life of the process: others may use it.
pub(super) fn load(module: &Path) -> Result<Pkcs11, TokenError> {
    static LOADED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = loaded.get(module) {
        return Ok(library.clone());
    }
    let unusable = |cause: Error| TokenError::Library {
        module: module.to_owned(),
        cause: match cause {
            Error::LibraryLoading(error) => error.to_string(),
            Error::MissingSymbol(symbol) => format!("it has no function `{symbol}`"),
            other => other.to_string(),
        },
    };
    let library = Pkcs11::new(module).map_err(unusable)?;
    match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // By somebody else in this process, who shares it.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(cause) => {
            return Err(TokenError::NotStarted {
                module: module.to_owned(),
                cause: super::error::short(&cause),
            });
        }
    }
    loaded.insert(module.to_owned(), library.clone());
    Ok(library)
}
