//! A plan as a file: what was shown, and enough to notice that the cluster or the topology has moved since. It
//! holds no secret, and nothing by which one could be guessed.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use kubernetes_objects::manifest::ObjectKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::compare::{Comparison, States};
use super::dry_run::comparable;
use super::mask::keyed;
use super::{Action, Plan};
use crate::choice::ObjectName;
use crate::rollout::Rollout;

/// The version of the file's shape.
pub const FORMAT: &str = "cordanetes.dev/plan/v1";

/// A plan that can be carried out later, exactly as it is or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanFile {
    /// [`FORMAT`].
    pub format: String,
    /// When it was made.
    pub made: String,
    /// What declares it, for whoever carries it out; a path, mostly.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<String>,
    /// What was shown.
    pub plan: Plan,
    /// What it was made from, by object.
    objects: BTreeMap<String, Marks>,
}

/// An object's states as they were, so that others can be told from them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Marks {
    action: Option<Action>,
    /// Of what is to be applied; none where that is not known yet.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    wanted: Option<String>,
    /// Of what is in the cluster, without its status; none where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    live: Option<String>,
}

/// A file that is no plan.
#[derive(Debug, thiserror::Error)]
pub enum UnreadablePlan {
    /// No JSON, or not of this shape.
    #[error("it is not a plan: {0}")]
    Shape(#[from] serde_json::Error),
    /// Of another version.
    #[error("it has the format `{found}`, this program knows `{FORMAT}`")]
    Format {
        /// What stands in it.
        found: String,
    },
}

/// What is not as it was when a plan was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// An object in the cluster was changed, made or deleted.
    Live(String),
    /// What is to be applied is another: the topology, the keys, or the program.
    Wanted(String),
    /// Something else would happen to the object.
    Action(String),
}

impl fmt::Display for Moved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live(object) => write!(formatter, "{object} was changed in the cluster"),
            Self::Wanted(object) => write!(formatter, "the topology or its keys give another {object}"),
            Self::Action(object) => write!(formatter, "something else would happen to {object}"),
        }
    }
}

impl PlanFile {
    pub(crate) fn of(comparison: Comparison, rollout: &Rollout) -> Self {
        let objects = marks(&comparison, rollout);
        Self {
            format: FORMAT.to_owned(),
            made: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            source: None,
            plan: comparison.plan,
            objects,
        }
    }

    /// Reads a file.
    pub fn read(text: &str) -> Result<Self, UnreadablePlan> {
        let value: Value = serde_json::from_str(text)?;
        let found = value["format"].as_str().unwrap_or_default();
        if found != FORMAT {
            return Err(UnreadablePlan::Format {
                found: found.to_owned(),
            });
        }
        Ok(serde_json::from_value(value)?)
    }

    /// The file's text.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// What has moved between this plan and a comparison made now.
    pub(crate) fn moved(&self, now: &Comparison, rollout: &Rollout) -> Vec<Moved> {
        let now = marks(now, rollout);
        let nothing = Marks::default();
        let mut moved = Vec::new();
        let names = self
            .objects
            .keys()
            .chain(now.keys().filter(|name| !self.objects.contains_key(*name)));
        for name in names {
            let then = self.objects.get(name).unwrap_or(&nothing);
            let now = now.get(name).unwrap_or(&nothing);
            if then.wanted != now.wanted {
                moved.push(Moved::Wanted(name.clone()));
            } else if then.live != now.live {
                moved.push(Moved::Live(name.clone()));
            } else if then.action != now.action {
                moved.push(Moved::Action(name.clone()));
            }
        }
        moved
    }
}

fn marks(comparison: &Comparison, rollout: &Rollout) -> BTreeMap<String, Marks> {
    let key = key(rollout);
    let mark = |name: &str, value: &Value| {
        // The name keeps equal contents of different objects from having equal marks.
        keyed(&key, format!("{name}\n{}", crate::hash::of(value)).as_bytes())
    };
    let empty = States::default();
    comparison
        .plan
        .objects()
        .map(|(_, object)| {
            let name = name(&object.key);
            let states = comparison.states.get(&object.key).unwrap_or(&empty);
            let marks = Marks {
                action: Some(object.action),
                wanted: states.wanted.as_ref().map(|wanted| mark(&name, wanted)),
                live: states.live.as_ref().map(|live| mark(&name, &comparable(live))),
            };
            (name, marks)
        })
        .collect()
}

fn name(key: &ObjectKey) -> String {
    ObjectName::from(key).to_string()
}

/// The key of the marks: all secrets of the network together. Whoever knows them need not guess, and nobody else
/// can try guesses against a mark.
fn key(rollout: &Rollout) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(FORMAT);
    let manifests = rollout.steps.iter().flat_map(|step| &step.manifests);
    for secret in manifests.filter(|manifest| manifest.key().kind == "Secret") {
        digest.update(crate::hash::of(secret.value()));
    }
    digest.finalize().into()
}
