//! A session with a token whose user is logged in.

use std::fmt;

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};

use super::error::{TokenError, short};
use super::key::TokenKey;
use super::{PinPlace, PinSource, TokenLocation, library};

/// A session with a token whose user is logged in. It ends when this is dropped.
pub(crate) struct Opened {
    pub(super) token: String,
    pub(super) session: Session,
}

impl Opened {
    /// Loads the library, finds the token, and logs in.
    pub(super) fn open(location: &TokenLocation, pin: &PinSource) -> Result<Self, TokenError> {
        let library = library::load(&location.module)?;
        let token = || location.label.clone();
        let refused = |what: &'static str| refusal(&location.label, what);
        let (slot, info) = find(&library, location)?;
        if !info.user_pin_initialized() {
            return Err(TokenError::NoPin { token: token() });
        }
        if info.user_pin_locked() {
            return Err(TokenError::Locked { token: token() });
        }
        let session = library.open_rw_session(slot).map_err(refused("open a session"))?;
        let place = PinPlace {
            keypad: info.protected_authentication_path(),
        };
        let given = pin(place).map_err(|cause| TokenError::PinSource {
            token: token(),
            cause,
        })?;
        if given.is_some() && info.user_pin_final_try() {
            return Err(TokenError::LastTry { token: token() });
        }
        match session.login(UserType::User, given.as_ref()) {
            // Sessions of one process share it.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(Self {
                token: token(),
                session,
            }),
            Err(Error::Pkcs11(RvError::PinLocked, _)) => Err(TokenError::Locked { token: token() }),
            Err(Error::Pkcs11(RvError::PinIncorrect | RvError::PinLenRange | RvError::PinInvalid, _)) => {
                let caution = library
                    .get_token_info(slot)
                    .map_or("it was tried once", |info| caution(&info));
                Err(TokenError::WrongPin {
                    token: token(),
                    caution,
                })
            }
            Err(error) => Err(refused("log its user in")(error)),
        }
    }

    /// Names what the token refused.
    pub(super) fn refused<What: Into<String>>(
        &self,
        what: What,
    ) -> impl FnOnce(Error) -> TokenError + use<What> {
        refusal(&self.token, what)
    }

    /// The one private key of a reference.
    pub(super) fn private_key(&self, key: &TokenKey) -> Result<ObjectHandle, TokenError> {
        let found = self.find(ObjectClass::PRIVATE_KEY, &key.label, &key.id)?;
        self.only("private key", &key.label, &found)?
            .ok_or_else(|| TokenError::NoKey {
                token: self.token.clone(),
                key: key.label.clone(),
            })
    }

    /// One, or none; several are refused.
    pub(super) fn only(
        &self,
        what: &'static str,
        label: &str,
        found: &[ObjectHandle],
    ) -> Result<Option<ObjectHandle>, TokenError> {
        match found {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            several => Err(TokenError::SeveralKeys {
                token: self.token.clone(),
                what,
                key: label.to_owned(),
                count: several.len(),
            }),
        }
    }

    /// Objects of a class with this label and, unless it is empty, this id.
    pub(super) fn find(
        &self,
        class: ObjectClass,
        label: &str,
        id: &[u8],
    ) -> Result<Vec<ObjectHandle>, TokenError> {
        let mut template = vec![
            Attribute::Class(class),
            Attribute::Token(true),
            Attribute::Label(label.as_bytes().to_vec()),
        ];
        if !id.is_empty() {
            template.push(Attribute::Id(id.to_vec()));
        }
        self.session
            .find_objects(&template)
            .map_err(self.refused(format!("look for `{label}`")))
    }

    /// What the token tells of an object; what it does not know is left out.
    pub(super) fn attributes(
        &self,
        label: &str,
        object: ObjectHandle,
        wanted: &[AttributeType],
    ) -> Result<Vec<Attribute>, TokenError> {
        self.session
            .get_attributes(object, wanted)
            .map_err(self.refused(format!("describe `{label}`")))
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Opened")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// The kind of a key as people say it.
pub(super) fn kind_of(key_type: Option<KeyType>) -> String {
    match key_type {
        Some(KeyType::EC) => "an EC key of another curve".to_owned(),
        Some(KeyType::RSA) => "an RSA key".to_owned(),
        Some(other) => format!("a key of type {other}"),
        None => "of a kind that it does not tell".to_owned(),
    }
}

/// Names what a token refused.
pub(super) fn refusal<What: Into<String>>(
    token: &str,
    what: What,
) -> impl FnOnce(Error) -> TokenError + use<What> {
    let (token, what) = (token.to_owned(), what.into());
    move |error| TokenError::Refused {
        token,
        what,
        cause: short(&error),
    }
}

/// The one token of this label.
fn find(library: &Pkcs11, location: &TokenLocation) -> Result<(Slot, TokenInfo), TokenError> {
    let label = location.label.as_str();
    let refused = |what: &'static str| refusal(label, what);
    let slots = library
        .get_slots_with_initialized_token()
        .map_err(refused("be looked for"))?;
    let mut all = Vec::new();
    for slot in slots {
        let info = library.get_token_info(slot).map_err(refused("say what it is"))?;
        all.push((slot, info));
    }
    let present = all
        .iter()
        .map(|(_, info)| format!("`{}` with serial {}", info.label(), info.serial_number()))
        .collect::<Vec<_>>();
    let mut found: Vec<(Slot, TokenInfo)> = all
        .into_iter()
        .filter(|(_, info)| {
            info.label() == label
                && location
                    .serial
                    .as_ref()
                    .is_none_or(|serial| info.serial_number() == serial)
        })
        .collect();
    match found.len() {
        0 => Err(TokenError::NoToken {
            module: location.module.clone(),
            label: label.to_owned(),
            present: if present.is_empty() {
                "none is".to_owned()
            } else {
                present.join(", ")
            },
        }),
        1 => Ok(found.remove(0)),
        _ => Err(TokenError::SeveralTokens {
            module: location.module.clone(),
            label: label.to_owned(),
            serials: found
                .iter()
                .map(|(_, info)| info.serial_number().to_owned())
                .collect(),
        }),
    }
}

/// What a token says of further tries. Most count them, and none says how many are left but by these flags.
fn caution(info: &TokenInfo) -> &'static str {
    if info.user_pin_locked() {
        "the token has locked itself: its security officer unlocks it"
    } else if info.user_pin_final_try() {
        "the token says that one try is left before it locks itself: make sure of the PIN first"
    } else if info.user_pin_count_low() {
        "the token says that few tries are left before it locks itself: make sure of the PIN first"
    } else {
        "it was tried once, and tokens lock themselves after a few wrong tries: make sure of the PIN first"
    }
}
