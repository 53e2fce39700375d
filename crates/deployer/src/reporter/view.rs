//! What is known of a run, folded from its events. Pure: the clock is in the events and in the questions.

use std::time::Duration;

use indexmap::IndexMap;
use rollout::event::{Action, Change, EventKind, RolloutEvent};

/// A run so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// The network.
    pub(crate) network: String,
    /// What is being done; known once the run has started.
    pub(crate) action: Option<Action>,
    /// The steps by id, by declaration.
    pub(crate) steps: IndexMap<String, StepView>,
}

/// A step so far.
#[derive(Clone, Debug)]
pub(crate) struct StepView {
    /// What a person reads.
    pub(crate) title: String,
    /// The group under which it is told.
    pub(crate) group: String,
    /// Where it stands.
    pub(crate) state: State,
    /// Objects that it wrote.
    pub(crate) written: usize,
}

/// Where a step stands. Times count from the start of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Waits for other steps.
    Waiting {
        /// Their ids.
        on: Vec<String>,
    },
    /// Works, or waits for its gates.
    Running {
        /// Since when.
        since: Duration,
        /// Why it is not done yet, if that is known.
        reason: Option<String>,
    },
    /// Its gates are open.
    Done {
        /// How long it took.
        duration: Duration,
        /// Whether it changed anything.
        changed: bool,
    },
    /// It failed.
    Failed {
        /// How long it took.
        duration: Duration,
        /// One sentence.
        message: String,
    },
    /// It was begun and left.
    Interrupted,
    /// It will not start in this run.
    NotStarted {
        /// The failed steps that it depends on.
        because: Vec<String>,
    },
}

impl View {
    /// Takes in an event.
    pub(crate) fn apply(&mut self, event: &RolloutEvent) {
        let elapsed = event.elapsed;
        match &event.kind {
            EventKind::RolloutStarted {
                version: _,
                network,
                server: _,
                action,
                steps,
            } => {
                self.network.clone_from(network);
                self.action = Some(*action);
                self.steps = steps
                    .iter()
                    .map(|planned| {
                        let on = planned
                            .prerequisites
                            .iter()
                            .map(|before| before.step.clone())
                            .collect();
                        let view = StepView {
                            title: planned.node.title.clone(),
                            group: planned.node.group.clone(),
                            state: State::Waiting { on },
                            written: 0,
                        };
                        (planned.node.id.clone(), view)
                    })
                    .collect();
            }
            EventKind::StepWaiting { step, on } => self.set(step, State::Waiting { on: on.clone() }),
            EventKind::StepStarted { step, .. } => self.set(
                step,
                State::Running {
                    since: elapsed,
                    reason: None,
                },
            ),
            EventKind::ObjectApplied {
                step,
                object: _,
                change,
            } => {
                if let Some(view) = self.steps.get_mut(step)
                    && !matches!(change, Change::Unchanged | Change::Kept)
                {
                    view.written += 1;
                }
            }
            EventKind::StepProgress { step, reason } => {
                if let Some(StepView {
                    state: State::Running { reason: told, .. },
                    ..
                }) = self.steps.get_mut(step)
                {
                    *told = Some(reason.clone());
                }
            }
            EventKind::StepDone {
                step,
                duration,
                changed,
            } => {
                self.set(
                    step,
                    State::Done {
                        duration: *duration,
                        changed: *changed,
                    },
                );
            }
            EventKind::StepFailed {
                step,
                duration,
                message,
                blame: _,
            } => {
                self.set(
                    step,
                    State::Failed {
                        duration: *duration,
                        message: message.clone(),
                    },
                );
            }
            EventKind::StepInterrupted { step } => self.set(step, State::Interrupted),
            EventKind::StepNotStarted { step, because } => {
                self.set(
                    step,
                    State::NotStarted {
                        because: because.clone(),
                    },
                );
            }
            EventKind::WaitStarted { .. }
            | EventKind::WaitEnded { .. }
            | EventKind::RolloutStopping { .. }
            | EventKind::RolloutFinished { .. } => {}
        }
    }

    fn set(&mut self, step: &str, state: State) {
        if let Some(view) = self.steps.get_mut(step) {
            view.state = state;
        }
    }

    /// A step's title, or its id when it is unknown.
    pub(crate) fn title<'a>(&'a self, step: &'a str) -> &'a str {
        self.steps.get(step).map_or(step, |view| &view.title)
    }

    /// How many steps are done.
    pub(crate) fn done(&self) -> usize {
        self.steps
            .values()
            .filter(|step| matches!(step.state, State::Done { .. }))
            .count()
    }

