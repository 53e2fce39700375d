//! `jmx-exporter.yml`: which beans of a JVM become metrics.
//!
//! The agent always adds the JVM's own metrics (`jvm_…`, `process_…`). Precedence among the rules: the first
//! that matches; attributes that none matches are not collected, without rules everything is (220 kB a scrape
//! for a node).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::yaml;

/// The whole file.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JmxExporterYml {
    /// Writes metric names in lower case.
    pub lowercase_output_name: bool,
    /// Beans to read, as JMX patterns.
    pub include_object_names: Vec<String>,
    /// How attributes become metrics.
    pub rules: Vec<JmxRule>,
}

/// A rule of the exporter.
#[derive(Clone, Debug, Serialize)]
pub struct JmxRule {
    /// Matched against `domain<key=value, key=value><>attribute`.
    pub pattern: String,
    /// Name of the metric; groups of the pattern as `$1`.
    pub name: String,
    /// Labels; groups of the pattern as `$1`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What the metric says.
    pub help: String,
    /// Kind of metric.
    #[serde(rename = "type")]
    pub kind: MetricKind,
    /// What stands for an attribute that is text; its own number when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<u8>,
}

/// Kind of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MetricKind {
    /// Goes up and down.
    Gauge,
    /// Only grows.
    Counter,
}

impl JmxRule {
    fn new(pattern: &str, name: &str, kind: MetricKind, help: &str) -> Self {
        Self {
            pattern: pattern.to_owned(),
            name: name.to_owned(),
            labels: BTreeMap::new(),
            help: help.to_owned(),
            kind,
            value: None,
        }
    }

    /// A metric that is 1, with the text in a label.
    fn state(pattern: &str, name: &str, help: &str) -> Self {
        Self {
            value: Some(1),
            ..Self::new(pattern, name, MetricKind::Gauge, help)
        }
    }

