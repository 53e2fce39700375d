//! Prometheus rules about the ends of certificates and revocation lists.
//!
//! No exporter is needed: an end is known when the thing is made, so a recording rule can say it as a constant, and
//! an alert compares it with the clock. What is replaced changes the rules with the same rollout.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::yaml;

/// The metric: seconds since 1970 at which something ends.
pub const METRIC: &str = "cordanetes_not_after_timestamp_seconds";
const DAY: u64 = 24 * 60 * 60;

/// The rules file.
#[derive(Clone, Debug)]
pub struct CertificateRules {
    /// What ends.
    pub ends: Vec<End>,
    /// Days before an end at which a warning fires.
    pub warning_days: u64,
    /// Days before an end at which a critical alert fires.
    pub critical_days: u64,
}

/// Something that ends.
#[derive(Clone, Debug)]
pub struct End {
    /// Alias of a certificate, or file of a revocation list.
    pub name: String,
    /// `certificate` or `crl`.
    pub kind: &'static str,
    /// Seconds since 1970.
    pub at: i64,
}

#[derive(Serialize)]
struct File {
    groups: [Group; 1],
}

#[derive(Serialize)]
struct Group {
    name: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Rule {
    Recording {
        record: &'static str,
        expr: String,
        labels: BTreeMap<&'static str, String>,
    },
    Alert {
        alert: &'static str,
        expr: String,
        labels: BTreeMap<&'static str, String>,
        annotations: BTreeMap<&'static str, String>,
    },
}

impl CertificateRules {
    /// The file's text.
    pub fn to_yaml(&self) -> String {
        let mut rules: Vec<Rule> = self.ends.iter().map(recording).collect();
        rules.push(alert("CertificateEndsSoon", "warning", self.warning_days));
        rules.push(alert("CertificateEndsVerySoon", "critical", self.critical_days));
        yaml::write(&File {
            groups: [Group {
                name: "certificates",
                rules,
            }],
        })
    }
}

fn recording(end: &End) -> Rule {
    Rule::Recording {
        record: METRIC,
        expr: format!("vector({})", end.at),
        labels: BTreeMap::from([("kind", end.kind.to_owned()), ("name", end.name.clone())]),
    }
}

fn alert(alert: &'static str, severity: &str, days: u64) -> Rule {
    let summary = format!("{{{{ $labels.kind }}}} {{{{ $labels.name }}}} ends in less than {days} days");
    let description =
        "Ends in {{ $value | humanizeDuration }}. Sign revocation lists again with `cordanetes certificates \
                       renew-crls`, replace keys with `cordanetes certificates rotate`, then deploy."
            .to_owned();
    Rule::Alert {
        alert,
        expr: format!("{METRIC} - time() < {}", days * DAY),
        labels: BTreeMap::from([("severity", severity.to_owned())]),
        annotations: BTreeMap::from([("summary", summary), ("description", description)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_constants_and_alerts_compare_them_with_the_clock() {
        let rules = CertificateRules {
            ends: vec![
                End {
                    name: "cordasslsigner".into(),
                    kind: "certificate",
                    at: 1_867_000_000,
                },
                End {
                    name: "tls.crl".into(),
                    kind: "crl",
                    at: 2_110_000_000,
                },
            ],
            warning_days: 45,
            critical_days: 7,
        };
        insta::assert_snapshot!(rules.to_yaml());
    }
}
