//! The last runs of a network, kept in the cluster beside its inventory, each compressed and all of them bounded.
//!
//! A run that changed nothing leaves no trace, so that it writes nothing. Losing the history loses reports only.

mod run;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use kubernetes_objects::manifest::{Manifest, ObjectKey};
use serde_json::json;

pub use self::run::{Reason, Recording, RunRecord, RunState, StepRun, Wait};
use crate::api::briefly;
use crate::cluster::Cluster;
use crate::error::RolloutError;
use crate::event::{Outcome, Summary};
use crate::inventory::Inventory;
use crate::kinds;
use crate::object::Object;

const NAME: &str = "cordanetes-history";
const SUFFIX: &str = ".json.gz";
/// Runs that are kept.
const MOST_RUNS: usize = 20;
/// Bytes in base64 that are kept: a ConfigMap may hold 1 MiB.
const MOST_BYTES: usize = 700 * 1024;
/// Bytes that a run may have when it is read: a run of 10,000 steps has about a tenth.
const LONGEST_RUN: u64 = 64 * 1024 * 1024;

/// The last runs of a network, packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Base64 of each packed run by its number.
    runs: BTreeMap<u32, String>,
}

impl History {
    /// Where the history of a network lies.
    pub fn key(network: &str) -> ObjectKey {
        kinds::CONFIG_MAP.key(Some(&Inventory::namespace(network)), NAME)
    }

    /// Reads the history of a network; an empty one if there is none.
    pub async fn read(cluster: &dyn Cluster, network: &str) -> Result<Self, RolloutError> {
        let key = Self::key(network);
        let found = briefly(|| cluster.get(&key)).await;
        let found =
            found.map_err(|error| RolloutError::of_call(cluster.address(), "read the history", error))?;
        Ok(found.as_ref().map(Self::of).unwrap_or_default())
    }

    /// What is no run of ours is not looked at.
    pub(crate) fn of(object: &Object) -> Self {
        let entries = object
            .value()
            .pointer("/binaryData")
            .and_then(serde_json::Value::as_object);
        let run = |(name, packed): (&String, &serde_json::Value)| {
            let number = name.strip_suffix(SUFFIX)?.parse().ok()?;
            Some((number, packed.as_str()?.to_owned()))
        };
        Self {
            runs: entries.into_iter().flatten().filter_map(run).collect(),
        }
    }

    /// The numbers of the runs that are kept, oldest first.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.runs.keys().copied()
    }

    /// The run with this number; `None` if it is not kept.
    pub fn run(&self, number: u32) -> Option<Result<RunRecord, Unreadable>> {
        let packed = self.runs.get(&number)?;
        Some(unpack(packed).map_err(|cause| Unreadable { number, cause }))
    }

    /// Appends a run and drops the oldest ones for which there is no room. A run that is too large for itself is
    /// not kept.
    pub(crate) fn push(&mut self, record: &RunRecord) -> Result<(), Unpackable> {
        let packed = pack(record)?;
        if packed.len() > MOST_BYTES {
            return Err(Unpackable::TooLarge { bytes: packed.len() });
        }
        let number = self
            .runs
            .last_key_value()
            .map_or(1, |(number, _)| number.saturating_add(1));
        self.runs.insert(number, packed);
        while self.runs.len() > MOST_RUNS || self.runs.values().map(String::len).sum::<usize>() > MOST_BYTES {
            self.runs.pop_first();
        }
        Ok(())
    }

    /// The ConfigMap that holds it.
    pub(crate) fn manifest(&self, network: &str) -> Manifest {
        let key = Self::key(network);
        let entry =
            |(number, packed): (&u32, &String)| (format!("{number:05}{SUFFIX}"), packed.as_str().into());
        let entries: serde_json::Map<_, _> = self.runs.iter().map(entry).collect();
        Manifest::from(json!({
            "apiVersion": key.api_version,
            "kind": key.kind,
            "metadata": { "name": key.name, "namespace": key.namespace },
            "binaryData": entries,
        }))
    }
}

/// Whether a run left anything worth a report.
pub(crate) fn is_worth_keeping(summary: &Summary) -> bool {
    summary.outcome != Outcome::Done || summary.steps.iter().any(|step| step.changed)
}

