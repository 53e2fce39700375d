//! What holds for every graph.

#[expect(dead_code, reason = "only the other tests need the fixture")]
mod common;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use common::node;
use dependency_graph::{DependencyGraph, GraphError};
use proptest::prelude::*;

/// Any graph without cycles: each pair points from the smaller number to the greater, in shuffled declaration.
fn graph() -> impl Strategy<Value = DependencyGraph> {
    (1_usize..24)
        .prop_flat_map(|count| {
            let names = Just((0..count).collect::<Vec<_>>()).prop_shuffle();
            (names, prop::collection::vec((0..count, 0..count), 0..count * 3))
        })
        .prop_map(|(names, pairs)| {
            let builder = names.iter().fold(DependencyGraph::builder(), |builder, name| {
                builder.step(node(&name.to_string(), "", "", &format!("group {}", name % 5)))
            });
            pairs
                .into_iter()
                .filter(|(left, right)| left != right)
                .fold(builder, |builder, (left, right)| {
                    builder.edge(
                        left.min(right).to_string(),
                        left.max(right).to_string(),
                        "it must",
                    )
                })
                .build()
                .expect("edges that point to greater numbers make no ring")
        })
}

/// So many steps with any edges between them, from prerequisite to dependent.
fn any_edges() -> impl Strategy<Value = (usize, HashSet<(usize, usize)>)> {
    (2_usize..12).prop_flat_map(|count| {
        let pairs = prop::collection::hash_set((0..count, 0..count), 0..count * 2);
        let pairs = pairs.prop_map(|pairs| pairs.into_iter().filter(|(from, to)| from != to).collect());
        (Just(count), pairs)
    })
}

/// Whether a way leads from a step back to itself.
fn has_ring(count: usize, edges: &HashSet<(usize, usize)>) -> bool {
    let mut reaches = edges.clone();
    for middle in 0..count {
        for from in 0..count {
            for to in 0..count {
                if reaches.contains(&(from, middle)) && reaches.contains(&(middle, to)) {
                    reaches.insert((from, to));
                }
            }
        }
    }
    (0..count).any(|step| reaches.contains(&(step, step)))
}

