//! The published shape of `--output json`, generated from the types that are written.

use rollout::event::RolloutEvent;
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};

use crate::failure::Failure;
use crate::summary::DeploymentResult;

/// A line of the stream.
#[derive(JsonSchema)]
#[schemars(
    untagged,
    title = "A line of `cordanetes deploy --output json` and `cordanetes destroy --output json`",
    description = "The first line is of type `rollout_started` and carries the version of the stream. `deploy` ends \
                   with a line of type `result` when the network is up. A reader ignores types and fields that it \
                   does not know."
)]
#[expect(dead_code, reason = "it only describes what others write")]
enum Line {
    Event(RolloutEvent),
    Result(DeploymentResult),
}

fn schema() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    SchemaGenerator::new(settings).into_root_schema_for::<Line>()
}

/// The schema as a file holds it.
pub(crate) fn text() -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&schema())
        .map_err(|error| Failure::internal("the schema cannot be written as JSON", error))?;
    Ok(format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::Duration;

    use jsonschema::Validator;
    use rollout::cluster::simulated::{Behaviour, Fate, SimulatedCluster};
    use rollout::{Cancellation, DestroyOptions, Options, destroy, roll_out};
    use serde_json::{Value, json};
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;
    use crate::reporter::example;
    use crate::summary::{DeploymentSummary, RunFigures};

    fn validator() -> Validator {
        jsonschema::validator_for(schema().as_value()).expect("the schema is one")
    }

    fn check(validator: &Validator, line: &Value) {
        let problems: Vec<String> = validator
            .iter_errors(line)
            .map(|error| error.to_string())
            .collect();
        assert!(problems.is_empty(), "{line:#}: {problems:?}");
    }

    #[test]
    fn the_published_schema_is_the_present_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/events.schema.json");
        let published = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            published == text().expect("it is JSON"),
            "run `cargo run -p deployer -- generate schema > crates/deployer/schema/events.schema.json`"
        );
    }

    /// Validates all events of a run and gives their types back.
    fn validate(mut events: UnboundedReceiver<RolloutEvent>, types: &mut BTreeSet<String>) {
        let validator = validator();
        let mut number = 0;
        while let Ok(event) = events.try_recv() {
            let line = serde_json::to_value(&event).expect("events are JSON");
            check(&validator, &line);
            let kind = line["type"].as_str().expect("each has a type");
            assert_eq!(number == 0, kind == "rollout_started", "{line}");
            assert_eq!(number == 0, line["version"] == rollout::event::VERSION, "{line}");
            types.insert(kind.to_owned());
            let back: RolloutEvent = serde_json::from_value(line.clone()).expect("events can be read back");
            assert_eq!(serde_json::to_value(&back).expect("events are JSON"), line);
            number += 1;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_event_of_a_run_is_of_the_published_shape() {
        let mut types = BTreeSet::new();
        let cluster = SimulatedCluster::default();
        for fate in [Fate::NoImage("not found".into()), Fate::Works] {
            let behaviour = Behaviour {
                fate,
                ..Behaviour::default()
            };
            cluster.behave("two", behaviour);
            let (sender, events) = unbounded_channel();
            let (network, cancellation) = (example::three_deployments(), Cancellation::default());
            let ended = roll_out(
                Arc::new(cluster.clone()),
                network,
                Options::default(),
                cancellation,
                sender,
            )
            .await;
            ended.expect("it begins");
            validate(events, &mut types);
        }
        let (sender, events) = unbounded_channel();
        let (cancellation, options) = (
            Cancellation::default(),
            DestroyOptions {
                delete_data: true,
                ..DestroyOptions::default()
            },
        );
        destroy(
            Arc::new(cluster),
            "example",
            options,
            cancellation.clone(),
            sender,
        )
        .await
        .expect("it begins");
        validate(events, &mut types);
        let (sender, events) = unbounded_channel();
        let stopping = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            cancellation.stop();
        };
        let run = roll_out(
            Arc::new(SimulatedCluster::default()),
            example::three_deployments(),
            Options::default(),
            cancellation.clone(),
            sender,
        );
        let (ended, ()) = tokio::join!(run, stopping);
        ended.expect("it begins");
        validate(events, &mut types);
        let known = schema();
        let known: BTreeSet<String> = known.as_value()["$defs"]["RolloutEvent"]["oneOf"]
            .as_array()
            .expect("an event is one of its kinds")
            .iter()
            .map(|kind| {
                kind["properties"]["type"]["const"]
                    .as_str()
                    .expect("a type")
                    .to_owned()
            })
            .collect();
        assert_eq!(types, known, "every type of event was met");
    }

    #[test]
    fn the_last_line_is_of_the_published_shape_too() {
        let result = DeploymentResult::new(DeploymentSummary::default(), RunFigures::default());
        let line = serde_json::to_value(result).expect("it is JSON");
        check(&validator(), &line);
        assert!(!validator().is_valid(&json!({ "type": "rollout_started" })));
        assert!(!validator().is_valid(&json!({ "type": "unheard_of" })));
    }
}
