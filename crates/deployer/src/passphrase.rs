//! The passphrase of the key custody.
//!
//! Precedence: 1. `--passphrase-file`; 2. `CORDANETES_PASSPHRASE_FILE`; 3. `CORDANETES_PASSPHRASE`; 4. a
//! question, when standard input is a terminal. Never an argument: every process of the machine could read it.

use std::io::{self, IsTerminal as _, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::arguments::CustodyArguments;
use crate::environment;
use crate::failure::Failure;

/// More than any passphrase, and little enough to read by mistake.
const LARGEST: u64 = 4096;

/// What the passphrase is for; a new one is asked for twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Keys will be made and locked with it.
    Create,
    /// It opens keys that exist.
    Open,
}

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
enum PassphraseError {
    #[error("the {what} file cannot be read")]
    Unreadable {
        what: &'static str,
        #[source]
        cause: io::Error,
    },
    #[error("the {what} file `{}` can be read by others (mode {mode:04o})", path.display())]
    LaxMode {
        what: &'static str,
        path: PathBuf,
        mode: u32,
    },
    #[error("the {what} file `{}` is larger than {LARGEST} bytes", path.display())]
    TooLarge { what: &'static str, path: PathBuf },
    #[error("{place} is not text")]
    NotText { place: String },
    #[error("{place} is empty")]
    Empty { place: String },
    #[error("the two passphrases differ")]
    Differ,
    #[error("the passphrase cannot be asked for")]
    NotAsked(#[source] io::Error),
    #[error("the keys need a passphrase, and standard input is no terminal to ask for one")]
    Nowhere,
}

impl PassphraseError {
    fn help(&self) -> String {
        match self {
            Self::LaxMode { path, .. } => format!("run `chmod 600 {}`", path.display()),
            Self::Differ => "run the command again".to_owned(),
            Self::Unreadable { what: "password", .. } | Self::TooLarge { what: "password", .. } => {
                "write the passwords into a file with mode 600 and give that with `--store-passwords`"
                    .to_owned()
            }
            Self::Unreadable { .. }
            | Self::TooLarge { .. }
            | Self::NotText { .. }
            | Self::Empty { .. }
            | Self::NotAsked(_)
            | Self::Nowhere => {
                "write it into a file with mode 600 and give that with `--passphrase-file`".to_owned()
            }
        }
    }
}

impl From<PassphraseError> for Failure {
    fn from(error: PassphraseError) -> Self {
        let (message, help) = (error.to_string(), error.help());
        match error {
            PassphraseError::Unreadable { what: _, cause } | PassphraseError::NotAsked(cause) => {
                Self::failed(message, cause, help)
            }
            _ => Self::WrongInput { message, help },
        }
    }
}

/// The passphrase, from wherever it is to be had.
pub(crate) fn read(arguments: &CustodyArguments, purpose: Purpose) -> Result<SecretString, Failure> {
    let passphrase = if let Some(path) = &arguments.passphrase_file {
        from_file(path)
    } else if let Some(value) = std::env::var_os(environment::PASSPHRASE) {
        let place = format!("`{}`", environment::PASSPHRASE);
        match value.into_string() {
            Ok(text) => checked(text, place),
            Err(_) => Err(PassphraseError::NotText { place }),
        }
    } else if io::stdin().is_terminal() {
        from_terminal(purpose)
    } else {
        Err(PassphraseError::Nowhere)
    };
    Ok(passphrase?)
}

/// The PIN of a token, from a terminal.
pub(crate) fn ask_for_pin(token: &str) -> Result<SecretString, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::WrongInput {
            message: format!("token `{token}` needs a PIN, and standard input is no terminal to ask for one"),
            help: "name the variable or file that has it with `custody.pkcs11.pin` in the topology"
                .to_owned(),
        });
    }
    let pin = rpassword::prompt_password(format!("PIN of token {token}: ")).map_err(|error| {
        Failure::failed(
            "the PIN cannot be asked for",
            error,
            "run the command in a terminal",
        )
    })?;
    if pin.is_empty() {
        return Err(Failure::WrongInput {
            message: format!("the PIN of token `{token}` is empty"),
            help: "run the command again".to_owned(),
        });
    }
    Ok(pin.into())
}

