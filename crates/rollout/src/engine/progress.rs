//! Whether a step gets anywhere. What moved is what was never so before: a condition, a Pod's phase, a container's
//! state or restart, a warning, a line in a log. What only repeats itself, its numbers aside, shows life, no progress.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::object::Object;

/// No step is given up sooner for want of progress: pulling an image or starting a JVM may be silent that long.
const SHORTEST_STALL: Duration = Duration::from_mins(3);
/// How many times its deadline a step may take while it still gets somewhere.
const CAP: u32 = 3;
/// Time in which the cluster could not be asked does not count, up to this much of it.
const LONGEST_OUTAGE: Duration = Duration::from_mins(10);

/// How long a step may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// How long a step may show life, such as a log that repeats itself, without getting anywhere.
    pub(crate) deadline: Duration,
    /// How long it may go without any sign.
    pub(crate) stall: Duration,
    /// How long it may take at all.
    pub(crate) cap: Duration,
}

impl Patience {
    /// Half of the deadline without a sign is a stall; thrice the deadline is the end of everything.
    pub(crate) fn of(deadline: Duration) -> Self {
        Self {
            deadline,
            stall: (deadline / 2).max(SHORTEST_STALL).min(deadline),
            cap: deadline * CAP,
        }
    }
}

/// Something that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// What makes it new.
    id: String,
    /// For a person.
    text: String,
}

impl Mark {
    /// New if it was not said before, numbers aside.
    pub(crate) fn words(text: impl Into<String>) -> Self {
        let text = text.into();
        let id = text.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        Self { id, text }
    }
}

/// What is remembered of a wait.
pub(crate) struct Progress {
    patience: Patience,
    started: Instant,
    moved: Instant,
    alive: Instant,
    outage: Duration,
    last: Option<String>,
    seen: HashSet<String>,
}

impl Progress {
    /// Begins now; `started` is when the step's time began.
    pub(crate) fn new(patience: Patience, started: Instant) -> Self {
        let now = Instant::now();
        Self {
            patience,
            started,
            moved: now,
            alive: now,
            outage: Duration::ZERO,
            last: None,
            seen: HashSet::new(),
        }
    }

    /// Takes in what is to be seen now; tells whether anything of it is new.
    pub(crate) fn note(&mut self, marks: impl IntoIterator<Item = Mark>) -> bool {
        let mut new = false;
        for mark in marks {
            if self.seen.insert(mark.id) {
                new = true;
                self.last = Some(mark.text);
            }
        }
        if new {
            self.moved = Instant::now();
        }
        new
    }

    /// Takes in a sign of life that is no progress.
    pub(crate) fn is_alive(&mut self) {
        self.alive = Instant::now();
    }

    /// Takes in that nobody could be asked for so long: that time is taken out of every budget.
    pub(crate) fn was_blind(&mut self, lasting: Duration) {
        let lasting = lasting.min(LONGEST_OUTAGE.saturating_sub(self.outage));
        self.outage += lasting;
        self.started += lasting;
        self.moved += lasting;
        self.alive += lasting;
    }

    /// When to give up unless something moves until then.
    pub(crate) fn end(&self) -> Instant {
        let Patience { deadline, stall, cap } = self.patience;
        let silent = (self.alive + stall).min(self.started + deadline);
        (self.moved + stall).max(silent).min(self.started + cap)
    }

    /// Whether it is given up although it moved lately.
    pub(crate) fn is_capped(&self) -> bool {
        self.moved + self.patience.stall > self.started + self.patience.cap
    }

    /// What moved last, and how long ago.
    pub(crate) fn last(&self) -> (Option<&str>, Duration) {
        (self.last.as_deref(), self.moved.elapsed())
    }
}

/// What is to be seen of an object: whatever of this was never so before is progress.
pub(crate) fn marks(object: &Object) -> Vec<Mark> {
    let (key, uid) = (object.key().to_string(), object.uid());
    let mut marks = Vec::new();
    let mut see = |what: String| {
        marks.push(Mark {
            id: format!("{uid} {what}"),
            text: format!("{key}: {what}"),
        });
    };
    see("it exists".to_owned());
    if object.is_leaving() {
        see(format!(
            "it is being deleted, held by [{}]",
            object.finalizers().join(", ")
        ));
    }
    let status = &object.value()["status"];
    for (name, value) in status.as_object().into_iter().flatten() {
        match value {
            Value::String(text) => see(format!("{name} {text}")),
            Value::Number(number) => see(format!("{name} {number}")),
            _ => {}
        }
    }
    for condition in list(&status["conditions"]) {
        let reason = condition["reason"].as_str().map(|reason| format!(" ({reason})"));
        see(format!(
            "condition {} is {}{}",
            condition["type"].as_str().unwrap_or_default(),
            condition["status"].as_str().unwrap_or_default(),
            reason.unwrap_or_default(),
        ));
    }
    for containers in ["initContainerStatuses", "containerStatuses"] {
        for container in list(&status[containers]) {
            see(of_container(container));
        }
    }
    marks
}