proptest! {
    #[test]
    fn rings_are_found_and_named_as_a_closed_chain((count, edges) in any_edges()) {
        let builder = (0..count).fold(DependencyGraph::builder(), |builder, step| {
            builder.step(node(&step.to_string(), "", "", ""))
        });
        let built = edges.iter().fold(builder, |builder, (from, to)| {
            builder.edge(from.to_string(), to.to_string(), format!("of {from} and {to}"))
        }).build();
        prop_assert_eq!(built.is_err(), has_ring(count, &edges));
        let Err(error) = built else { return Ok(()) };
        let words = error.to_string();
        let GraphError::Cycle { links } = error else { panic!("{words}") };
        let steps: HashSet<&str> = links.iter().map(|link| link.dependent.as_str()).collect();
        prop_assert_eq!(steps.len(), links.len(), "a step is named twice: {}", words);
        for (link, next) in links.iter().zip(links.iter().cycle().skip(1)) {
            prop_assert_eq!(&link.prerequisite, &next.dependent, "{}", words);
            let number = |id: &str| id.parse::<usize>().expect("ids are numbers");
            let edge = (number(&link.prerequisite), number(&link.dependent));
            prop_assert!(edges.contains(&edge), "{}", words);
            let (from, to) = edge;
            let told = format!("`{to}` needs `{from}` because of {from} and {to}");
            prop_assert!(words.contains(&told), "{}", words);
        }
    }

    #[test]
    fn order_respects_every_edge(graph in graph()) {
        let position: HashMap<_, _> =
            graph.order().into_iter().enumerate().map(|(place, node)| (node.id.clone(), place)).collect();
        prop_assert_eq!(position.len(), graph.len());
        for edge in graph.edges() {
            prop_assert!(position[&edge.prerequisite.id] < position[&edge.dependent.id]);
        }
    }

    #[test]
    fn reduction_keeps_what_follows_from_what(graph in graph()) {
        let reduced = graph.transitive_reduction();
        let mut reaches: HashMap<&str, HashSet<&str>> = HashMap::new();
        for node in graph.reverse_order() {
            let mut set = HashSet::new();
            for edge in reduced.iter().filter(|edge| edge.prerequisite.id == node.id) {
                set.insert(edge.dependent.id.as_str());
                set.extend(&reaches[edge.dependent.id.as_str()]);
            }
            reaches.insert(&node.id, set);
        }
        for edge in graph.edges() {
            prop_assert!(reaches[edge.prerequisite.id.as_str()].contains(edge.dependent.id.as_str()));
        }
    }

    #[test]
    fn why_agrees_with_the_critical_path(graph in graph()) {
        let path = graph.critical_path(|_| Duration::from_secs(1));
        prop_assert_eq!(path.total, Duration::from_secs(path.steps.len() as u64));
        for pair in path.steps.windows(2) {
            prop_assert!(graph.why(&pair[1].id, &pair[0].id).is_some());
        }
    }

    #[test]
    fn one_edge_back_makes_a_cycle_that_is_told(graph in graph()) {
        let edges: Vec<_> = graph.edges().collect();
        prop_assume!(!edges.is_empty());
        let chain = graph.why(&edges[0].dependent.id, &edges[0].prerequisite.id).unwrap();
        let mut builder = DependencyGraph::builder();
        for node in graph.nodes() {
            builder = builder.step(node.clone());
        }
        for edge in &edges {
            builder = builder.edge(&edge.prerequisite.id, &edge.dependent.id, edge.reason);
        }
        let error = builder.edge(&edges[0].dependent.id, &edges[0].prerequisite.id, "of the test").build();
        prop_assert!(error.unwrap_err().to_string().contains("because of the test"));
        prop_assert_eq!(chain.len(), 1);
    }

    #[test]
    fn savings_are_what_the_graph_without_the_edge_would_save(graph in graph(), times in prop::collection::vec(0..9_u64, 24)) {
        let duration = |id: &str| Duration::from_secs(times[id.parse::<usize>().unwrap()]);
        let total = graph.critical_path(duration).total;
        let savings = graph.savings(duration);
        for (removed, edge) in graph.edges().enumerate() {
            let builder = graph.nodes().cloned().fold(DependencyGraph::builder(), dependency_graph::Builder::step);
            let kept = graph.edges().enumerate().filter(|(position, _)| *position != removed);
            let without = kept.fold(builder, |builder, (_, edge)| {
                builder.edge(&edge.prerequisite.id, &edge.dependent.id, edge.reason)
            });
            let saves = total.checked_sub(without.build().unwrap().critical_path(duration).total).unwrap();
            let told = savings
                .iter()
                .find(|saving| saving.prerequisite == edge.prerequisite.id && saving.dependent == edge.dependent.id);
            prop_assert_eq!(told.map_or(Duration::ZERO, |saving| saving.saves), saves);
        }
    }

    #[test]
    fn slack_is_what_a_step_may_take_longer(graph in graph(), times in prop::collection::vec(0..9_u64, 24)) {
        let duration = |id: &str| Duration::from_secs(times[id.parse::<usize>().unwrap()]);
        let total = graph.critical_path(duration).total;
        for (id, slack) in graph.slack(duration) {
            let longer = |extra: Duration| {
                graph.critical_path(|other| duration(other) + if other == id { extra } else { Duration::ZERO }).total
            };
            prop_assert_eq!(longer(slack), total);
            prop_assert!(longer(slack + Duration::from_secs(1)) > total);
        }
    }

    #[test]
    fn every_graph_can_be_drawn(graph in graph()) {
        let svg = graph.to_svg("any");
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
        prop_assert_eq!(svg.matches("<g>").count(), graph.len());
    }
}
