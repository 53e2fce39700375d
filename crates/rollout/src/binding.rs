//! Values that exist only once their source does: `@{service-ip:NAMESPACE/NAME}`,
//! `@{secret:NAMESPACE/NAME/KEY}` and `@{config-map:NAMESPACE/NAME/KEY}` inside the strings of a manifest.
//! `@{quoted-secret:…}` is a Secret's value escaped as the inside of a quoted string of JSON or HOCON.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;

use crate::kinds;
use crate::object::Object;

const OPENING: &str = "@{";

/// A place that a value is taken from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Source {
    ServiceIp {
        namespace: String,
        name: String,
    },
    Secret {
        namespace: String,
        name: String,
        key: String,
        quoted: bool,
    },
    ConfigMap {
        namespace: String,
        name: String,
        key: String,
    },
}

/// Why a binding has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BindingError {
    #[error(
        "`{text}` is not a binding; known are @{{service-ip:NAMESPACE/NAME}}, @{{secret:NAMESPACE/NAME/KEY}}, @{{quoted-secret:…}} and @{{config-map:NAMESPACE/NAME/KEY}}"
    )]
    Unknown { text: String },
    #[error("`{binding}` needs {source_object}, which does not exist")]
    NoSource { binding: String, source_object: String },
    #[error("`{binding}` needs {what}, but {source_object} has none")]
    NoValue {
        binding: String,
        source_object: String,
        what: String,
    },
    #[error(
        "`{binding}` stands where a line is an argument, and the value in {source_object} has a line break; give a value without one"
    )]
    LineBreak { binding: String, source_object: String },
}

impl Source {
    fn parse(text: &str) -> Result<Self, BindingError> {
        let unknown = || BindingError::Unknown {
            text: format!("{OPENING}{text}}}"),
        };
        let (kind, path) = text.split_once(':').ok_or_else(unknown)?;
        let parts: Vec<&str> = path.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(unknown());
        }
        match (kind, parts.as_slice()) {
            ("service-ip", [namespace, name]) => Ok(Self::ServiceIp {
                namespace: (*namespace).to_owned(),
                name: (*name).to_owned(),
            }),
            ("secret" | "quoted-secret", [namespace, name, key]) => Ok(Self::Secret {
                namespace: (*namespace).to_owned(),
                name: (*name).to_owned(),
                key: (*key).to_owned(),
                quoted: kind == "quoted-secret",
            }),
            ("config-map", [namespace, name, key]) => Ok(Self::ConfigMap {
                namespace: (*namespace).to_owned(),
                name: (*name).to_owned(),
                key: (*key).to_owned(),
            }),
            _ => Err(unknown()),
        }
    }

    /// The object that holds the value.
    pub(crate) fn object(&self) -> ObjectKey {
        match self {
            Self::ServiceIp { namespace, name } => kinds::SERVICE.key(Some(namespace), name),
            Self::Secret { namespace, name, .. } => kinds::SECRET.key(Some(namespace), name),
            Self::ConfigMap { namespace, name, .. } => kinds::CONFIG_MAP.key(Some(namespace), name),
        }
    }

    /// Takes the value out of its object.
    pub(crate) fn value(&self, object: Option<&Object>) -> Result<String, BindingError> {
        let source_object = self.object().to_string();
        let object = object.ok_or_else(|| BindingError::NoSource {
            binding: self.to_string(),
            source_object: source_object.clone(),
        })?;
        let entry = |map: &str, key: &str| object.value().get(map)?.get(key)?.as_str().map(str::to_owned);
        let decoded = |map: &str, key: &str| {
            STANDARD
                .decode(entry(map, key)?)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
        };
        let (value, what) = match self {
            Self::ServiceIp { .. } => (
                object
                    .text("/spec/clusterIP")
                    .filter(|ip| !matches!(*ip, "" | "None"))
                    .map(str::to_owned),
                "a cluster IP".to_owned(),
            ),
            Self::Secret { key, quoted, .. } => (
                decoded("data", key).map(|text| if *quoted { escaped(&text) } else { text }),
                format!("a text under the key `{key}`"),
            ),
            Self::ConfigMap { key, .. } => (
                entry("data", key).or_else(|| decoded("binaryData", key)),
                format!("a text under the key `{key}`"),
            ),
        };
        match value {
            Some(value) if self.is_bare_secret() && value.contains(['\n', '\r']) => {
                Err(BindingError::LineBreak {
                    binding: self.to_string(),
                    source_object,
                })
            }
            Some(value) => Ok(value),
            None => Err(BindingError::NoValue {
                binding: self.to_string(),
                source_object,
                what,
            }),
        }
    }

    /// Whether nothing quotes the value where it stands.
    const fn is_bare_secret(&self) -> bool {
        matches!(self, Self::Secret { quoted: false, .. })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServiceIp { namespace, name } => write!(formatter, "@{{service-ip:{namespace}/{name}}}"),
            Self::Secret {
                namespace,
                name,
                key,
                quoted,
            } => {
                let kind = if *quoted { "quoted-secret" } else { "secret" };
                write!(formatter, "@{{{kind}:{namespace}/{name}/{key}}}")
            }
            Self::ConfigMap { namespace, name, key } => {
                write!(formatter, "@{{config-map:{namespace}/{name}/{key}}}")
            }
        }
    }
}

