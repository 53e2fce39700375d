//! What is asked when nothing has moved for a while: whether the objects are still as the watches say (a watch can
//! die without a word), what controllers and the kubelet recorded about them, and what a container has logged.

use std::collections::HashSet;

use super::Shared;
use super::progress::Mark;
use crate::cause::{self, Blame};
use crate::cluster::{ClusterError, ObjectEvent, PodRef};
use crate::kinds::POD;
use crate::labels;
use crate::object::Object;

const LONGEST_WARNING: usize = 300;

/// What was found.
#[derive(Default)]
pub(super) struct Pulse {
    /// Progress, if any of it is new.
    pub(super) marks: Vec<Mark>,
    /// Whether there is a sign of life: an image is being pulled.
    pub(super) alive: bool,
    /// Whether the cluster could not be asked.
    pub(super) blind: bool,
    /// The newest warning, if there is one.
    pub(super) warning: Option<Warning>,
    /// The newest log line.
    pub(super) line: Option<String>,
}

/// What a controller, the scheduler or the kubelet complains about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Warning {
    /// E.g. `FailedMount: secret "keys" not found`, cut to a bearable length.
    pub(super) text: String,
    /// What it says about the cause.
    pub(super) blame: Option<Blame>,
}

/// Asks about the objects that a step waits for.
pub(super) async fn take(
    shared: &Shared,
    step: &str,
    subjects: &[Object],
    log_of: Option<&(PodRef, String)>,
) -> Pulse {
    let mut pulse = Pulse::default();
    if let Err(error) = read_again(shared, step, subjects).await {
        tracing::debug!(step, %error, "the cluster cannot be asked whether anything moved");
        // Nobody knows whether the step gets anywhere: the time without an answer does not count against it.
        pulse.blind = error.is_transient();
        return pulse;
    }
    for object in subjects {
        match shared.api.events(object).await {
            Ok(events) => take_in(&mut pulse, object, &events),
            Err(error) => tracing::debug!(object = %object.key(), %error, "no events to show"),
        }
    }
    if let Some((pod, container)) = log_of {
        match shared.api.log_line(pod, container).await {
            Ok(line) if !line.trim().is_empty() => {
                pulse
                    .marks
                    .push(Mark::words(format!("{pod} logs: {}", cut(line.trim()))));
                pulse.line = Some(line);
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(%pod, container, %error, "no log to show"),
        }
    }
    pulse
}

/// Events of one object, oldest first.
fn take_in(pulse: &mut Pulse, object: &Object, events: &[ObjectEvent]) {
    for event in events {
        let text = cut(&format!("{}: {}", event.reason, event.message));
        pulse.marks.push(Mark::words(format!("{}: {text}", object.key())));
        if event.warning {
            pulse.warning = Some(Warning {
                text,
                blame: cause::of_warning(&event.reason, &event.message),
            });
        }
    }
    pulse.alive |= events.last().is_some_and(|event| event.reason == "Pulling");
}

/// Brings the store up to date, in case a watch has died.
async fn read_again(shared: &Shared, step: &str, subjects: &[Object]) -> Result<(), ClusterError> {
    let (pods, others): (Vec<&Object>, Vec<&Object>) = subjects
        .iter()
        .partition(|object| object.text("/kind") == Some(POD.kind));
    for object in others {
        match shared.api.get_once(&object.key()).await? {
            Some(live) => shared.store.put(live),
            None => shared.store.remove(&object.key(), object.uid()),
        }
    }
    let selector = format!("{},{}={step}", labels::selector(&shared.network), labels::STEP);
    let listed = shared.api.list_once(&POD, &selector).await?;
    let present: HashSet<&str> = listed.iter().map(Object::uid).collect();
    for pod in pods {
        let is_of_step = pod.label(labels::STEP) == Some(step);
        if is_of_step && !present.contains(pod.uid()) {
            shared.store.remove(&pod.key(), pod.uid());
        }
    }
    for pod in listed {
        shared.store.put(pod);
    }
    Ok(())
}

/// The newest warning about an object; a message is better with it, and good enough without.
pub(super) async fn last_warning(shared: &Shared, object: &Object) -> Option<Warning> {
    let mut pulse = Pulse::default();
    match shared.api.events(object).await {
        Ok(events) => take_in(&mut pulse, object, &events),
        Err(error) => tracing::debug!(object = %object.key(), %error, "no events to show"),
    }
    pulse.warning
}

fn cut(text: &str) -> String {
    if text.chars().count() > LONGEST_WARNING {
        text.chars().take(LONGEST_WARNING).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}