    fn label(mut self, name: &str, value: &str) -> Self {
        self.labels.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl JmxExporterYml {
    /// For a CENM service: R3 documents no beans of its own, so the JVM's metrics and the connection pool's
    /// where one is registered.
    pub fn for_cenm_service() -> Self {
        Self {
            lowercase_output_name: true,
            include_object_names: vec!["com.zaxxer.hikari:*".to_owned()],
            rules: vec![hikari_pool()],
        }
    }

    /// For a Corda node or notary: whether it is up, flows, connection pool, peers' queues; of Corda Enterprise also
    /// what it measures of peers and signing.
    pub fn for_corda_node() -> Self {
        use MetricKind::{Counter, Gauge};
        let rules = vec![
            JmxRule::new(
                r"^net\.corda<type=FlowDuration, name=(Success|Failure)\.(.+)><>Count",
                "corda_flow_ended_total",
                Counter,
                "Flows that ended, by outcome and class.",
            )
            .label("outcome", "$1")
            .label("flow", "$2"),
            JmxRule::new(
                r"^net\.corda<type=FlowDuration, name=(Success|Failure)\.(.+)><>(50|95|99)thPercentile",
                "corda_flow_duration_milliseconds",
                Gauge,
                "Duration of flows, by outcome, class and percentile.",
            )
            .label("outcome", "$1")
            .label("flow", "$2")
            .label("percentile", "$3"),
            JmxRule::new(
                r"^net\.corda<type=Flows, name=(Started|Finished|Error|Hospitalized|Success)><>(Count|Value)",
                "corda_flows_$1_total",
                Counter,
                "Flows that the node counted.",
            ),
            JmxRule::new(
                r"^net\.corda<type=Flows, name=(InFlight|QueueSizeTotal)><>(Count|Value)",
                "corda_flows_$1",
                Gauge,
                "Flows that the node holds now.",
            ),
            JmxRule::new(
                r"^net\.corda<type=Flows, name=Checkpointing Rate><>Count",
                "corda_checkpoints_total",
                Counter,
                "Checkpoints written.",
            ),
            JmxRule::state(
                r"^net\.corda<type=Node, name=Status><>Value: (\w+)",
                "corda_node_status",
                "Whether the node is starting, started or stopping.",
            )
            .label("status", "$1"),
            JmxRule::state(
                r"^net\.corda<type=(HikariPool-\d+), name=pool\.Status><>Value: (\w+)",
                "corda_database_pool_status",
                "Whether the node's database can be reached.",
            )
            .label("pool", "$1")
            .label("status", "$2"),
            JmxRule::new(
                r"^net\.corda<type=NetworkParameter, name=UpdateProposed><>Value",
                "corda_network_parameter_update_proposed",
                Gauge,
                "Whether new network parameters wait for acceptance.",
            ),
            JmxRule::new(
                r"^net\.corda<type=P2P, name=outbound\.(LongestQueueLength|OldestFirstMessageAge)><>Value",
                "corda_p2p_outbound_$1",
                Gauge,
                "The longest queue to a peer, and milliseconds that its oldest message waits.",
            ),
            JmxRule::new(
                concat!(
                    r"^net\.corda<type=(P2P|Transaction), ",
                    r"name=(ReceiveDuration|SendLatency|SignDuration)><>(50|95|99)thPercentile"
                ),
                "corda_$2_milliseconds",
                Gauge,
                "Duration of receiving, sending or signing, by percentile.",
            )
            .label("percentile", "$3"),
            JmxRule::new(
                r"^net\.corda<type=(HikariPool-\d+), name=pool\.(\w+)><>(Value|Count)",
                "corda_database_pool_$2",
                Gauge,
                "Connections of the node's database pool.",
            )
            .label("pool", "$1"),
            JmxRule::new(
                concat!(
                    r#"^org\.apache\.activemq\.artemis<broker="[^"]+", component=addresses, "#,
                    r#"address="(internal\.peers|p2p\.inbound)\.([^"]+)", subcomponent=queues, .*>"#,
                    r"<>(MessageCount|ConsumerCount)"
                ),
                "corda_p2p_queue_$3",
                Gauge,
                "Messages waiting in, and readers of, a queue between this node and a peer.",
            )
            .label("direction", "$1")
            .label("queue", "$2"),
            hikari_pool(),
        ];
        Self {
            lowercase_output_name: true,
            include_object_names: [
                "net.corda:type=Flows,*",
                "net.corda:type=FlowDuration,*",
                "net.corda:type=HikariPool-*,*",
                "net.corda:type=Node,*",
                "net.corda:type=NetworkParameter,*",
                "net.corda:type=P2P,*",
                "net.corda:type=Transaction,*",
                "com.zaxxer.hikari:*",
                "org.apache.activemq.artemis:component=addresses,subcomponent=queues,*",
            ]
            .map(str::to_owned)
            .to_vec(),
            rules,
        }
    }

    /// The file's text.
    pub fn to_yaml(&self) -> String {
        yaml::write(self)
    }
}

fn hikari_pool() -> JmxRule {
    JmxRule::new(
        r"^com\.zaxxer\.hikari<type=Pool \((.+)\)><>(\w+)",
        "hikari_pool_$2",
        MetricKind::Gauge,
        "Connections of a database pool.",
    )
    .label("pool", "$1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_cenm_service() {
        insta::assert_snapshot!(JmxExporterYml::for_cenm_service().to_yaml());
    }

    #[test]
    fn the_file_of_a_corda_node() {
        insta::assert_snapshot!(JmxExporterYml::for_corda_node().to_yaml());
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = JmxExporterYml::for_corda_node().to_yaml();
        let read: serde_json::Value = serde_saphyr::from_str(&text).expect("it is YAML");
        let written = serde_json::to_value(JmxExporterYml::for_corda_node()).expect("it serialises");
        assert_eq!(read, written);
    }
}
