//! A plan as people read it: what would change, by step, in the order of the rollout.

use std::fmt::Write as _;

use owo_colors::OwoColorize as _;
use rollout::plan::{Action, FieldChange, Plan, PlannedObject, PlannedStep};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::figures;

/// Longer values are cut.
const LONGEST_VALUE: usize = 100;
/// Unchanged lines around a changed one.
const CONTEXT: usize = 1;

/// The whole plan.
pub(crate) fn text(plan: &Plan) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        let objects: Vec<&PlannedObject> = step
            .objects
            .iter()
            .filter(|object| object.action != Action::Unchanged)
            .collect();
        if !objects.is_empty() {
            heading(&mut text, step);
            for object in objects {
                tell(&mut text, object);
            }
            text.push('\n');
        }
    }
    text.push_str(&summary(plan));
    text
}

fn heading(text: &mut String, step: &PlannedStep) {
    let _infallible = write!(text, "{}", step.id.bold());
    if step.title != step.id {
        let _infallible = write!(text, "  {}", step.title);
    }
    text.push('\n');
    let mut parts = Vec::new();
    if !step.after.is_empty() {
        parts.push(format!("after {}", step.after.join(", ")));
    }
    if !step.waits.is_empty() {
        parts.push(format!("until {}", step.waits.join(", ")));
    }
    if let Some(estimate) = step.estimate {
        parts.push(format!("took {} before", figures::duration(estimate)));
    }
    if !parts.is_empty() {
        let _infallible = writeln!(text, "  {}", parts.join("; ").dimmed());
    }
}

fn tell(text: &mut String, object: &PlannedObject) {
    let mut line = format!("  {} {}", mark(object.action), object.key);
    if object.restarts {
        line.push_str("  restarts its Pods");
    }
    if !object.forced_by.is_empty() {
        let _infallible = write!(line, "  forced by {}", object.forced_by.join(", "));
    }
    let _infallible = writeln!(text, "{line}");
    for change in &object.changes {
        field(text, change);
    }
    for known in &object.known_after {
        let _infallible = writeln!(text, "      {} is known after step {}", known.binding, known.step);
    }
    let details = [("because", &object.because), ("cost:", &object.cost)];
    for (word, detail) in details {
        if let Some(detail) = detail {
            let _infallible = writeln!(text, "      {word} {detail}");
        }
    }
    if let Some(blocked) = &object.blocked {
        let _infallible = writeln!(
            text,
            "      {} {}; {}",
            "refused:".red(),
            blocked.reason,
            blocked.way_on
        );
    }
}

fn mark(action: Action) -> String {
    match action {
        Action::Unchanged => " ".to_owned(),
        Action::Create => "+".green().to_string(),
        Action::Adopt => ">".yellow().to_string(),
        Action::Change => "~".yellow().to_string(),
        Action::Recreate => "-/+".red().to_string(),
        Action::Open => "?".yellow().to_string(),
        Action::Delete => "-".red().to_string(),
        Action::Keep => "=".dimmed().to_string(),
    }
}

fn field(text: &mut String, change: &FieldChange) {
    if let (Some(Value::String(old)), Some(Value::String(new))) = (&change.old, &change.new)
        && (old.contains('\n') || new.contains('\n'))
    {
        let _infallible = writeln!(text, "      {}", change.path);
        lines(text, old, new);
        return;
    }
    let shown = |value: &Option<Value>| value.as_ref().map_or_else(|| "none".to_owned(), value_text);
    let _infallible = writeln!(
        text,
        "      {}  {} → {}",
        change.path,
        shown(&change.old),
        shown(&change.new)
    );
}

fn value_text(value: &Value) -> String {
    let whole = match value {
        // Masked values say themselves what they are.
        Value::String(text) if text.starts_with('<') => text.clone(),
        other => other.to_string(),
    };
    if whole.chars().count() > LONGEST_VALUE {
        whole.chars().take(LONGEST_VALUE).chain(['…']).collect()
    } else {
        whole
    }
}

/// The lines that differ, with what stands around them.
fn lines(text: &mut String, old: &str, new: &str) {
    let diff = TextDiff::from_lines(old, new);
    for group in diff.grouped_ops(CONTEXT) {
        for operation in group {
            for change in diff.iter_changes(&operation) {
                let line = change.value().trim_end();
                let _infallible = match change.tag() {
                    ChangeTag::Equal => writeln!(text, "          {line}"),
                    ChangeTag::Delete => writeln!(text, "        {} {line}", "-".red()),
                    ChangeTag::Insert => writeln!(text, "        {} {line}", "+".green()),
                };
            }
        }
    }
}

