//! The token with the operator's keys, as a topology names it, and where its PIN comes from.
//!
//! Precedence: 1. `custody.pkcs11.pin`; 2. the token's own keypad; 3. a question, when standard input is a terminal.
//! Never an argument, and nobody is asked before the first key is needed.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use certificates::{PinPlace, PinSource, Token, TokenLocation};
use kubernetes_objects::given::describe;
use secrecy::SecretString;
use topology::model::{Custody, Pkcs11};

use crate::failure::Failure;
use crate::{given_secrets, passphrase};

/// A token, and why there was no PIN for it: the library's errors have no room for a whole failure.
#[derive(Clone, Debug)]
pub(crate) struct OperatorToken {
    pub(crate) token: Token,
    failure: Arc<Mutex<Option<Failure>>>,
}

impl OperatorToken {
    /// The token of a topology in this folder, if it names one. It is not opened yet.
    pub(crate) fn of(custody: &Custody, folder: &Path) -> Option<Self> {
        let Custody::Pkcs11(declared) = custody else {
            return None;
        };
        let failure = Arc::new(Mutex::new(None));
        let pin: PinSource = {
            let (declared, folder, failure) = (declared.clone(), folder.to_owned(), failure.clone());
            Box::new(move |place| {
                pin(&declared, &folder, place).map_err(|error| {
                    let told = error.to_string();
                    *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    told.into()
                })
            })
        };
        let location = TokenLocation {
            module: declared.module.clone().into(),
            label: declared.token.clone(),
            serial: declared.serial.clone(),
        };
        Some(Self {
            token: Token::new(location, pin),
            failure,
        })
    }

    /// Why there was no PIN, when that was why something failed.
    pub(crate) fn take_failure(&self) -> Option<Failure> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn pin(declared: &Pkcs11, folder: &Path, place: PinPlace) -> Result<Option<SecretString>, Failure> {
    let Some(reference) = &declared.pin else {
        if place.keypad {
            return Ok(None);
        }
        return passphrase::ask_for_pin(&declared.token).map(Some);
    };
    given_secrets::value(reference, folder).map_err(|problem| Failure::WrongInput {
        message: format!(
            "the PIN of token `{}` is {}, {problem}",
            declared.token,
            describe(reference)
        ),
        help: "set what `custody.pkcs11.pin` names; a file with mode 600".to_owned(),
    })
}
