//! `cordanetes status`: where each component stands now, and how the last rollout ended.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use jiff::Timestamp;
use owo_colors::OwoColorize as _;
use rollout::RolloutError;
use rollout::cluster::Cluster;
use rollout::status::{self, ComponentStatus, Drift, NetworkStatus};

use super::engine;
use crate::arguments::{OutputFormat, StatusArguments};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::screen::Screen;
use crate::{figures, printer, table};

/// How often ages are drawn anew.
const TICK: Duration = Duration::from_secs(1);

/// Asks the cluster and tells.
pub(crate) async fn run(arguments: &StatusArguments, printer: Printer) -> Result<(), Failure> {
    let cluster = engine::connect(&arguments.cluster).await?;
    if arguments.watch {
        return watch(arguments, printer, cluster).await;
    }
    let mut status = status::status(&*cluster, &arguments.network)
        .await
        .map_err(Failure::from_library)?;
    if arguments.drift {
        let drift = status::drift(&*cluster, &arguments.network).await;
        status.drift = Some(drift.map_err(Failure::from_library)?);
    }
    match arguments.output {
        OutputFormat::Text => printer::data(&text(&status, Timestamp::now()).join("\n"))?,
        OutputFormat::Json => printer::data(&json(&status)?)?,
    }
    verdict(&status)
}

/// Tells it again and again until it is interrupted: drawn on a terminal, else what has changed.
async fn watch(
    arguments: &StatusArguments,
    printer: Printer,
    cluster: Arc<dyn Cluster>,
) -> Result<(), Failure> {
    let draws = arguments.output == OutputFormat::Text && printer.draws();
    let screen = draws.then(Screen::on_standard_error);
    let mut statuses = status::watch(cluster, &arguments.network);
    let mut ticks = tokio::time::interval(TICK);
    let mut last: Option<Result<NetworkStatus, RolloutError>> = None;
    let mut told: Vec<ComponentStatus> = Vec::new();
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    loop {
        tokio::select! {
            // This is how it is meant to end.
            _ = &mut interrupted => break,
            next = statuses.next() => match next {
                Some(status) => {
                    if screen.is_none() {
                        tell(arguments.output, &status, &mut told)?;
                    }
                    last = Some(status);
                }
                None => break,
            },
            _ = ticks.tick(), if draws => {}
        }
        if let (Some(screen), Some(last)) = (&screen, &last) {
            screen.draw(&match last {
                Ok(status) => text(status, Timestamp::now()),
                Err(error) => vec![format!("{} {error}", "!".yellow())],
            });
        }
    }
    if let Some(screen) = screen {
        screen.clear();
        if let Some(Ok(status)) = &last {
            printer::data(&text(status, Timestamp::now()).join("\n"))?;
        }
    }
    Ok(())
}

/// What has changed, for a log or a machine.
fn tell(
    output: OutputFormat,
    status: &Result<NetworkStatus, RolloutError>,
    told: &mut Vec<ComponentStatus>,
) -> Result<(), Failure> {
    match (output, status) {
        (OutputFormat::Json, Ok(status)) => Ok(printer::data(&json(status)?)?),
        (OutputFormat::Text, Ok(status)) => {
            let changed = status
                .components
                .iter()
                .filter(|component| !told.contains(component));
            let lines: Vec<String> = changed
                .map(|component| change(component, Timestamp::now()))
                .collect();
            told.clone_from(&status.components);
            if lines.is_empty() {
                Ok(())
            } else {
                Ok(printer::data(&lines.join("\n"))?)
            }
        }
        (_, Err(error)) => {
            printer::error(&error.to_string());
            Ok(())
        }
    }
}

fn change(component: &ComponentStatus, now: Timestamp) -> String {
    let ComponentStatus {
        namespace,
        kind,
        name,
        ready,
        gate,
        reason,
        ..
    } = component;
    let state = if *ready {
        format!("ready: {gate}")
    } else {
        format!("not ready: {}", figures::one_line(reason))
    };
    format!("{now:.0}  {kind} {namespace}/{name} {state}")
}