/// The last lines: how much, and how long.
fn summary(plan: &Plan) -> String {
    let of = |action| plan.count(action);
    if !plan.is_pending() {
        let kept = match of(Action::Keep) {
            0 => String::new(),
            kept => format!(
                "; {} that left the topology stay in the cluster (`--prune-data` removes them)",
                figures::count(kept, "object")
            ),
        };
        return format!(
            "{} on {}: nothing to change, {} are as declared{kept}\n",
            plan.network,
            plan.cluster,
            figures::count(of(Action::Unchanged), "object")
        );
    }
    let parts: Vec<String> = [
        (Action::Create, "to make"),
        (Action::Adopt, "to take over"),
        (Action::Change, "to change"),
        (Action::Recreate, "to make anew"),
        (Action::Open, "known only later"),
        (Action::Delete, "to remove"),
        (Action::Keep, "left"),
        (Action::Unchanged, "unchanged"),
    ]
    .into_iter()
    .filter(|(action, _)| of(*action) > 0)
    .map(|(action, words)| format!("{} {words}", of(action)))
    .collect();
    let mut text = format!("{} on {}: {}\n", plan.network, plan.cluster, parts.join(", "));
    let estimate = &plan.estimate;
    if !estimate.duration.is_zero() {
        let _infallible = writeln!(
            text,
            "It takes about {}, by past runs: {}",
            figures::duration(estimate.duration),
            estimate.chain.join(" → ")
        );
    }
    if !estimate.unknown.is_empty() {
        let _infallible = writeln!(
            text,
            "No past run tells how long {} {}: {}",
            figures::count(estimate.unknown.len(), "step"),
            if estimate.unknown.len() == 1 {
                "takes"
            } else {
                "take"
            },
            estimate.unknown.join(", ")
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plan_as_it_is_read() {
        let plan: Plan = serde_json::from_value(json!({
            "network": "bank", "cluster": "https://bank:6443",
            "choices": {
                "adopt": false, "take_ownership": [], "recreate": [], "repair": false, "prune": true, "prune_data": [],
            },
            "steps": [
                { "id": "names", "title": "Services", "after": [], "waits": [], "objects": [
                    { "api_version": "v1", "kind": "Service", "namespace": "bank-network", "name": "zone", "action": "unchanged" },
                ]},
                { "id": "auth", "title": "Auth Service runs", "after": ["names"], "estimate": 4.0,
                  "waits": ["Deployment bank-network/auth is ready"], "objects": [
                    { "api_version": "v1", "kind": "ConfigMap", "namespace": "bank-network", "name": "auth", "action": "change",
                      "changes": [{ "path": ".data[auth.conf]", "old": "a = 1\nb = 2\nc = 3\n", "new": "a = 1\nb = 4\nc = 3\n" }] },
                    { "api_version": "v1", "kind": "Secret", "namespace": "bank-network", "name": "auth", "action": "change",
                      "changes": [{ "path": ".data.password", "old": "<8 bytes, 0f>", "new": "<9 bytes, aa>" }] },
                    { "api_version": "apps/v1", "kind": "Deployment", "namespace": "bank-network", "name": "auth",
                      "action": "change", "restarts": true, "changes": [{ "path": ".spec.replicas", "old": 1, "new": 2 }],
                      "blocked": { "reason": "field .spec.replicas belongs to `hpa`", "way_on": "take it over" } },
                ]},
                { "id": "remove-party-b", "title": "Removed: PartyB runs", "after": [], "waits": [], "objects": [
                    { "api_version": "apps/v1", "kind": "StatefulSet", "namespace": "bank-b", "name": "b", "action": "delete" },
                ]},
            ],
            "estimate": { "duration": 4.0, "chain": ["auth"], "unknown": [] },
        }))
        .expect("it is a plan");
        let text = anstream::adapter::strip_str(&text(&plan)).to_string();
        insta::assert_snapshot!(text, @r"
        auth  Auth Service runs
          after names; until Deployment bank-network/auth is ready; took 4.0s before
          ~ ConfigMap bank-network/auth
              .data[auth.conf]
                  a = 1
                - b = 2
                + b = 4
                  c = 3
          ~ Secret bank-network/auth
              .data.password  <8 bytes, 0f> → <9 bytes, aa>
          ~ Deployment bank-network/auth  restarts its Pods
              .spec.replicas  1 → 2
              refused: field .spec.replicas belongs to `hpa`; take it over

        remove-party-b  Removed: PartyB runs
          - StatefulSet bank-b/b

        bank on https://bank:6443: 3 to change, 1 to remove, 1 unchanged
        It takes about 4.0s, by past runs: auth
        ");
    }
}
