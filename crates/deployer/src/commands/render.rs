//! `cordanetes render`: one file a step, in the order of the rollout.

mod folder;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;

use dependency_graph::DependencyGraph;
use kubernetes_objects::step::Step;
use rayon::prelude::*;

use crate::arguments::RenderArguments;
use crate::failure::Failure;
use crate::figures;
use crate::keys::Keys;
use crate::printer::Printer;
use crate::{plan, topology_file};

/// First line of every file, by which files of an earlier rendering are known.
const MARK: &str = "# Rendered by cordanetes.";

/// Writes the objects.
pub(crate) fn run(arguments: &RenderArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let prepared = plan::prepare(&topology, &arguments.topology, &mut keys)?;
    keys.save()?;
    let directory = &arguments.output;
    let names = names(&prepared.graph, &prepared.steps);
    folder::open(directory, &names).map_err(not_written)?;
    // Steps are let go one by one: with many nodes their files together are as large as all objects.
    (names.par_iter())
        .zip(prepared.steps)
        .filter_map(|(name, step)| Some((name.as_ref()?, step)))
        .try_for_each(|(name, step)| {
            let content = content(&prepared.graph, &step)?;
            folder::place(&directory.join(name), &content).map_err(not_written)
        })?;
    let count = figures::count(names.iter().flatten().count(), "file");
    printer.message(&format!(
        "wrote {count} to `{}`; they hold secrets",
        directory.display()
    ));
    Ok(())
}

fn not_written(error: io::Error) -> Failure {
    Failure::failed(
        "the objects cannot be written",
        error,
        "give another folder with `--output`",
    )
}

/// The file of each step by its place in the order; none for a step without objects.
fn names(graph: &DependencyGraph, steps: &[Step]) -> Vec<Option<String>> {
    let order = graph.order().into_iter().zip(1..);
    let numbers: HashMap<&str, usize> = order.map(|(node, number)| (node.id.as_str(), number)).collect();
    steps
        .iter()
        .map(|step| {
            let number = numbers.get(step.id.as_str())?;
            (!step.manifests.is_empty()).then(|| format!("{number:03}-{}.yaml", step.id))
        })
        .collect()
}

/// What a step waits for, then its objects.
fn content(graph: &DependencyGraph, step: &Step) -> Result<String, Failure> {
    let mut content = format!("{MARK} {}: {}\n", step.id, step.title);
    for edge in graph.prerequisites(&step.id) {
        let _infallible = writeln!(content, "# After {}: {}", edge.prerequisite.id, edge.reason);
    }
    for manifest in &step.manifests {
        let yaml = serde_saphyr::to_string(manifest.value()).map_err(|error| {
            Failure::internal(format!("{} cannot be written as YAML", manifest.key()), error)
        })?;
        content.push_str("---\n");
        content.push_str(&yaml);
    }
    if content.contains("@{") {
        content.insert_str(
            content.find('\n').map_or(0, |end| end + 1),
            "# `@{…}` stands for a value that exists only in the cluster; `cordanetes deploy` fills it in.\n",
        );
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use dependency_graph::Node;
    use kubernetes_objects::manifest::Manifest;
    use serde_json::json;

    use super::*;

    fn step(id: &str, manifests: Vec<Manifest>) -> Step {
        Step {
            id: id.into(),
            stage: "",
            title: format!("{id} runs"),
            manifests,
            gates: Vec::new(),
            outputs: None,
            deadline: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_file_for_each_step_that_has_objects() {
        let node = |id: &str| Node {
            id: id.into(),
            stage: String::new(),
            title: format!("{id} runs"),
            group: "network".into(),
        };
        let graph = DependencyGraph::builder()
            .step(node("zone"))
            .step(node("wait"))
            .step(node("auth"))
            .edge("auth", "zone", "it checks tokens")
            .build()
            .expect("there is no ring");
        let object = |name: &str, host: &str| {
            Manifest::from(json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": { "name": name, "namespace": "bank" }, "spec": { "host": host },
            }))
        };
        let zone = vec![object("zone", "@{service-ip:bank/auth}"), object("admin", "no")];
        let steps = [
            step("zone", zone),
            step("wait", Vec::new()),
            step("auth", vec![object("auth", "a")]),
        ];
        let names = names(&graph, &steps);
        let is_named: Vec<bool> = names.iter().map(Option::is_some).collect();
        assert_eq!(is_named, [true, false, true], "{names:?}");
        insta::assert_snapshot!(content(&graph, &steps[0]).expect("it serialises"));
    }
}
