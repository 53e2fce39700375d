//! The documented keys of `node.conf`: what each takes, which nodes know it, and whose it is.
//!
//! One table serves two purposes: what an operator adds is checked against it, and what is written from typed
//! fields is, so that neither can put a key into a file that the node would refuse.

mod enterprise;
mod table;

use crate::version::{Availability, CordaRelease};

pub(crate) use table::{KEYS, POOL};

/// A key of `node.conf`.
#[derive(Clone, Copy, Debug)]
pub struct NodeKey {
    /// Its name, without the blocks around it.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whose it is.
    pub owner: Owner,
    /// Whether the block that it is in needs it.
    pub required: bool,
    pub(crate) availability: Availability,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// `host:port`.
    Address,
    /// `http://…` or `https://…`.
    Url,
    /// 1 to 65535.
    Port,
    /// A whole number of 32 bits.
    Integer,
    /// A number.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A number with a unit, `30s`, or a whole number of milliseconds.
    Duration,
    /// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, hexadecimal.
    Uuid,
    /// One of some words.
    OneOf(&'static [&'static str]),
    /// A list of such.
    List(&'static Self),
    /// A block with these keys.
    Block(&'static [NodeKey]),
    /// A block with keys of the reader's own choice.
    Map,
}

/// Who decides a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The operator may.
    Operator,
    /// Cordanetes does, and why or where to say it instead.
    Cordanetes(&'static str),
    /// Nobody by an override: its value is a secret, which a file in git must not hold.
    Secret,
}

const fn key(name: &'static str, kind: Kind) -> NodeKey {
    NodeKey {
        name,
        kind,
        owner: Owner::Operator,
        required: false,
        availability: Availability::BOTH,
    }
}

impl NodeKey {
    const fn owned(mut self, instead: &'static str) -> Self {
        self.owner = Owner::Cordanetes(instead);
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn secret(mut self) -> Self {
        self.owner = Owner::Secret;
        self
    }

    const fn only(mut self, availability: Availability) -> Self {
        self.availability = availability;
        self
    }

    const fn enterprise(self) -> Self {
        self.only(Availability::ENTERPRISE)
    }

    /// Whether nodes of a release know it.
    pub fn is_known_to(&self, release: CordaRelease) -> bool {
        self.availability.includes(release)
    }
}

/// Every documented key of the outermost level, with the blocks below. `is_known_to` tells which of them a
/// release has.
pub const fn documented_keys() -> &'static [NodeKey] {
    KEYS
}

/// The key whose name is most like a misspelt one, among those that an operator may set.
pub(crate) fn nearest(
    keys: &'static [NodeKey],
    name: &str,
    is_known: impl Fn(&NodeKey) -> bool,
) -> Option<&'static str> {
    let name = name.to_lowercase();
    keys.iter()
        .filter(|key| key.owner == Owner::Operator && is_known(key))
        .map(|key| {
            (
                strsim::damerau_levenshtein(&key.name.to_lowercase(), &name),
                key.name,
            )
        })
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min()
        .map(|(_, name)| name)
}

/// The key of a name in a block; `None` when no release has it.
pub(crate) fn find(keys: &'static [NodeKey], name: &str) -> Option<&'static NodeKey> {
    keys.iter().find(|key| key.name == name)
}
