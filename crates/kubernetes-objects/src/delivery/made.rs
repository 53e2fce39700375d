//! Passwords and other values of the operator's side, and the placeholders that stand for them in rendered files.

use std::collections::{BTreeMap, HashMap};

use certificates::KeyRing;
use secrecy::{ExposeSecret, SecretString};
use topology::{
    Topology,
    model::{Delivery, SecretReference},
};

use crate::{
    context::RenderError,
    given::{GivenSecrets, references},
    metadata::checksum,
    names::secrets,
};

/// A value inside of a quoted string.
const QUOTED: &str = "@{made:";
/// A value where nothing is quoted.
const BARE: &str = "@{bare-made:";

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source<'a> {
    /// A generated secret.
    Secret(&'a str),
    /// The password of a store.
    Password(&'a str),
    /// What the topology refers to on the operator's side.
    Given(&'a SecretReference),
}

impl Source<'_> {
    /// Its name, in letters that a key of a Secret may have.
    fn name(&self) -> String {
        match self {
            Self::Secret(name) => format!("secret.{name}"),
            Self::Password(file) => format!("password.{file}"),
            Self::Given(reference) => {
                let digest = checksum([format!("{reference:?}").as_bytes()]);
                format!("given.{}", &digest[..8])
            }
        }
    }
}

/// Every value that a rendered file may name, by the key under which it is delivered. The key ends with a mark of the
/// content: whatever holds a placeholder changes with what it stands for.
pub(crate) struct MadeValues {
    mark: SecretString,
    keys: HashMap<String, String>,
    values: BTreeMap<String, SecretString>,
}

impl MadeValues {
    /// All values of a network that is not delivered as Secrets; `None` for one that is.
    pub(crate) fn of(
        topology: &Topology,
        ring: &KeyRing,
        given: &GivenSecrets,
    ) -> Result<Option<Self>, RenderError> {
        if topology.delivery == Delivery::Secrets {
            return Ok(None);
        }
        let mut made = Self {
            mark: ring.secret(secrets::DELIVERY)?.clone(),
            keys: HashMap::new(),
            values: BTreeMap::new(),
        };
        for name in secrets::all(topology)
            .iter()
            .filter(|name| *name != secrets::DELIVERY)
        {
            made.add(&Source::Secret(name), ring.secret(name)?);
        }
        for file in ring.store_files() {
            made.add(&Source::Password(file), ring.store(file)?.password);
        }
        for (_, reference) in references(topology) {
            if let Some(value) = given.get(reference) {
                made.add(&Source::Given(reference), value);
            }
        }
        Ok(Some(made))
    }

    fn add(&mut self, source: &Source<'_>, value: &SecretString) {
        let name = source.name();
        let digest = checksum([self.mark(), value.expose_secret().as_bytes()]);
        let key = format!("{name}.{}", &digest[..8]);
        self.keys.insert(name, key.clone());
        self.values.insert(key, value.clone());
    }

    /// What digests are made with: whoever sees one cannot try weak passwords against it.
    pub(crate) fn mark(&self) -> &[u8] {
        self.mark.expose_secret().as_bytes()
    }

    /// What stands for a value in a file, inside of a quoted string or where nothing is quoted.
    pub(crate) fn placeholder(&self, source: &Source<'_>, is_quoted: bool) -> Option<SecretString> {
        let key = self.keys.get(&source.name())?;
        let opening = if is_quoted { QUOTED } else { BARE };
        Some(SecretString::from(format!("{opening}{key}}}")))
    }

    /// The value of a key.
    pub(crate) fn value(&self, key: &str) -> Result<&SecretString, RenderError> {
        self.values
            .get(key)
            .ok_or_else(|| RenderError::Delivery(format!("nothing was made for `{key}`")))
    }
}

/// Whether a key is of something generated: letters and digits, which need no escaping anywhere.
pub(crate) fn is_generated(key: &str) -> bool {
    !key.starts_with("given.")
}

/// A value as the inside of a quoted string of JSON or HOCON. Where everything stands in a file already, their writers
/// have done that; a placeholder has nothing that they would escape.
pub(crate) fn inside_of_quotes(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// A part of a rendered text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// As it is.
    Plain(&'a str),
    /// The key of a value, inside of a quoted string.
    Made(&'a str),
    /// The key of a value, where nothing is quoted.
    Bare(&'a str),
    /// A binding, which the engine fills in.
    Bound(&'a str),
}

impl<'a> Piece<'a> {
    /// The key of the value that it stands for.
    pub(crate) const fn key(self) -> Option<&'a str> {
        match self {
            Self::Made(key) | Self::Bare(key) => Some(key),
            Self::Plain(_) | Self::Bound(_) => None,
        }
    }
}

/// Takes a text apart.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("@{") {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        let (plain, whole) = (&rest[..start], &rest[start..=start + length]);
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        let key_after = |opening| Some(whole.strip_prefix(opening)?.trim_end_matches('}'));
        let made = key_after(QUOTED).map(Piece::Made);
        let piece = made.or_else(|| key_after(BARE).map(Piece::Bare));
        pieces.push(piece.unwrap_or(Piece::Bound(whole)));
        rest = &rest[start + length + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_apart() {
        use Piece::{Bare, Bound, Made, Plain};
        let check = |text, expected: &[Piece<'_>]| assert_eq!(pieces(text), expected, "{text}");
        check("", &[]);
        check("a @ { } b", &[Plain("a @ { } b")]);
        check(
            "a=\"@{made:secret.x.1f}\"\n@{secret:n/s/k}@{made:y}",
            &[
                Plain("a=\""),
                Made("secret.x.1f"),
                Plain("\"\n"),
                Bound("@{secret:n/s/k}"),
                Made("y"),
            ],
        );
        check("--p=@{bare-made:z}", &[Plain("--p="), Bare("z")]);
        check("a @{made:open", &[Plain("a @{made:open")]);
    }
}
