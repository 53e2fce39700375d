//! What an operator adds to `node.conf`: checked against the table of documented keys, merged last.
//!
//! Precedence: 1. built-in defaults; 2. profile; 3. topology, all of which are in the typed fields of
//! [`NodeConf`](super::NodeConf); 4. these overrides.

use std::net::{Ipv4Addr, Ipv6Addr};

use indexmap::IndexMap;

use super::key::{Kind, NodeKey, Owner, documented_keys, find, nearest};
use super::override_problem::{OverrideProblem, OverrideProblemKind, PathPart};
use crate::{
    hocon::{Block, Value},
    version::CordaRelease,
};

/// A value that an operator gives a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list.
    List(Vec<Self>),
    /// Keys with values.
    Mapping(Overrides),
}

/// Keys of the operator's own, in the order in which they were written.
pub type Overrides = IndexMap<String, Setting>;

/// Everything that is wrong with keys that are to be added to the `node.conf` of a node of `release`; empty
/// when they can be merged.
pub fn check_overrides(overrides: &Overrides, release: CordaRelease) -> Vec<OverrideProblem> {
    let mut check = Check {
        release,
        path: Vec::new(),
        problems: Vec::new(),
    };
    check.mapping(overrides, documented_keys());
    check.problems
}

/// Puts overrides over what is there: blocks are merged key by key, anything else is replaced.
pub(super) fn merge(block: &mut Block, overrides: &Overrides) {
    for (key, setting) in overrides {
        let value = block.entry(key, || Value::Block(Block::new()));
        match (value, setting) {
            (Value::Block(below), Setting::Mapping(overrides)) => merge(below, overrides),
            (value, setting) => *value = setting.into(),
        }
    }
}

impl From<&Setting> for Value {
    fn from(setting: &Setting) -> Self {
        match setting {
            Setting::Text(text) => Self::Text(text.clone()),
            Setting::Integer(number) => Self::Number(*number),
            Setting::Decimal(number) => Self::Decimal(*number),
            Setting::Boolean(boolean) => Self::Boolean(*boolean),
            Setting::List(settings) => Self::List(settings.iter().map(Self::from).collect()),
            Setting::Mapping(settings) => Self::Block(settings.iter().collect()),
        }
    }
}

struct Check {
    release: CordaRelease,
    path: Vec<PathPart>,
    problems: Vec<OverrideProblem>,
}

impl Check {
    fn mapping(&mut self, overrides: &Overrides, keys: &'static [NodeKey]) {
        for (name, setting) in overrides {
            self.path.push(PathPart::Key(name.clone()));
            match find(keys, name) {
                None => self.unknown(name, keys),
                Some(key) => self.key(key, setting),
            }
            self.path.pop();
        }
    }

    fn unknown(&mut self, name: &str, keys: &'static [NodeKey]) {
        let nearest = nearest(keys, name, |key| key.is_known_to(self.release));
        self.problem(OverrideProblemKind::Unknown {
            release: self.release,
            nearest,
        });
    }

    fn key(&mut self, key: &'static NodeKey, setting: &Setting) {
        if !key.is_known_to(self.release) {
            self.problem(OverrideProblemKind::NotInRelease {
                release: self.release,
                availability: key.availability.describe(self.release.edition),
            });
            return;
        }
        match key.owner {
            Owner::Operator => self.value(&key.kind, setting),
            Owner::Cordanetes(reason) => self.problem(OverrideProblemKind::Owned { reason }),
            Owner::Secret => self.problem(OverrideProblemKind::Secret),
        }
    }

    fn value(&mut self, kind: &'static Kind, setting: &Setting) {
        match (kind, setting) {
            (Kind::Block(keys), Setting::Mapping(settings)) => {
                let missing = keys
                    .iter()
                    .filter(|key| key.required && !settings.contains_key(key.name));
                for key in missing {
                    self.problem(OverrideProblemKind::Missing { key: key.name });
                }
                self.mapping(settings, keys);
            }
            (Kind::List(element), Setting::List(settings)) => {
                for (index, setting) in settings.iter().enumerate() {
                    self.path.push(PathPart::Index(index));
                    self.value(element, setting);
                    self.path.pop();
                }
            }
            (Kind::Map, Setting::Mapping(settings)) => self.free(settings),
            _ if kind.takes(setting) => {}
            _ => self.problem(OverrideProblemKind::WrongType {
                expected: kind.describe(),
                found: setting.describe(),
            }),
        }
    }

