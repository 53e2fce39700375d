//! For pull requests: SARIF 2.1.0 (OASIS), which code hosts show beside the lines.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;
use topology::{Diagnostic, Diagnostics, catalogue};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message<'static>,
    full_description: Message<'static>,
    help: Message<'static>,
}

#[derive(Serialize)]
struct Message<'a> {
    text: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'a>,
    locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// The log of one run; of a valid topology without results, so that a code host closes what it showed.
pub(crate) fn sarif(diagnostics: Option<&Diagnostics>) -> serde_json::Result<String> {
    let codes: BTreeSet<&str> = diagnostics
        .into_iter()
        .flatten()
        .map(|diagnostic| diagnostic.code)
        .collect();
    let rules: Vec<Rule> = codes.iter().filter_map(|code| rule(code)).collect();
    let results = diagnostics
        .into_iter()
        .flatten()
        .map(|diagnostic| result(diagnostic, &rules))
        .collect();
    let driver = Driver {
        name: "cordanetes",
        version: env!("CARGO_PKG_VERSION"),
        rules,
    };
    serde_json::to_string_pretty(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

fn rule(code: &str) -> Option<Rule> {
    let entry = catalogue::entry(code)?;
    Some(Rule {
        id: entry.code,
        short_description: Message {
            text: entry.title.into(),
        },
        full_description: Message {
            text: entry.cause.into(),
        },
        help: Message {
            text: entry.fix.into(),
        },
    })
}

fn result<'a>(diagnostic: &'a Diagnostic, rules: &[Rule]) -> SarifResult<'a> {
    let text = match &diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message).into(),
        None => diagnostic.message.as_str().into(),
    };
    SarifResult {
        rule_id: diagnostic.code,
        rule_index: rules.iter().position(|rule| rule.id == diagnostic.code),
        level: "error",
        message: Message { text },
        locations: diagnostic
            .place()
            .map(|place| Location {
                physical_location: PhysicalLocation {
                    artifact_location: ArtifactLocation { uri: uri(place.file) },
                    region: Region {
                        start_line: place.line,
                        start_column: place.column,
                        end_line: place.end_line,
                        end_column: place.end_column,
                    },
                },
            })
            .into_iter()
            .collect(),
    }
}

/// A path as a relative or absolute URI reference (RFC 3986): everything else than plain characters in
/// percent notation.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _infallible = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uri_references() {
        for (path, expected) in [
            ("topologies/net.yaml", "topologies/net.yaml"),
            ("a b/ü.yaml", "a%20b/%C3%BC.yaml"),
            ("/srv/net.yaml", "file:///srv/net.yaml"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