fn json(status: &NetworkStatus) -> Result<String, Failure> {
    serde_json::to_string(status)
        .map_err(|error| Failure::internal("the status cannot be written as JSON", error))
}

fn text(status: &NetworkStatus, now: Timestamp) -> Vec<String> {
    let mut table = table::of(["COMPONENT", "NAMESPACE", "KIND", "STATE", "SINCE", "GATE"]);
    for component in &status.components {
        let since = component.since.map(|since| now.duration_since(since));
        let since = since
            .and_then(|since| Duration::try_from(since).ok())
            .map(figures::age)
            .unwrap_or_default();
        let state = if component.ready { "ready" } else { "not ready" };
        let gate = if component.ready {
            component.gate.clone()
        } else {
            figures::one_line(&component.reason)
        };
        table.add_row([
            &component.name,
            &component.namespace,
            &component.kind,
            state,
            &since,
            &gate,
        ]);
    }
    let rows = table::lines(&table).into_iter().enumerate().map(|(row, line)| {
        match row.checked_sub(1).and_then(|row| status.components.get(row)) {
            Some(component) if !component.ready => line.yellow().to_string(),
            Some(_) => line,
            None => line.dimmed().to_string(),
        }
    });
    let mut lines: Vec<String> = rows.collect();
    for step in &status.failed_steps {
        lines.push(format!(
            "{} {}: {}",
            "✘".red(),
            step.step,
            figures::one_line(&step.message)
        ));
    }
    if !status.open_steps.is_empty() {
        let steps: Vec<&str> = status.open_steps.iter().map(|step| step.step.as_str()).collect();
        lines.push(format!("{} not done yet: {}", "·".yellow(), steps.join(", ")));
    }
    if let Some(drift) = &status.drift {
        lines.push(String::new());
        lines.extend(drifted(drift, now));
    }
    if let Some(cause) = &status.interrupted {
        let old = format!("this is from before: {cause}");
        lines.push(format!("{} {old}", "!".yellow()));
    }
    lines
}

fn drifted(drift: &[Drift], now: Timestamp) -> Vec<String> {
    if drift.is_empty() {
        return vec!["nobody else has changed anything since it was applied".to_owned()];
    }
    let mut table = table::of(["CHANGED BY OTHERS", "FIELD", "IS NOW", "BY", "SINCE"]);
    for Drift {
        object,
        field,
        live,
        manager,
        at,
        ..
    } in drift
    {
        let since = at
            .and_then(|at| Duration::try_from(now.duration_since(at)).ok())
            .map(figures::age);
        let live = live
            .as_deref()
            .unwrap_or(if field.is_empty() { "gone" } else { "not there" });
        let since = since.unwrap_or_default();
        table.add_row([&object.to_string(), field, live, manager, &since]);
    }
    table::lines(&table)
}

/// Scripts want to know whether all is well.
fn verdict(status: &NetworkStatus) -> Result<(), Failure> {
    let unready = status
        .components
        .iter()
        .filter(|component| !component.ready)
        .count();
    let steps = status.failed_steps.len() + status.open_steps.len();
    let drift = status.drift.as_ref().map_or(0, Vec::len);
    let message = match (unready, steps) {
        (0, 0) if drift > 0 => format!(
            "{} of {} changed by others",
            figures::count(drift, "field"),
            status.network
        ),
        (0, 0) => return Ok(()),
        (0, steps) => format!("{} of {} not done", figures::count(steps, "step"), status.network),
        (unready, _) => format!(
            "{} of {} not ready",
            figures::count(unready, "component"),
            status.network
        ),
    };
    let help = format!(
        "run `{} deploy` with the topology to continue and to learn why",
        crate::environment::command()
    );
    Err(Failure::Failed {
        message,
        cause: None,
        help: Some(help),
    })
}