/// A run in the history that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "run {number} in the history cannot be read by this version ({cause}); ask for another one with --run"
)]
pub struct Unreadable {
    number: u32,
    cause: std::io::Error,
}

/// A run that cannot be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unpackable {
    #[error("the run cannot be written: {0}")]
    Json(#[from] std::io::Error),
    #[error("the run takes {bytes} bytes, more than the history may have")]
    TooLarge { bytes: usize },
}

fn pack(record: &RunRecord) -> Result<String, std::io::Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    serde_json::to_writer(&mut encoder, record)?;
    encoder.flush()?;
    Ok(STANDARD.encode(encoder.finish()?))
}

fn unpack(packed: &str) -> Result<RunRecord, std::io::Error> {
    let bytes = STANDARD.decode(packed).map_err(std::io::Error::other)?;
    let mut text = Vec::new();
    GzDecoder::new(&*bytes).take(LONGEST_RUN).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use dependency_graph::{DependencyGraph, Node};

    use super::*;
    use crate::event::{Action, Counts};

    /// A run of so many steps, no two of which say the same.
    fn run_of(steps: usize) -> RunRecord {
        let id = |number: usize| format!("participant-{number}-registered");
        let node = |number: usize| Node {
            id: id(number),
            stage: "B24".into(),
            title: format!("Participant {number} is registered"),
            group: format!("quickstart-participant-{}", number / 4),
        };
        let builder = (0..steps).fold(DependencyGraph::builder(), |builder, number| {
            builder.step(node(number))
        });
        let builder = (1..steps).fold(builder, |builder, number| {
            builder.edge(
                id(number / 2),
                id(number),
                format!("it needs the address of {}", number / 2),
            )
        });
        let wait = |number: usize| Wait {
            wait: format!("Job quickstart-participant-{number}/registration"),
            started: Duration::from_millis(137 * number as u64),
            waited: Duration::from_micros(37_041_113 + number as u64 * 7919),
            reasons: (0..4)
                .map(|reason| Reason {
                    reason: format!("Pod p-{number}-{reason}: container `main` runs but is not ready"),
                    lasted: Duration::from_micros(number as u64 * 104_729 + reason),
                })
                .collect(),
        };
        RunRecord {
            network: "alpha".into(),
            action: Action::RollOut,
            server: "v1.34.4".into(),
            began: "2026-11-23T06:00:00Z".parse().unwrap(),
            duration: Duration::from_mins(9),
            outcome: Some(Outcome::Done),
            objects: Counts::default(),
            requests: 12_345,
            graph: builder.build().unwrap(),
            steps: (0..steps)
                .map(|number| {
                    (
                        id(number),
                        StepRun {
                            waits: vec![wait(number)],
                            ..StepRun::default()
                        },
                    )
                })
                .collect(),
        }
    }

    #[test]
    fn runs_of_a_thousand_steps_fit_and_old_ones_make_room() {
        let run = run_of(1000);
        let mut history = History::default();
        for _ in 0..9 {
            history.push(&run).unwrap();
        }
        let size = history.manifest("alpha").value().to_string().len();
        assert!(size <= MOST_BYTES + 1024, "{size}");
        let numbers: Vec<u32> = history.numbers().collect();
        assert!(numbers.len() >= 3 && numbers.ends_with(&[8, 9]), "{numbers:?}");
        let read = History::of(&Object::new(history.manifest("alpha").value().clone()));
        assert_eq!(read, history);
        let back = read.run(9).unwrap().unwrap();
        assert_eq!(
            serde_json::to_value(&back).unwrap(),
            serde_json::to_value(&run).unwrap()
        );
    }

    #[test]
    fn what_is_no_run_is_told() {
        let object = Object::new(json!({ "binaryData": { "00007.json.gz": "bm8=", "notes": "bm8=" } }));
        let history = History::of(&object);
        assert_eq!(history.numbers().collect::<Vec<_>>(), [7]);
        let told = history.run(7).unwrap().unwrap_err().to_string();
        assert!(
            told.starts_with("run 7 in the history cannot be read by this version ("),
            "{told}"
        );
    }
}
