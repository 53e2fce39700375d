//! The end of a deployment: what runs where, how to reach it, how long it took and what decided that.

use std::fmt::Write as _;
use std::time::Duration;

use indexmap::IndexMap;
use owo_colors::OwoColorize as _;
use rollout::history::RunState;
use rollout::report::{Link, Report};
use schemars::JsonSchema;
use serde::Serialize;

use crate::figures;
use crate::kubectl::Kubectl;
use crate::table;

/// The last line for machines, when the network is up.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DeploymentResult {
    #[serde(rename = "type")]
    kind: ResultType,
    /// What there is now.
    summary: DeploymentSummary,
    /// What the run did.
    figures: RunFigures,
}

/// Tells the last line from events.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ResultType {
    Result,
}

impl DeploymentResult {
    /// The line of a network.
    pub(crate) const fn new(summary: DeploymentSummary, figures: RunFigures) -> Self {
        Self {
            kind: ResultType::Result,
            summary,
            figures,
        }
    }
}

/// What a deployed network consists of, as a person needs it.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentSummary {
    /// Name of the network.
    pub(crate) network: String,
    /// Everything that runs, in the order of the rollout.
    pub(crate) components: Vec<RunningComponent>,
    /// The components that speak HTTP.
    pub(crate) web: Vec<WebEndpoint>,
    /// The participants' RPC.
    pub(crate) rpc: Vec<RpcEndpoint>,
    /// Where the metrics are; absent without monitoring.
    pub(crate) metrics: Option<Forward>,
}

/// One component.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunningComponent {
    /// Its name, e.g. `identity-manager`.
    pub(crate) component: String,
    /// Where it runs.
    pub(crate) namespace: String,
    /// E.g. `Deployment`.
    pub(crate) kind: String,
    /// `host:port` inside the cluster; several are joined by `, `; empty where nothing listens.
    pub(crate) address: String,
    /// The image.
    pub(crate) image: String,
}

/// A component that speaks HTTP and has an ingress.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebEndpoint {
    /// What a person calls it, e.g. `Identity Manager`.
    pub(crate) title: String,
    /// Its URL for outsiders, once an ingress controller, a Gateway or a load balancer serves it.
    pub(crate) url: String,
    /// The way until then.
    pub(crate) forward: Forward,
}

/// The RPC of a participant.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RpcEndpoint {
    /// The participant.
    pub(crate) participant: String,
    /// `host:port` inside the cluster.
    pub(crate) address: String,
    /// A user that may log in.
    pub(crate) user: String,
    /// Secret that holds the user's password.
    pub(crate) secret: String,
    /// Key in it.
    pub(crate) secret_key: String,
    /// Namespace of the Secret.
    pub(crate) secret_namespace: String,
    /// The way from this machine.
    pub(crate) forward: Forward,
}

/// A port of a Service that `kubectl port-forward` brings to this machine.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Forward {
    /// Namespace of the Service.
    pub(crate) namespace: String,
    /// The Service.
    pub(crate) service: String,
    /// Its port.
    pub(crate) port: u16,
    /// Port on this machine; different for every forward of a summary, so that all can run at once.
    pub(crate) local_port: u16,
    /// Path of a page worth looking at, with its slash; empty where there is none.
    pub(crate) path: String,
}

/// What a run did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunFigures {
    /// How long it took.
    #[serde(serialize_with = "dependency_graph::seconds::serialize")]
    #[schemars(with = "f64")]
    pub(crate) duration: Duration,
    /// How many steps there were.
    pub(crate) steps: usize,
    /// How many objects were created or changed.
    pub(crate) changed_objects: usize,
    /// How many requests the API server got.
    pub(crate) requests: u64,
    /// The chain of steps that decided how long it took, first step first.
    pub(crate) critical_chain: Vec<ChainLink>,
}

/// A step of the chain.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChainLink {
    /// The step's title.
    pub(crate) title: String,
    /// How long it took.
    #[serde(serialize_with = "dependency_graph::seconds::serialize")]
    #[schemars(with = "f64")]
    pub(crate) duration: Duration,
}

impl RunFigures {
    /// The figures of a run.
    pub(crate) fn of(report: &Report) -> Self {
        let link = |link: &Link| ChainLink {
            title: link.title.clone(),
            duration: link.duration,
        };
        Self {
            duration: report.duration,
            steps: report.count(RunState::Done),
            changed_objects: report.objects.written(),
            requests: report.requests,
            critical_chain: report.critical_path.iter().map(link).collect(),
        }
    }

    /// Whether the run found everything in place.
    pub(crate) const fn changed_nothing(&self) -> bool {
        self.changed_objects == 0
    }

    /// The one line that says what the run did.
    pub(crate) fn headline(&self, network: &str) -> String {
        let requests = format!("{} API requests", self.requests);
        let duration = figures::duration(self.duration);
        if self.changed_nothing() {
            let nothing = format!("{network}: nothing to change");
            return format!(
                "{}, all {} hold ({duration}, {requests})",
                nothing.green().bold(),
                figures::count(self.steps, "step")
            );
        }
        let up = format!("{network} is up");
        let changed = figures::count(self.changed_objects, "object");
        let steps = figures::count(self.steps, "step");
        format!(
            "{} after {duration}: {steps}, {changed} written, {requests}",
            up.green().bold()
        )
    }
}

impl DeploymentSummary {
    /// The whole summary for a person, with what a report says in short.
    pub(crate) fn text(&self, figures: &RunFigures, kubectl: &Kubectl, explained: &str) -> String {
        let mut text = String::from("\n");
        self.components(&mut text);
        self.web(&mut text, kubectl);
        self.rpc(&mut text, kubectl);
        if let Some(metrics) = &self.metrics {
            section(&mut text, "Metrics");
            forward(&mut text, metrics, kubectl);
        }
        text.push_str(explained);
        text.push('\n');
        line_at(&mut text, 0, &figures.headline(&self.network));
        text
    }