#[cfg(test)]
mod tests {
    use rollout::status::StepStatus;

    use super::*;

    const NOW: &str = "2026-11-23T06:10:00Z";

    fn component(name: &str, since: &str, reason: &str) -> ComponentStatus {
        let gate = "all replicas of the newest revision are ready".to_owned();
        ComponentStatus {
            namespace: "bank-network".into(),
            kind: "Deployment".into(),
            name: name.into(),
            step: name.into(),
            ready: reason.is_empty(),
            gate,
            since: since.parse().ok(),
            reason: reason.into(),
        }
    }

    fn step(step: &str, message: &str) -> StepStatus {
        StepStatus {
            step: step.into(),
            title: format!("{step} runs"),
            message: message.into(),
        }
    }

    fn status() -> NetworkStatus {
        NetworkStatus {
            network: "bank".into(),
            components: vec![
                component("auth", "2026-11-21T05:09:00Z", ""),
                component("gateway", "", "not there yet"),
                component(
                    "zone",
                    "2026-11-23T06:09:48Z",
                    "Pod bank-network/zone-0: `zone` crashes\nat line 1",
                ),
            ],
            failed_steps: vec![step("zone", "its image cannot be pulled")],
            open_steps: vec![step("gateway", "")],
            interrupted: None,
            drift: None,
        }
    }

    fn plain(status: &NetworkStatus) -> String {
        let now = NOW.parse().expect("it is a time");
        anstream::adapter::strip_str(&text(status, now).join("\n")).to_string()
    }

    #[test]
    fn what_is_not_well_is_told_and_fails() {
        insta::assert_snapshot!(plain(&status()));
        let failure = verdict(&status()).expect_err("zone is not ready");
        assert_eq!(failure.to_string(), "2 components of bank not ready");
    }

    #[test]
    fn a_cluster_that_keeps_silent_is_told() {
        let status = NetworkStatus {
            interrupted: Some("the cluster does not answer: refused".into()),
            ..status()
        };
        assert!(plain(&status).ends_with("! this is from before: the cluster does not answer: refused"));
    }

    #[test]
    fn drift_is_told_by_field_and_fails() {
        let mut status = NetworkStatus {
            failed_steps: vec![],
            open_steps: vec![],
            ..status()
        };
        status.components.truncate(1);
        let object = |kind: &str, name: &str| kubernetes_objects::manifest::ObjectKey {
            api_version: "v1".into(),
            kind: kind.into(),
            namespace: Some("bank-network".into()),
            name: name.into(),
        };
        let drift = |object, field: &str, live: Option<&str>, manager: &str, at: &str| Drift {
            object,
            step: "auth".into(),
            field: field.into(),
            live: live.map(str::to_owned),
            manager: manager.into(),
            at: at.parse().ok(),
        };
        status.drift = Some(vec![
            drift(
                object("Deployment", "auth"),
                ".spec.replicas",
                Some("3"),
                "kubectl",
                "2026-11-23T06:09:00Z",
            ),
            drift(object("ConfigMap", "auth"), "", None, "", ""),
        ]);
        insta::assert_snapshot!(plain(&status));
        assert_eq!(
            verdict(&status).expect_err("it drifted").to_string(),
            "2 fields of bank changed by others"
        );
        status.drift = Some(vec![]);
        assert!(plain(&status).ends_with("nobody else has changed anything since it was applied"));
        assert!(verdict(&status).is_ok());
    }

    #[test]
    fn a_change_is_one_line() {
        let now = NOW.parse().expect("it is a time");
        let lines: Vec<String> = status()
            .components
            .iter()
            .map(|component| change(component, now))
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn all_is_well() {
        let mut status = status();
        status.components.truncate(1);
        assert!(verdict(&status).is_err());
        status.failed_steps.clear();
        status.open_steps.clear();
        assert!(status.is_well() && verdict(&status).is_ok());
    }
}