/// A file with secrets in it: text that nobody else can read.
pub(crate) fn private_text(what: &'static str, path: &Path) -> Result<Zeroizing<String>, Failure> {
    Ok(text_of(what, path)?)
}

fn from_file(path: &Path) -> Result<SecretString, PassphraseError> {
    let text = text_of("passphrase", path)?;
    // Editors end a file with a line break, which is no part of the passphrase.
    let passphrase = text.trim_end_matches(['\r', '\n']);
    checked(
        passphrase.to_owned(),
        format!("the passphrase file `{}`", path.display()),
    )
}

fn text_of(what: &'static str, path: &Path) -> Result<Zeroizing<String>, PassphraseError> {
    let unreadable = |cause| PassphraseError::Unreadable { what, cause };
    let file = fs_err::File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    let mode = metadata.permissions().mode() & 0o7777;
    // A pipe, as a shell's `<(…)` makes, has no mode that says who reads it.
    if metadata.is_file() && mode & 0o077 != 0 {
        return Err(PassphraseError::LaxMode {
            what,
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::new());
    match file.take(LARGEST + 1).read_to_string(&mut text) {
        Ok(_) if text.len() as u64 > LARGEST => {
            return Err(PassphraseError::TooLarge {
                what,
                path: path.to_owned(),
            });
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(PassphraseError::NotText {
                place: format!("the {what} file `{}`", path.display()),
            });
        }
        Err(error) => return Err(unreadable(error)),
    }
    Ok(text)
}

fn from_terminal(purpose: Purpose) -> Result<SecretString, PassphraseError> {
    let ask = |question: &str| {
        rpassword::prompt_password(question)
            .map(SecretString::from)
            .map_err(PassphraseError::NotAsked)
    };
    let (question, again) = match purpose {
        Purpose::Create => (
            "New passphrase for the network's keys: ",
            Some("The same again: "),
        ),
        Purpose::Open => ("Passphrase of the network's keys: ", None),
    };
    let passphrase = ask(question)?;
    if let Some(again) = again
        && ask(again)?.expose_secret() != passphrase.expose_secret()
    {
        return Err(PassphraseError::Differ);
    }
    if passphrase.expose_secret().is_empty() {
        return Err(PassphraseError::Empty {
            place: "the passphrase".to_owned(),
        });
    }
    Ok(passphrase)
}

fn checked(text: String, place: String) -> Result<SecretString, PassphraseError> {
    if text.is_empty() {
        Err(PassphraseError::Empty { place })
    } else {
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &str, mode: u32) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs_err::write(file.path(), content).expect("it can be written");
        let permissions = std::fs::Permissions::from_mode(mode);
        fs_err::set_permissions(file.path(), permissions).expect("the mode can be set");
        file
    }

    #[test]
    fn the_last_line_break_is_no_part_of_it() {
        let passphrase = from_file(file(" four words in a row\r\n", 0o600).path()).expect("it is good");
        assert_eq!(passphrase.expose_secret(), " four words in a row");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o644, 0o620] {
            let error = from_file(file("words", mode).path()).expect_err("it is lax");
            assert!(
                matches!(error, PassphraseError::LaxMode { mode: told, .. } if told == mode),
                "{mode:o}"
            );
            assert!(error.help().starts_with("run `chmod 600 "));
        }
        assert!(from_file(file("words", 0o400).path()).is_ok());
    }

    #[test]
    fn what_cannot_be_a_passphrase_is_refused() {
        let refused =
            |content: &str| from_file(file(content, 0o600).path()).expect_err("it is no passphrase");
        assert!(matches!(refused("\n"), PassphraseError::Empty { .. }));
        assert!(matches!(
            refused(&"x".repeat(5000)),
            PassphraseError::TooLarge { .. }
        ));
        assert!(matches!(
            from_file(Path::new("/does/not/exist")),
            Err(PassphraseError::Unreadable { .. })
        ));
    }
}
