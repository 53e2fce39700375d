//! Passwords of stores that others have made.
//!
//! Precedence: 1. `--store-passwords`; 2. `CORDANETES_STORE_PASSWORDS_FILE`; 3. `CORDANETES_STORE_PASSWORDS`; 4. a question
//! for each store, when standard input is a terminal. Never an argument.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _};

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::arguments::StoreArguments;
use crate::environment;
use crate::failure::Failure;
use crate::passphrase;

/// Stands for every store that has no line of its own.
const OTHERS: &str = "*";

/// What opens a store and the keys in it.
#[derive(Clone)]
pub(crate) struct Passwords {
    pub(crate) store: SecretString,
    pub(crate) key: SecretString,
}

/// Where passwords come from.
pub(crate) enum StorePasswords {
    /// A file, by store; and the stores that were asked for.
    File(BTreeMap<String, Passwords>, BTreeSet<String>),
    /// A person, with the answer before.
    Terminal(Option<SecretString>),
}

impl StorePasswords {
    /// The file, if there is one, else the terminal.
    pub(crate) fn of(arguments: &StoreArguments) -> Result<Self, Failure> {
        if let Some(path) = &arguments.store_passwords {
            let text = passphrase::private_text("password", path)?;
            return Ok(Self::File(
                parsed(&text, &path.display().to_string())?,
                BTreeSet::new(),
            ));
        }
        if let Ok(text) = std::env::var(environment::STORE_PASSWORDS).map(Zeroizing::new) {
            return Ok(Self::File(
                parsed(&text, environment::STORE_PASSWORDS)?,
                BTreeSet::new(),
            ));
        }
        if io::stdin().is_terminal() {
            return Ok(Self::Terminal(None));
        }
        Err(Failure::WrongInput {
            message: "the stores need passwords, and standard input is no terminal to ask for them".to_owned(),
            help: "write a line `STORE PASSWORD` for each store, or one that begins with `*`, into a file with mode 600 \
                   and give that with `--store-passwords`"
                .to_owned(),
        })
    }

    /// The passwords of a store, which is named by its path or by its last part.
    pub(crate) fn of_store(&mut self, name: &str) -> Result<Passwords, Failure> {
        match self {
            Self::File(lines, used) => {
                let last = name.rsplit('/').next().unwrap_or(name);
                let found = [name, last, OTHERS]
                    .into_iter()
                    .find(|name| lines.contains_key(*name));
                let Some(found) = found else {
                    return Err(Failure::WrongInput {
                        message: format!("there is no password for `{name}`"),
                        help: format!(
                            "add a line `{last} PASSWORD`, or one that begins with `*` for all others"
                        ),
                    });
                };
                used.insert(found.to_owned());
                Ok(lines[found].clone())
            }
            Self::Terminal(before) => {
                let again = if before.is_some() {
                    " (empty: as before)"
                } else {
                    ""
                };
                let answer = rpassword::prompt_password(format!("Password of {name}{again}: "))
                    .map(SecretString::from)
                    .map_err(|error| {
                        Failure::failed(
                            "the password cannot be asked for",
                            error,
                            "give a file with `--store-passwords`",
                        )
                    })?;
                let password = match before {
                    Some(before) if answer.expose_secret().is_empty() => before.clone(),
                    _ => answer,
                };
                *before = Some(password.clone());
                Ok(Passwords {
                    store: password.clone(),
                    key: password,
                })
            }
        }
    }

    /// A line for a store that is not there is most likely a wrong name.
    pub(crate) fn all_used(&self) -> Result<(), Failure> {
        let Self::File(lines, used) = self else {
            return Ok(());
        };
        match lines.keys().find(|name| *name != OTHERS && !used.contains(*name)) {
            None => Ok(()),
            Some(name) => Err(Failure::WrongInput {
                message: format!(
                    "there is a line with a password for `{name}`, which is no store of the folder"
                ),
                help: "write the store's file name, or take the line out".to_owned(),
            }),
        }
    }
}

fn parsed(text: &str, place: &str) -> Result<BTreeMap<String, Passwords>, Failure> {
    let mut lines = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let Some(name) = words.next().filter(|name| !name.starts_with('#')) else {
            continue;
        };
        // Never quotes the line: it holds a password.
        let wrong = |problem: &str| Failure::WrongInput {
            message: format!("`{place}`, line {}: {problem}", index + 1),
            help: "write `STORE PASSWORD`, or `STORE PASSWORD KEY-PASSWORD`".to_owned(),
        };
        let Some(store) = words.next().map(SecretString::from) else {
            return Err(wrong("there is no password"));
        };
        let key = words.next().map_or_else(|| store.clone(), SecretString::from);
        if words.next().is_some() {
            return Err(wrong("there are more than three words"));
        }
        if lines.insert(name.to_owned(), Passwords { store, key }).is_some() {
            return Err(wrong("the store has a line already"));
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(text: &str, store: &str) -> String {
        let lines = parsed(text, "p").expect("it is right");
        let mut passwords = StorePasswords::File(lines, BTreeSet::new());
        let found = passwords.of_store(store).expect("there is one");
        format!("{} {}", found.store.expose_secret(), found.key.expose_secret())
    }

    #[test]
    fn the_nearest_name_wins() {
        let text = "# of 2019\n* all\nroot.jks one two\n\nkey-stores/im.jks three\n";
        assert_eq!(opens(text, "key-stores/root.jks"), "one two");
        assert_eq!(opens(text, "key-stores/im.jks"), "three three");
        assert_eq!(opens(text, "trust-stores/any.jks"), "all all");
    }

    #[test]
    fn wrong_lines_are_told_without_their_passwords() {
        for (text, problem) in [
            ("a.jks", "`p`, line 1: there is no password"),
            (
                "a.jks secret\na.jks secret",
                "`p`, line 2: the store has a line already",
            ),
            (
                "a.jks secret secret more",
                "`p`, line 1: there are more than three words",
            ),
        ] {
            let refused = parsed(text, "p").map(|_| ()).expect_err("it is wrong");
            assert!(
                matches!(&refused, Failure::WrongInput { message, .. } if message == problem),
                "{refused:?}"
            );
        }
        let lines = parsed("a.jks x", "p").expect("it is right");
        let unused = StorePasswords::File(lines, BTreeSet::new()).all_used();
        assert!(unused.is_err());
    }
}