fn of_container(container: &Value) -> String {
    let state = container["state"]
        .as_object()
        .and_then(|state| state.iter().next());
    let told = state.map_or_else(
        || "is known".to_owned(),
        |(name, state)| match state["reason"].as_str() {
            Some(reason) => format!("{name} ({reason})"),
            None => name.clone(),
        },
    );
    let ready = if container["ready"] == true { ", ready" } else { "" };
    let restarts = match container["restartCount"].as_u64().unwrap_or_default() {
        0 => String::new(),
        count => format!(", restarted {count} times"),
    };
    format!(
        "container `{}` {told}{ready}{restarts}",
        container["name"].as_str().unwrap_or_default()
    )
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::time::advance;

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn pod(status: &Value) -> Object {
        Object::new(json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p", "namespace": "n", "uid": "u" },
            "status": status,
        }))
    }

    #[test]
    fn budgets_follow_the_deadline() {
        let minutes = |deadline: u32| {
            let Patience { deadline, stall, cap } = Patience::of(MINUTE * deadline);
            [deadline, stall, cap].map(|one| one.as_secs() / 60)
        };
        assert_eq!(minutes(1), [1, 1, 3]);
        assert_eq!(minutes(5), [5, 3, 15]);
        assert_eq!(minutes(10), [10, 5, 30]);
    }

    #[test]
    fn what_an_object_shows_is_read_off_it() {
        let status = json!({
            "phase": "Running", "startTime": "2026-11-23T08:00:00Z", "qosClass": "Burstable",
            "conditions": [{ "type": "Ready", "status": "False", "reason": "ContainersNotReady" }],
            "initContainerStatuses": [{ "name": "copy", "ready": true, "restartCount": 0, "state": { "terminated": { "reason": "Completed" } } }],
            "containerStatuses": [{ "name": "main", "ready": false, "restartCount": 2, "state": { "running": { "startedAt": "x" } } }],
        });
        let mut told: Vec<String> = marks(&pod(&status)).into_iter().map(|mark| mark.text).collect();
        told.sort();
        insta::assert_snapshot!(told.join("\n"), @"
        Pod n/p: condition Ready is False (ContainersNotReady)
        Pod n/p: container `copy` terminated (Completed), ready
        Pod n/p: container `main` running, restarted 2 times
        Pod n/p: it exists
        Pod n/p: phase Running
        Pod n/p: qosClass Burstable
        Pod n/p: startTime 2026-11-23T08:00:00Z
        ");
    }

    #[tokio::test(start_paused = true)]
    async fn repetition_is_no_progress() {
        let mut progress = Progress::new(Patience::of(MINUTE * 10), Instant::now());
        let waiting = |reason: &str| {
            marks(&pod(
                &json!({ "containerStatuses": [{ "name": "main", "state": { "waiting": { "reason": reason } } }] }),
            ))
        };
        assert!(progress.note(waiting("ErrImagePull")));
        assert!(progress.note(waiting("ImagePullBackOff")));
        assert!(!progress.note(waiting("ErrImagePull")));
        assert!(progress.note([Mark::words("attempt 1 of 20 to reach auth")]));
        assert!(!progress.note([Mark::words("attempt 2 of 20 to reach auth")]));
        assert_eq!(progress.last().0, Some("attempt 1 of 20 to reach auth"));
    }

    #[tokio::test(start_paused = true)]
    async fn time_without_an_answer_does_not_count() {
        let begun = Instant::now();
        let mut progress = Progress::new(Patience::of(MINUTE * 10), begun);
        advance(MINUTE * 4).await;
        progress.was_blind(MINUTE * 4);
        assert_eq!(progress.end().duration_since(begun), MINUTE * 9);
        // A cluster that stays away is not waited for without end.
        progress.was_blind(MINUTE * 100);
        assert_eq!(progress.end().duration_since(begun), MINUTE * 15);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_ends_a_wait_early_and_progress_carries_it_past_its_deadline() {
        let begun = Instant::now();
        let patience = Patience::of(MINUTE * 10);
        let after = |progress: &Progress| progress.end().duration_since(begun).as_secs() / 60;

        let silent = Progress::new(patience, begun);
        assert_eq!(after(&silent), 5);

        // A log that repeats itself is life, so the deadline holds, but no longer.
        let mut repeating = Progress::new(patience, begun);
        let mut moving = Progress::new(patience, begun);
        for minute in 1..=9 {
            advance(MINUTE).await;
            repeating.is_alive();
            moving.note([Mark::words(format!("part {}", "x".repeat(minute)))]);
        }
        assert_eq!((after(&repeating), after(&moving)), (10, 14));
        assert!(!moving.is_capped());

        for minute in 10..=29 {
            advance(MINUTE).await;
            moving.note([Mark::words(format!("part {}", "x".repeat(minute)))]);
        }
        assert_eq!(after(&moving), 30);
        assert!(moving.is_capped());
    }
}