/// The inside of a quoted string.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// All sources that the strings of a value name.
pub(crate) fn sources(value: &Value) -> Result<BTreeSet<Source>, BindingError> {
    let mut found = BTreeSet::new();
    gather(value, &mut found)?;
    Ok(found)
}

fn gather(value: &Value, found: &mut BTreeSet<Source>) -> Result<(), BindingError> {
    match value {
        Value::String(text) => {
            for piece in pieces(text)? {
                if let Piece::Bound(source) = piece {
                    found.insert(source);
                }
            }
        }
        Value::Array(items) => items.iter().try_for_each(|item| gather(item, found))?,
        Value::Object(map) => map.values().try_for_each(|item| gather(item, found))?,
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// Puts values in the place of bindings.
pub(crate) fn resolve(
    value: &mut Value,
    object: &impl Fn(&ObjectKey) -> Option<Object>,
) -> Result<(), BindingError> {
    match value {
        Value::String(text) => {
            let pieces = pieces(text)?;
            if pieces.iter().any(|piece| matches!(piece, Piece::Bound(_))) {
                let mut resolved = String::with_capacity(text.len());
                for piece in pieces {
                    match piece {
                        Piece::Plain(plain) => resolved.push_str(plain),
                        Piece::Bound(source) => {
                            resolved.push_str(&source.value(object(&source.object()).as_ref())?);
                        }
                    }
                }
                *text = resolved;
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| resolve(item, object)),
        Value::Object(map) => map.values_mut().try_for_each(|item| resolve(item, object)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

enum Piece<'text> {
    Plain(&'text str),
    Bound(Source),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, BindingError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(OPENING) {
        let inside = &rest[start + OPENING.len()..];
        let Some(end) = inside.find('}') else {
            return Err(BindingError::Unknown {
                text: rest[start..].chars().take(60).collect(),
            });
        };
        pieces.push(Piece::Plain(&rest[..start]));
        pieces.push(Piece::Bound(Source::parse(&inside[..end])?));
        rest = &inside[end + 1..];
    }
    pieces.push(Piece::Plain(rest));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cluster(key: &ObjectKey) -> Option<Object> {
        match (key.kind.as_str(), key.name.as_str()) {
            ("Service", "zone") => Some(json!({"spec": {"clusterIP": "10.96.0.7"}})),
            ("Service", "headless") => Some(json!({"spec": {"clusterIP": "None"}})),
            ("Secret", "token") => Some(json!({"data": {
                "token": STANDARD.encode("abc"), "blob": "/w==", "hard": STANDARD.encode("a\"b\\c\n"),
            }})),
            ("ConfigMap", "ids") => {
                Some(json!({"data": {"plain": "x"}, "binaryData": {"id": STANDARD.encode("7")}}))
            }
            _ => None,
        }
        .map(Object::new)
    }

    #[test]
    fn values_take_the_place_of_bindings() {
        let mut value = json!({
            "a": ["--host=@{service-ip:n/zone}:25000", {"b": "@{secret:n/token/token}@{config-map:n/ids/id}"}],
            "c": "${untouched} @ { } @{config-map:n/ids/plain}",
            "d": 5,
            "e": r#"password = "@{quoted-secret:n/token/hard}""#,
        });
        let names: Vec<_> = sources(&value).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            [
                "@{service-ip:n/zone}",
                "@{quoted-secret:n/token/hard}",
                "@{secret:n/token/token}",
                "@{config-map:n/ids/id}",
                "@{config-map:n/ids/plain}"
            ]
        );
        resolve(&mut value, &cluster).unwrap();
        assert_eq!(
            value,
            json!({
                "a": ["--host=10.96.0.7:25000", {"b": "abc7"}],
                "c": "${untouched} @ { } x",
                "d": 5,
                "e": r#"password = "a\"b\\c\n""#,
            })
        );
    }

    #[test]
    fn errors_name_the_binding_and_its_source() {
        let check = |text: &str, expected: &str| {
            let error = resolve(&mut json!(text), &cluster).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        check(
            "@{service-ip:n/nobody}",
            "`@{service-ip:n/nobody}` needs Service n/nobody, which does not exist",
        );
        check(
            "@{service-ip:n/headless}",
            "`@{service-ip:n/headless}` needs a cluster IP, but Service n/headless has none",
        );
        check(
            "@{secret:n/token/key}",
            "`@{secret:n/token/key}` needs a text under the key `key`, but Secret n/token has none",
        );
        check(
            "@{secret:n/token/blob}",
            "`@{secret:n/token/blob}` needs a text under the key `blob`, but Secret n/token has none",
        );
        check(
            "--password=@{secret:n/token/hard}",
            "`@{secret:n/token/hard}` stands where a line is an argument, and the value in Secret n/token has a line \
             break; give a value without one",
        );
        let known = "known are @{service-ip:NAMESPACE/NAME}, @{secret:NAMESPACE/NAME/KEY}, \
                     @{quoted-secret:…} and @{config-map:NAMESPACE/NAME/KEY}";
        for broken in [
            "@{what:n/x}",
            "@{service-ip:n}",
            "@{secret:n/token}",
            "@{secret:n//k}",
            "@{open",
        ] {
            check(broken, &format!("`{broken}` is not a binding; {known}"));
        }
    }
}
