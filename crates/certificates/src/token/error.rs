//! Why a token did not do its part.

use std::error::Error;
use std::path::PathBuf;

use cryptoki::error::Error as Pkcs11Error;
use thiserror::Error;

use crate::plan::KeyAlgorithm;

/// Why a token did not do its part.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The plan wants a token, and the ring was not given one.
    #[error("no token `{token}` is connected: run a command that reads the topology, which says where it is")]
    NotConnected {
        /// Its label.
        token: String,
    },
    /// The ring was given another token than the one that holds the key.
    #[error(
        "`{key}` is in token `{wanted}`, and token `{given}` is connected: name `{wanted}` in `custody.pkcs11.token`"
    )]
    OtherToken {
        /// Label of the key.
        key: String,
        /// The token that holds it.
        wanted: String,
        /// The token that is connected.
        given: String,
    },
    /// There is no such library, or it is none.
    #[error(
        "PKCS#11 library {module} cannot be used ({cause}): install the vendor's package, or name its library in \
         `custody.pkcs11.module`"
    )]
    Library {
        /// Its path.
        module: PathBuf,
        /// Why not.
        cause: String,
    },
    /// The library does not start.
    #[error("PKCS#11 library {module} does not start ({cause}): check the vendor's own configuration")]
    NotStarted {
        /// Its path.
        module: PathBuf,
        /// Why not.
        cause: String,
    },
    /// No slot holds this token.
    #[error("{module} has no token `{label}`: connect it, or name one of those that are there ({present})")]
    NoToken {
        /// The library.
        module: PathBuf,
        /// The label.
        label: String,
        /// Labels and serial numbers of the others.
        present: String,
    },
    /// Several slots hold tokens of this label.
    #[error(
        "{module} has {} tokens `{label}`: write `custody.pkcs11.serial` with one of {}",
        serials.len(),
        serials.join(", ")
    )]
    SeveralTokens {
        /// The library.
        module: PathBuf,
        /// The label.
        label: String,
        /// Their serial numbers.
        serials: Vec<String>,
    },
    /// The token has no user yet.
    #[error("token `{token}` has no user PIN yet: set one with the vendor's tools")]
    NoPin {
        /// Its label.
        token: String,
    },
    /// Nobody gave a PIN.
    #[error("there is no PIN for token `{token}`: {cause}")]
    PinSource {
        /// Its label.
        token: String,
        /// Why not.
        cause: Box<dyn Error + Send + Sync>,
    },
    /// The PIN is wrong. It was given once, and is never tried again.
    #[error("the PIN of token `{token}` is wrong; {caution}")]
    WrongPin {
        /// Its label.
        token: String,
        /// What the token says of further tries.
        caution: &'static str,
    },
    /// One more wrong PIN would lock the token.
    #[error(
        "token `{token}` locks itself at the next wrong PIN, so none is taken from a file or the environment: log in \
         once with the vendor's tools, then run this again"
    )]
    LastTry {
        /// Its label.
        token: String,
    },
    /// Too many wrong PINs.
    #[error("token `{token}` is locked after too many wrong PINs: its security officer unlocks it")]
    Locked {
        /// Its label.
        token: String,
    },
    /// The key is gone.
    #[error(
        "token `{token}` has no private key `{key}`: connect the token that it was made in, or restore it"
    )]
    NoKey {
        /// The token.
        token: String,
        /// Label of the key.
        key: String,
    },
    /// The name means several keys.
    #[error(
        "token `{token}` has {count} {what}s `{key}`: take away all but the right one, or give the others another label"
    )]
    SeveralKeys {
        /// The token.
        token: String,
        /// `private key` or `public key`.
        what: &'static str,
        /// Label of the key.
        key: String,
        /// How many.
        count: usize,
    },
    /// The key is of another kind.
    #[error(
        "private key `{key}` of token `{token}` is {found}, and {planned} is planned: take it away, or write the \
         algorithm that it has in `certificates.algorithm`"
    )]
    OtherKind {
        /// The token.
        token: String,
        /// Label of the key.
        key: String,
        /// What it is.
        found: String,
        /// What the plan wants.
        planned: KeyAlgorithm,
    },
    /// The key could leave the token.
    #[error(
        "private key `{key}` of token `{token}` {how}: only keys that can never leave their token are used"
    )]
    Exposed {
        /// The token.
        token: String,
        /// Label of the key.
        key: String,
        /// How.
        how: &'static str,
    },
    /// The public half of a key is not in the token.
    #[error(
        "token `{token}` has no public key `{key}`, or one that cannot be read: put it there, or take both away"
    )]
    NoPublicKey {
        /// The token.
        token: String,
        /// Label of the key.
        key: String,
    },
    /// The key is not the certificate's.
    #[error(
        "private key `{key}` of token `{token}` is not the one of its certificate: connect the token that it was made in"
    )]
    OtherKey {
        /// The token.
        token: String,
        /// Label of the key.
        key: String,
    },
    /// The token cannot do this at all.
    #[error(
        "token `{token}` cannot {what} ({mechanism}): write an algorithm that it knows in `certificates.algorithm`"
    )]
    Unable {
        /// The token.
        token: String,
        /// What was asked for.
        what: String,
        /// In PKCS#11's words.
        mechanism: &'static str,
    },
    /// The token said no.
    #[error("token `{token}` refused to {what} ({cause}): see the vendor's log, then run this again")]
    Refused {
        /// The token.
        token: String,
        /// What was asked for.
        what: String,
        /// Its answer.
        cause: String,
    },
}

/// The answer of a library in a few words: PKCS#11's own name of the error. Its explanations are paragraphs.
pub(super) fn short(error: &Pkcs11Error) -> String {
    match error {
        Pkcs11Error::Pkcs11(answer, function) => format!("{function}: {answer:?}"),
        other => other.to_string(),
    }
}