    fn components(&self, text: &mut String) {
        let mut table = table::of(["COMPONENT", "NAMESPACE", "KIND", "ADDRESS"]);
        let mut images: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for running in &self.components {
            table.add_row([
                &running.component,
                &running.namespace,
                &running.kind,
                &running.address,
            ]);
            images.entry(&running.image).or_default().push(&running.component);
        }
        for row in table::lines(&table) {
            line_at(text, 0, &row);
        }
        section(text, "Images");
        for (image, components) in images {
            line(text, &format!("{image}  {}", components.join(", ").dimmed()));
        }
    }

    fn web(&self, text: &mut String, kubectl: &Kubectl) {
        if self.web.is_empty() {
            return;
        }
        section(text, "Web");
        for endpoint in &self.web {
            line(text, &format!("{}  {}", endpoint.title, endpoint.url.cyan()));
        }
        line(text, "Until an ingress controller serves these names:");
        for endpoint in &self.web {
            forward(text, &endpoint.forward, kubectl);
        }
    }

    fn rpc(&self, text: &mut String, kubectl: &Kubectl) {
        for endpoint in &self.rpc {
            section(text, &format!("RPC of {}", endpoint.participant));
            line(
                text,
                &format!(
                    "{} inside the cluster, user `{}`",
                    endpoint.address, endpoint.user
                ),
            );
            forward(text, &endpoint.forward, kubectl);
            let password =
                kubectl.secret_value(&endpoint.secret_namespace, &endpoint.secret, &endpoint.secret_key);
            line(text, &format!("password: {password}"));
        }
    }
}

fn forward(text: &mut String, forward: &Forward, kubectl: &Kubectl) {
    let command = kubectl.port_forward(
        &forward.namespace,
        &forward.service,
        forward.local_port,
        forward.port,
    );
    line(text, &command);
    if !forward.path.is_empty() {
        let page = kubectl.page(forward.local_port, &forward.path);
        line_at(text, 4, &format!("→ {}", page.cyan()));
    }
}

fn section(text: &mut String, title: &str) {
    text.push('\n');
    line_at(text, 0, &title.bold().to_string());
}

fn line(text: &mut String, content: &str) {
    line_at(text, 2, content);
}

fn line_at(text: &mut String, indent: usize, content: &str) {
    let _infallible = writeln!(text, "{:indent$}{content}", "");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forward(namespace: &str, service: &str, port: u16, path: &str) -> Forward {
        Forward {
            namespace: namespace.into(),
            service: service.into(),
            port,
            local_port: port,
            path: path.into(),
        }
    }

    fn running(component: &str, namespace: &str, kind: &str, address: &str, image: &str) -> RunningComponent {
        RunningComponent {
            component: component.into(),
            namespace: namespace.into(),
            kind: kind.into(),
            address: address.into(),
            image: image.into(),
        }
    }

    fn summary() -> DeploymentSummary {
        let manager = "identity-manager.bank-network.svc:10000";
        DeploymentSummary {
            network: "bank".into(),
            components: vec![
                running(
                    "identity-manager",
                    "bank-network",
                    "Deployment",
                    manager,
                    "registry/cenm:1.7",
                ),
                running(
                    "signer",
                    "bank-signing",
                    "Deployment",
                    "signer.bank-signing.svc:6000",
                    "registry/cenm:1.7",
                ),
                running(
                    "party-a",
                    "bank-party-a",
                    "StatefulSet",
                    "p2p.bank-party-a.svc:10200",
                    "registry/corda:4.10",
                ),
            ],
            web: vec![WebEndpoint {
                title: "Identity Manager".into(),
                url: "http://identity-manager.bank.example".into(),
                forward: forward("bank-network", "identity-manager", 10000, "/status"),
            }],
            rpc: vec![RpcEndpoint {
                participant: "party-a".into(),
                address: "rpc.bank-party-a.svc:10201".into(),
                user: "payment".into(),
                secret: "rpc-payment".into(),
                secret_key: "password".into(),
                secret_namespace: "bank-party-a".into(),
                forward: forward("bank-party-a", "rpc", 10201, ""),
            }],
            metrics: Some(forward("bank-monitoring", "prometheus", 9090, "/targets")),
        }
    }

    fn link(title: &str, milliseconds: u64) -> ChainLink {
        ChainLink {
            title: title.into(),
            duration: Duration::from_millis(milliseconds),
        }
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_first_rollout() {
        let figures = RunFigures {
            duration: Duration::from_millis(185_400),
            steps: 37,
            changed_objects: 214,
            requests: 320,
            critical_chain: vec![
                link("Namespaces", 120),
                link("Auth runs", 41_000),
                link("Notary runs", 90_000),
            ],
        };
        insta::assert_snapshot!(plain(&summary().text(
            &figures,
            &Kubectl::default(),
            "\nWhat decided the duration\n  …\n"
        )));
    }

    #[test]
    fn a_run_that_changed_nothing() {
        let figures = RunFigures {
            duration: Duration::from_millis(1_840),
            steps: 37,
            changed_objects: 0,
            requests: 41,
            critical_chain: vec![link("Namespaces", 900)],
        };
        assert_eq!(
            plain(&figures.headline("bank")),
            "bank: nothing to change, all 37 steps hold (1.8s, 41 API requests)"
        );
    }

    #[test]
    fn machines_get_seconds() {
        let json = serde_json::to_value(link("Auth runs", 1_500)).expect("it serialises");
        assert_eq!(json["duration"], 1.5);
    }
}