    /// A block whose keys are its reader's own: only what cannot be written at all is wrong.
    fn free(&mut self, settings: &Overrides) {
        for (name, setting) in settings {
            self.path.push(PathPart::Key(name.clone()));
            match setting {
                Setting::Mapping(below) => self.free(below),
                Setting::Decimal(number) if !number.is_finite() => {
                    self.problem(OverrideProblemKind::WrongType {
                        expected: "a number".to_owned(),
                        found: setting.describe(),
                    });
                }
                _ => {}
            }
            self.path.pop();
        }
    }

    fn problem(&mut self, kind: OverrideProblemKind) {
        self.problems.push(OverrideProblem {
            path: self.path.clone(),
            kind,
        });
    }
}

impl Kind {
    /// Whether a setting that is no block or list of blocks has the right shape.
    fn takes(&self, setting: &Setting) -> bool {
        match (self, setting) {
            (Self::Text, Setting::Text(_))
            | (Self::Boolean, Setting::Boolean(_))
            | (Self::Decimal, Setting::Integer(_)) => true,
            (Self::Integer, Setting::Integer(number)) => i32::try_from(*number).is_ok(),
            (Self::Decimal, Setting::Decimal(number)) => number.is_finite(),
            (Self::Port, Setting::Integer(port)) => (1..=65_535).contains(port),
            (Self::Duration, Setting::Integer(milliseconds)) => *milliseconds >= 0,
            (Self::Duration, Setting::Text(text)) => is_duration(text),
            (Self::Address, Setting::Text(text)) => is_address(text),
            (Self::Uuid, Setting::Text(text)) => is_uuid(text),
            (Self::Url, Setting::Text(text)) => text
                .strip_prefix("http://")
                .or_else(|| text.strip_prefix("https://"))
                .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)),
            (Self::OneOf(words), Setting::Text(text)) => words.contains(&text.as_str()),
            _ => false,
        }
    }

    /// What it takes, to be read after "takes".
    pub fn describe(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Uuid => "a UUID".to_owned(),
            Self::Address => "an address of the form host:port".to_owned(),
            Self::Url => "a URL that begins with http:// or https://".to_owned(),
            Self::Port => "a port from 1 to 65535".to_owned(),
            Self::Integer => "a whole number of 32 bits".to_owned(),
            Self::Decimal => "a number".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Duration => "a duration such as 30s, or milliseconds".to_owned(),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
            Self::List(_) => "a list".to_owned(),
            Self::Block(_) | Self::Map => "keys with values".to_owned(),
        }
    }
}

impl Setting {
    /// What it is, with its value where that is short.
    fn describe(&self) -> String {
        match self {
            Self::Text(text) if text.chars().count() <= 40 => format!("the text `{}`", text.escape_debug()),
            Self::Text(_) => "a long text".to_owned(),
            Self::Integer(number) => format!("the number {number}"),
            Self::Decimal(number) => format!("the number {number}"),
            Self::Boolean(boolean) => boolean.to_string(),
            Self::List(_) => "a list".to_owned(),
            Self::Mapping(_) => "keys with values".to_owned(),
        }
    }
}

/// The units of HOCON's durations.
fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 16] = [
        "ms",
        "milli",
        "millis",
        "millisecond",
        "milliseconds",
        "s",
        "second",
        "seconds",
        "m",
        "minute",
        "minutes",
        "h",
        "hour",
        "hours",
        "d",
        "day",
    ];
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let unit = text[digits..].trim();
    (1..=18).contains(&digits) && (UNITS.contains(&unit) || unit == "days")
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let is_hexadecimal = |part: &str| part.chars().all(|digit| digit.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hexadecimal(part))
}

/// As Corda reads it: a host of Java's `URI`, whose last label begins with a letter.
fn is_address(text: &str) -> bool {
    text.rsplit_once(':')
        .is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let is_inside = |character: char| character.is_ascii_alphanumeric() || character == '-';
        !label.is_empty() && label.chars().all(is_inside) && !label.starts_with('-') && !label.ends_with('-')
    };
    if let Some(inside) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return inside.parse::<Ipv6Addr>().is_ok();
    }
    let begins_with_letter = |label: &str| label.starts_with(|first: char| first.is_ascii_alphabetic());
    host.parse::<Ipv4Addr>().is_ok()
        || (host.split('.').all(is_label) && host.rsplit('.').next().is_some_and(begins_with_letter))
}

#[cfg(test)]
mod tests;
