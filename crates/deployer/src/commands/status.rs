//! `cordanetes status`: where each component stands now, and how the last rollout ended.

use dependency_graph::DependencyGraph;
use kubernetes_objects::manifest::ObjectKey;
use owo_colors::OwoColorize as _;
use rollout::cluster::{Cluster as _, ClusterError};
use rollout::object::Object;
use rollout::readiness::{self, Readiness};
use rollout::{Inventory, Recorded, RolloutError, StepState};
use serde::Serialize;

use super::engine;
use crate::arguments::{OutputFormat, StatusArguments};
use crate::failure::Failure;
use crate::figures;
use crate::printer;
use crate::table;

/// What the command tells.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    network: String,
    components: Vec<ComponentStatus>,
    /// Steps of the last rollout that failed.
    failed_steps: Vec<StepStatus>,
    /// Steps that no rollout has finished yet.
    open_steps: Vec<StepStatus>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ComponentStatus {
    namespace: String,
    kind: String,
    name: String,
    ready: bool,
    /// Why it is not ready; empty when it is.
    reason: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StepStatus {
    step: String,
    title: String,
    /// Why it failed; empty when it did not.
    message: String,
}

/// Asks the cluster and tells.
pub(crate) async fn run(arguments: &StatusArguments) -> Result<(), Failure> {
    let cluster = engine::connect(&arguments.cluster).await?;
    let network = &arguments.network;
    let inventory = Inventory::read(&*cluster, network)
        .await
        .map_err(Failure::from_library)?;
    let inventory = inventory.ok_or_else(|| {
        let (network, address) = (network.clone(), cluster.address().to_owned());
        Failure::from_library(RolloutError::NoNetwork { network, address })
    })?;
    let workloads = inventory
        .objects
        .iter()
        .filter(|recorded| is_workload(&recorded.key));
    let looked_at = workloads.map(async |recorded| Ok((recorded, cluster.get(&recorded.key).await?)));
    let components = futures::future::try_join_all(looked_at).await;
    let components = components.map_err(|error: ClusterError| {
        let help = "see whether the cluster is well, then ask again";
        Failure::failed("the cluster did not say how the components are", error, help)
    })?;
    let status = Status::of(&inventory, &components);
    match arguments.output {
        OutputFormat::Text => printer::data(&status.text())?,
        OutputFormat::Json => {
            let json = serde_json::to_string(&status)
                .map_err(|error| Failure::internal("the status cannot be written as JSON", error))?;
            printer::data(&json)?;
        }
    }
    status.verdict()
}

/// Whether an object runs for as long as the network does.
fn is_workload(key: &ObjectKey) -> bool {
    matches!(key.kind.as_str(), "Deployment" | "StatefulSet")
}

impl Status {
    fn of(inventory: &Inventory, objects: &[(&Recorded, Option<Object>)]) -> Self {
        let is_done = |step: &str| {
            inventory
                .steps
                .get(step)
                .is_some_and(|step| step.state == StepState::Done)
        };
        let mut components: Vec<ComponentStatus> = objects
            .iter()
            .map(|(recorded, object)| {
                ComponentStatus::of(&recorded.key, object.as_ref(), is_done(&recorded.step))
            })
            .collect();
        components.sort_by(|left, right| {
            (&left.namespace, &left.name, &left.kind).cmp(&(&right.namespace, &right.name, &right.kind))
        });
        let mut failed_steps = Vec::new();
        let mut open_steps = Vec::new();
        for node in inventory.graph.order() {
            match inventory.steps.get(&node.id) {
                Some(record) if record.state == StepState::Done => {}
                Some(record) => failed_steps.push(StepStatus::of(
                    &inventory.graph,
                    &node.id,
                    record.message.as_deref(),
                )),
                None => open_steps.push(StepStatus::of(&inventory.graph, &node.id, None)),
            }
        }
        Self {
            network: inventory.network.clone(),
            components,
            failed_steps,
            open_steps,
        }
    }

    fn text(&self) -> String {
        let mut table = table::of(["COMPONENT", "NAMESPACE", "KIND", "STATE"]);
        for component in &self.components {
            let state = if component.ready {
                "ready"
            } else {
                &component.reason
            };
            table.add_row([&component.name, &component.namespace, &component.kind, state]);
        }
        let mut lines = table::lines(&table);
        for step in &self.failed_steps {
            lines.push(format!("{} {}: {}", "✘".red(), step.step, step.message));
        }
        if !self.open_steps.is_empty() {
            let steps: Vec<&str> = self.open_steps.iter().map(|step| step.step.as_str()).collect();
            lines.push(format!("{} not done yet: {}", "·".yellow(), steps.join(", ")));
        }
        lines.join("\n")
    }

    /// Scripts want to know whether all is well.
    fn verdict(&self) -> Result<(), Failure> {
        let unready = self
            .components
            .iter()
            .filter(|component| !component.ready)
            .count();
        let steps = self.failed_steps.len() + self.open_steps.len();
        let message = match (unready, steps) {
            (0, 0) => return Ok(()),
            (0, steps) => format!("{} of {} not done", figures::count(steps, "step"), self.network),
            (unready, _) => format!(
                "{} of {} not ready",
                figures::count(unready, "component"),
                self.network
            ),
        };
        let help = format!(
            "run `{} deploy` with the topology to continue and to learn why",
            crate::environment::command()
        );
        Err(Failure::Failed {
            message,
            cause: None,
            help: Some(help),
        })
    }
}

impl ComponentStatus {
    fn of(key: &ObjectKey, object: Option<&Object>, was_there: bool) -> Self {
        let (ready, reason) = match object.map(readiness::of) {
            Some(Readiness::Current) => (true, String::new()),
            Some(Readiness::InProgress(reason) | Readiness::Failed(reason)) => (false, reason),
            None if was_there => (false, "it is gone".to_owned()),
            None => (false, "not there yet".to_owned()),
        };
        let ObjectKey {
            api_version: _,
            kind,
            namespace,
            name,
        } = key.clone();
        Self {
            namespace: namespace.unwrap_or_default(),
            kind,
            name,
            ready,
            reason,
        }
    }
}

impl StepStatus {
    fn of(graph: &DependencyGraph, step: &str, message: Option<&str>) -> Self {
        let title = graph
            .node(step)
            .map(|node| node.title.clone())
            .unwrap_or_default();
        Self {
            step: step.to_owned(),
            title,
            message: message.unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use dependency_graph::Node;
    use rollout::StepRecord;
    use serde_json::json;

    use super::*;

    fn deployment(name: &str, ready: i64) -> Object {
        Object::new(json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": name, "namespace": "bank-network", "generation": 1 },
            "spec": { "replicas": 1, "selector": { "matchLabels": {} }, "template": {} },
            "status": {
                "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1,
                "readyReplicas": ready, "availableReplicas": ready,
            },
        }))
    }

    /// Components with their ready replicas; `None` for those that are gone.
    fn status(inventory: &Inventory, components: &[(&str, Option<i64>)]) -> Status {
        let recorded = |name: &str| Recorded {
            step: name.to_owned(),
            key: deployment(name, 0).key(),
        };
        let keys: Vec<Recorded> = components.iter().map(|(name, _)| recorded(name)).collect();
        let objects = components
            .iter()
            .map(|(name, ready)| ready.map(|ready| deployment(name, ready)));
        Status::of(inventory, &keys.iter().zip(objects).collect::<Vec<_>>())
    }

    fn inventory() -> Inventory {
        let node = |id: &str| Node {
            id: id.into(),
            stage: String::new(),
            title: format!("{id} runs"),
            group: "bank-network".into(),
        };
        let record = |state, message: Option<&str>| StepRecord {
            state,
            hash: String::new(),
            duration: Duration::ZERO,
            finished: String::new(),
            message: message.map(str::to_owned),
        };
        Inventory {
            network: "bank".into(),
            former: None,
            graph: DependencyGraph::builder()
                .step(node("auth"))
                .step(node("zone"))
                .step(node("gateway"))
                .edge("auth", "zone", "it checks tokens")
                .edge("zone", "gateway", "it finds services")
                .build()
                .expect("there is no ring"),
            steps: BTreeMap::from([
                ("auth".into(), record(StepState::Done, None)),
                (
                    "zone".into(),
                    record(StepState::Failed, Some("its image cannot be pulled")),
                ),
            ]),
            objects: Vec::new(),
        }
    }

    #[test]
    fn what_is_not_well_is_told_and_fails() {
        let status = status(
            &inventory(),
            &[("zone", Some(0)), ("auth", Some(1)), ("gateway", None)],
        );
        insta::assert_snapshot!(anstream::adapter::strip_str(&status.text()).to_string());
        let failure = status.verdict().expect_err("zone is not ready");
        assert_eq!(failure.to_string(), "2 components of bank not ready");
    }

    #[test]
    fn all_is_well() {
        let mut inventory = inventory();
        for step in ["zone", "gateway"] {
            let done = inventory.steps["auth"].clone();
            inventory.steps.insert(step.into(), done);
        }
        let status = status(&inventory, &[("auth", Some(1))]);
        assert!(status.verdict().is_ok());
    }
}
