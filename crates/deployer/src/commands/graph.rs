//! `cordanetes graph`.

use std::fmt::Write as _;
use std::time::Duration;

use clap::ValueEnum as _;
use dependency_graph::{DependencyGraph, Edge, Folded};
use network_drawing::{Folding, NetworkView};
use topology::{Topology, connection::ConnectionMatrix};

use crate::arguments::{GraphArguments, GraphFormat, GraphView};
use crate::failure::Failure;
use crate::printer::{self, Printer};
use crate::{plan, topology_file};

/// Draws the network or its rollout, or answers a question about the latter.
pub(crate) fn run(arguments: &GraphArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let asked = arguments.why.is_some() || arguments.critical_path;
    if !asked && arguments.view == GraphView::Network {
        return told(drawn_network(&topology, arguments)?, arguments, printer);
    }
    let graph = plan::graph(&topology)?;
    if let Some(steps) = &arguments.why {
        let [dependent, prerequisite] = steps.as_slice() else {
            return Err(Failure::WrongInput {
                message: "`--why` takes two steps".to_owned(),
                help: "write `--why A B` to learn why A waits for B".to_owned(),
            });
        };
        return Ok(printer::data(&why(&graph, dependent, prerequisite)?)?);
    }
    if arguments.critical_path {
        return Ok(printer::data(&longest_chain(&graph))?);
    }
    told(drawn_rollout(&topology, &graph, arguments)?, arguments, printer)
}

fn told(text: String, arguments: &GraphArguments, printer: Printer) -> Result<(), Failure> {
    let Some(path) = &arguments.output else {
        return Ok(printer::data(&text)?);
    };
    fs_err::write(path, text).map_err(|error| {
        Failure::failed(
            "the drawing cannot be written",
            error,
            "give another path with `--output`",
        )
    })?;
    printer.message(&format!("wrote `{}`", path.display()));
    Ok(())
}

fn drawn_network(topology: &Topology, arguments: &GraphArguments) -> Result<String, Failure> {
    let folding = if arguments.expand {
        Folding::Never
    } else {
        Folding::WhenLarge
    };
    let view = NetworkView::new(topology, &ConnectionMatrix::of(topology), folding);
    Ok(match format(arguments) {
        GraphFormat::Dot => view.to_dot(),
        GraphFormat::Mermaid => view.to_mermaid(),
        GraphFormat::Svg => view.to_svg(),
        GraphFormat::Json => view
            .to_json()
            .map_err(|error| Failure::internal("the network as JSON", error))?,
    })
}

fn drawn_rollout(
    topology: &Topology,
    graph: &DependencyGraph,
    arguments: &GraphArguments,
) -> Result<String, Failure> {
    let drawn = if arguments.expand {
        Folded::none(graph)
    } else {
        let folded = graph.folded();
        folded.map_err(|error| Failure::internal("the folded graph", error))?
    };
    Ok(match format(arguments) {
        GraphFormat::Dot => drawn.to_dot(),
        GraphFormat::Mermaid => drawn.to_mermaid(),
        GraphFormat::Svg => drawn.to_svg(&format!("Rollout of {}", topology.name)),
        // Programs fold by themselves what they want folded.
        GraphFormat::Json => {
            let text = serde_json::to_string_pretty(graph);
            text.map_err(|error| Failure::internal("the graph as JSON", error))? + "\n"
        }
    })
}

/// 1. `--format`; 2. the ending of `--output`; 3. DOT.
fn format(arguments: &GraphArguments) -> GraphFormat {
    let by_ending = || {
        let ending = arguments.output.as_ref()?.extension()?.to_str()?;
        GraphFormat::from_str(ending, true).ok()
    };
    arguments.format.or_else(by_ending).unwrap_or(GraphFormat::Dot)
}

fn why(graph: &DependencyGraph, dependent: &str, prerequisite: &str) -> Result<String, Failure> {
    for step in [dependent, prerequisite] {
        if graph.node(step).is_none() {
            return Err(unknown_step(graph, step));
        }
    }
    let mut text = String::new();
    match graph.why(dependent, prerequisite) {
        Some(chain) => chain.iter().for_each(|edge| link(&mut text, edge)),
        None => {
            let _infallible = writeln!(text, "{dependent} does not wait for {prerequisite}");
        }
    }
    Ok(text)
}

fn link(text: &mut String, edge: &Edge<'_>) {
    let Edge {
        prerequisite,
        dependent,
        reason,
    } = edge;
    let _infallible = writeln!(text, "{} waits for {}: {reason}", dependent.id, prerequisite.id);
}

fn unknown_step(graph: &DependencyGraph, step: &str) -> Failure {
    let nearest = graph
        .nodes()
        .map(|node| (strsim::damerau_levenshtein(&node.id, step), node))
        .filter(|(distance, node)| *distance <= node.id.len() / 2)
        .min_by_key(|(distance, _)| *distance);
    let help = match nearest {
        Some((_, node)) => format!("did you mean `{}`?", node.id),
        None => "run `cordanetes graph FILE` to see the steps".to_owned(),
    };
    Failure::WrongInput {
        message: format!("the graph has no step `{step}`"),
        help,
    }
}

/// The longest chain when every step counts the same: before a rollout nobody knows how long a step takes.
fn longest_chain(graph: &DependencyGraph) -> String {
    let path = graph.critical_path(|_| Duration::from_secs(1));
    let mut text = String::new();
    for (position, step) in path.steps.iter().enumerate() {
        let title = graph.node(&step.id).map_or("", |node| node.title.as_str());
        let _infallible = writeln!(text, "{:>3}. {}: {title}", position + 1, step.id);
    }
    text
}

#[cfg(test)]
mod tests {
    use dependency_graph::Node;

    use super::*;

    fn graph() -> DependencyGraph {
        let node = |id: &str, title: &str| Node {
            id: id.into(),
            stage: String::new(),
            title: title.into(),
            group: "network".into(),
        };
        DependencyGraph::builder()
            .step(node("auth", "Auth runs"))
            .step(node("gateway", "Gateway runs"))
            .step(node("zone", "Zone runs"))
            .edge("auth", "gateway", "it logs users in")
            .edge("auth", "zone", "it checks tokens")
            .build()
            .expect("there is no ring")
    }

    #[test]
    fn reasons() {
        let graph = graph();
        assert_eq!(
            why(&graph, "zone", "auth").expect("known"),
            "zone waits for auth: it checks tokens\n"
        );
        assert_eq!(
            why(&graph, "auth", "zone").expect("known"),
            "auth does not wait for zone\n"
        );
        let unknown = why(&graph, "zon", "auth").expect_err("unknown");
        assert!(matches!(unknown, Failure::WrongInput { help, .. } if help == "did you mean `zone`?"));
    }

    #[test]
    fn chain() {
        assert_eq!(
            longest_chain(&graph()),
            "  1. auth: Auth runs\n  2. gateway: Gateway runs\n"
        );
    }
}
