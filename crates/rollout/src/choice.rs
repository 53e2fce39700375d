//! What whoever runs a rollout allows it to do beyond its own objects and beyond what can be undone.

use std::fmt;
use std::str::FromStr;

use kubernetes_objects::manifest::ObjectKey;
use serde::{Deserialize, Serialize};

/// An object as a person names it: `KIND/NAMESPACE/NAME`, or `KIND/NAME` for kinds that live in no namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ObjectName {
    kind: String,
    namespace: Option<String>,
    name: String,
}

/// A text that names no object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no object; write KIND/NAMESPACE/NAME, e.g. Deployment/bank-network/auth")]
pub struct NoObjectName {
    text: String,
}

impl ObjectName {
    /// Whether this is the name of an object; kinds are the same in any case.
    pub fn is_of(&self, key: &ObjectKey) -> bool {
        self.kind.eq_ignore_ascii_case(&key.kind) && self.namespace == key.namespace && self.name == key.name
    }
}

impl From<&ObjectKey> for ObjectName {
    fn from(key: &ObjectKey) -> Self {
        Self {
            kind: key.kind.clone(),
            namespace: key.namespace.clone(),
            name: key.name.clone(),
        }
    }
}

impl FromStr for ObjectName {
    type Err = NoObjectName;

    fn from_str(text: &str) -> Result<Self, NoObjectName> {
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, namespace, name] => (kind, Some(*namespace), name),
            [kind, name] => (kind, None, name),
            _ => {
                return Err(NoObjectName {
                    text: text.to_owned(),
                });
            }
        };
        if parts.iter().any(|part| part.is_empty()) {
            return Err(NoObjectName {
                text: text.to_owned(),
            });
        }
        Ok(Self {
            kind: (*kind).to_owned(),
            namespace: namespace.map(str::to_owned),
            name: (*name).to_owned(),
        })
    }
}

impl TryFrom<String> for ObjectName {
    type Error = NoObjectName;

    fn try_from(text: String) -> Result<Self, NoObjectName> {
        text.parse()
    }
}

impl From<ObjectName> for String {
    fn from(name: ObjectName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(formatter, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(formatter, "{}/{}", self.kind, self.name),
        }
    }
}

/// What a rollout may do that it does not do by itself, and whether it removes what left the topology.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Take over objects that exist already and that no rollout has made.
    pub adopt: bool,
    /// Objects whose fields are taken over from other field managers.
    pub take_ownership: Vec<ObjectName>,
    /// Objects that are deleted and made again where a field cannot be changed in place.
    pub recreate: Vec<ObjectName>,
    /// Compare objects that look unchanged as well, and put back what others have changed in them.
    pub repair: bool,
    /// Remove what left the topology, as far as it holds no data.
    pub prune: bool,
    /// Names whose data is removed too: of a component, a namespace, or the object itself.
    pub prune_data: Vec<String>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            adopt: false,
            take_ownership: Vec::new(),
            recreate: Vec::new(),
            repair: false,
            prune: true,
            prune_data: Vec::new(),
        }
    }
}

impl Choices {
    pub(crate) fn may_recreate(&self, key: &ObjectKey) -> bool {
        self.recreate.iter().any(|name| name.is_of(key))
    }

    pub(crate) fn may_take(&self, key: &ObjectKey) -> bool {
        self.take_ownership.iter().any(|name| name.is_of(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects() {
        let key = crate::kinds::STATEFUL_SET.key(Some("n"), "map");
        let name: ObjectName = "statefulset/n/map".parse().unwrap();
        assert!(name.is_of(&key));
        assert_eq!(ObjectName::from(&key).to_string(), "StatefulSet/n/map");
        let namespace: ObjectName = "Namespace/n".parse().unwrap();
        assert!(namespace.is_of(&crate::kinds::NAMESPACE.key(None, "n")));
        assert!(!namespace.is_of(&key));
        for wrong in ["map", "a/b/c/d", "StatefulSet//map", "/n/map", ""] {
            assert!(wrong.parse::<ObjectName>().is_err(), "{wrong}");
        }
    }
}