    /// The steps by group, groups in the order in which they first appear.
    pub(crate) fn groups(&self) -> IndexMap<&str, Vec<&StepView>> {
        let mut groups: IndexMap<&str, Vec<&StepView>> = IndexMap::new();
        for step in self.steps.values() {
            groups.entry(&step.group).or_default().push(step);
        }
        groups
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use dependency_graph::Node;
    use jiff::Timestamp;
    use rollout::event::{Planned, Prerequisite};

    use super::*;

    /// An event some seconds after the start.
    pub(crate) fn at(seconds: u64, kind: EventKind) -> RolloutEvent {
        let start: Timestamp = "2026-11-23T06:00:00Z".parse().expect("it is a timestamp");
        let elapsed = Duration::from_secs(seconds);
        RolloutEvent {
            at: start + elapsed,
            elapsed,
            kind,
        }
    }

    fn planned(group: &str, id: &str, title: &str, prerequisites: &[&str]) -> Planned {
        let node = Node {
            id: id.into(),
            stage: String::new(),
            title: title.into(),
            group: group.into(),
        };
        let reason = String::from("it needs it");
        let prerequisites = prerequisites.iter().map(|step| Prerequisite {
            step: (*step).into(),
            reason: reason.clone(),
        });
        Planned {
            node,
            prerequisites: prerequisites.collect(),
            last_duration: None,
        }
    }

    /// The start of a run of six steps in three groups.
    pub(crate) fn started() -> RolloutEvent {
        let kind = EventKind::RolloutStarted {
            version: rollout::event::VERSION,
            network: "bank".into(),
            server: "v1.34.4".into(),
            action: Action::RollOut,
            steps: vec![
                planned("bank-signing", "signing-namespace", "Namespace and policies", &[]),
                planned("bank-network", "network-namespace", "Namespace and policies", &[]),
                planned("bank-network", "auth", "Auth runs", &["network-namespace"]),
                planned(
                    "bank-network",
                    "identity-manager",
                    "Identity Manager runs",
                    &["auth"],
                ),
                planned(
                    "bank-notary",
                    "notary-registered",
                    "Notary registered",
                    &["identity-manager"],
                ),
                planned("bank-notary", "notary", "Notary runs", &["notary-registered"]),
            ],
        };
        at(0, kind)
    }

    pub(crate) fn begin(step: &str) -> EventKind {
        released(step, None)
    }

    /// Begun so many milliseconds after it could have begun.
    pub(crate) fn released(step: &str, milliseconds: Option<u64>) -> EventKind {
        EventKind::StepStarted {
            step: step.into(),
            release_latency: milliseconds.map(Duration::from_millis),
        }
    }

    pub(crate) fn done(step: &str, seconds: u64, changed: bool) -> EventKind {
        EventKind::StepDone {
            step: step.into(),
            duration: Duration::from_secs(seconds),
            changed,
        }
    }

    pub(crate) fn progress(step: &str, reason: &str) -> EventKind {
        EventKind::StepProgress {
            step: step.into(),
            reason: reason.into(),
        }
    }

    /// The events of a run that is half way through.
    pub(crate) fn half_way() -> Vec<RolloutEvent> {
        vec![
            started(),
            at(0, begin("signing-namespace")),
            at(0, begin("network-namespace")),
            at(1, done("signing-namespace", 1, true)),
            at(1, done("network-namespace", 1, true)),
            at(1, begin("auth")),
            at(
                3,
                progress("auth", "Deployment bank-network/auth: 0 of 1 replicas are ready"),
            ),
            at(40, done("auth", 39, true)),
            at(40, begin("identity-manager")),
            at(
                44,
                progress(
                    "identity-manager",
                    "Pod identity-manager-0: container runs, startup probe not passed",
                ),
            ),
        ]
    }

    #[test]
    fn events_fold_into_states() {
        let mut view = View::default();
        for event in half_way() {
            view.apply(&event);
        }
        assert_eq!(view.done(), 3);
        assert_eq!(
            view.groups().keys().copied().collect::<Vec<_>>(),
            ["bank-signing", "bank-network", "bank-notary"]
        );
        assert_eq!(
            view.steps["notary"].state,
            State::Waiting {
                on: vec!["notary-registered".into()]
            }
        );
        let State::Running { since, reason } = &view.steps["identity-manager"].state else {
            panic!("it runs");
        };
        assert_eq!(since.as_secs(), 40);
        assert!(
            reason
                .as_ref()
                .is_some_and(|reason| reason.starts_with("Pod identity-manager-0"))
        );
        assert_eq!(view.title("auth"), "Auth runs");
        assert_eq!(view.title("unknown"), "unknown");
    }
}
