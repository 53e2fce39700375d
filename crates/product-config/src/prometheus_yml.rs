//! `prometheus.yml`: what Prometheus scrapes.
//!
//! Precedence: 1. Prometheus' defaults; 2. `global`; 3. a job's own settings.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::address::HostPort;
use crate::yaml;

/// The whole file.
#[derive(Clone, Debug)]
pub struct PrometheusYml {
    /// Seconds between two scrapes.
    pub scrape_interval_seconds: u32,
    /// Seconds that one scrape may take; must not exceed the interval.
    pub scrape_timeout_seconds: u32,
    /// Labels on everything that leaves this Prometheus.
    pub external_labels: BTreeMap<String, String>,
    /// Files with rules, beside this one.
    pub rule_files: Vec<String>,
    /// What is scraped.
    pub jobs: Vec<ScrapeJob>,
}

/// A group of targets.
#[derive(Clone, Debug)]
pub struct ScrapeJob {
    /// Value of the label `job`.
    pub name: String,
    /// Path of the metrics.
    pub metrics_path: String,
    /// The targets.
    pub targets: Vec<ScrapeTarget>,
}

/// One address with its labels.
#[derive(Clone, Debug)]
pub struct ScrapeTarget {
    /// Where the metrics are.
    pub address: HostPort,
    /// Labels on its series, e.g. `component`.
    pub labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct File<'a> {
    global: Global<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rule_files: &'a [String],
    scrape_configs: Vec<ScrapeConfig<'a>>,
}

#[derive(Serialize)]
struct Global<'a> {
    scrape_interval: String,
    scrape_timeout: String,
    evaluation_interval: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    external_labels: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct ScrapeConfig<'a> {
    job_name: &'a str,
    metrics_path: &'a str,
    scheme: &'static str,
    static_configs: Vec<StaticConfig<'a>>,
}

#[derive(Serialize)]
struct StaticConfig<'a> {
    targets: [String; 1],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
}

impl PrometheusYml {
    /// The file's text.
    pub fn to_yaml(&self) -> String {
        let interval = format!("{}s", self.scrape_interval_seconds);
        yaml::write(&File {
            global: Global {
                evaluation_interval: interval.clone(),
                scrape_interval: interval,
                scrape_timeout: format!("{}s", self.scrape_timeout_seconds),
                external_labels: &self.external_labels,
            },
            rule_files: &self.rule_files,
            scrape_configs: self.jobs.iter().map(ScrapeJob::config).collect(),
        })
    }
}

impl ScrapeJob {
    /// A job that scrapes `/metrics`.
    pub fn new(name: impl Into<String>, targets: Vec<ScrapeTarget>) -> Self {
        Self {
            name: name.into(),
            metrics_path: "/metrics".to_owned(),
            targets,
        }
    }

    fn config(&self) -> ScrapeConfig<'_> {
        let static_configs = self
            .targets
            .iter()
            .map(|target| StaticConfig {
                targets: [target.address.to_string()],
                labels: &target.labels,
            })
            .collect();
        ScrapeConfig {
            job_name: &self.name,
            metrics_path: &self.metrics_path,
            scheme: "http",
            static_configs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_for_each_component() {
        let target = |component: &str, host: &str| ScrapeTarget {
            address: HostPort::new(host, 9404),
            labels: BTreeMap::from([("component".to_owned(), component.to_owned())]),
        };
        let file = PrometheusYml {
            scrape_interval_seconds: 15,
            scrape_timeout_seconds: 10,
            external_labels: BTreeMap::from([("network".to_owned(), "no".to_owned())]),
            rule_files: vec!["certificates.rules.yml".into()],
            jobs: vec![
                ScrapeJob::new("cenm", vec![target("zone", "zone-metrics.bank-network.svc")]),
                ScrapeJob::new("corda", vec![target("party-a", "metrics.bank-party-a.svc")]),
            ],
        };
        let text = file.to_yaml();
        let read: serde_json::Value = serde_saphyr::from_str(&text).expect("it is YAML");
        assert_eq!(read["global"]["external_labels"]["network"], "no");
        assert_eq!(
            read["scrape_configs"][1]["static_configs"][0]["targets"][0],
            "metrics.bank-party-a.svc:9404"
        );
        insta::assert_snapshot!(text);
    }
}
