//! Prometheus watches everything that the topology names.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use integration::cluster::within;
use serde_json::Value;

use crate::World;

const COMPONENTS: [&str; 9] = [
    "auth",
    "gateway",
    "identity-manager",
    "network-map",
    "notary",
    "party-a",
    "party-b",
    "signing-service",
    "zone",
];

pub(crate) async fn every_component_is_up(world: Arc<World>) -> Result<()> {
    // Prometheus scrapes by its own clock: there is no event to await, so it is asked again and again.
    let mut found = BTreeMap::new();
    let all_up = async {
        loop {
            found = up(&world).await?;
            if COMPONENTS
                .iter()
                .all(|component| found.get(*component).is_some_and(|value| value == "1"))
            {
                return anyhow::Ok(());
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let waited = within(90, "Prometheus to find everything up", all_up).await;
    ensure!(matches!(waited, Ok(Ok(()))), "{waited:?}; up: {found:?}");
    ensure!(
        found.len() == COMPONENTS.len(),
        "more is scraped than the topology names: {found:?}"
    );

    // Corda's own beans come through the agent: the payment was a flow of PartyA.
    let shown = async {
        while flows_of_party_a(&world).await? < 1.0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        anyhow::Ok(())
    };
    within(60, "PartyA's flows to be shown", shown).await?
}

/// Each certificate and revocation list has its end as a metric, and none of them is about to end.
pub(crate) async fn ends_of_certificates_are_watched(world: Arc<World>) -> Result<()> {
    // Rules are evaluated by Prometheus' own clock.
    let known = async {
        loop {
            let ends = query(&world, "cordanetes_not_after_timestamp_seconds - time()").await?;
            if !ends.is_empty() {
                return anyhow::Ok(ends);
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let ends = within(60, "the rules about certificates", known).await??;
    let topology = world.deployer.topology("quickstart.yaml");
    let topology = topology.to_str().context("the path is UTF-8")?;
    let plan = world
        .deployer
        .run_without_cluster(&["certificates", "plan", topology, "-o", "json"])
        .await?;
    let plan = plan.events.first().context("the plan is printed")?;
    let planned = [&plan["entities"], &plan["crls"]]
        .iter()
        .filter_map(|all| all.as_array())
        .map(Vec::len)
        .sum::<usize>();
    ensure!(
        ends.len() == planned,
        "{planned} are planned and {} watched: {ends:?}",
        ends.len()
    );
    for end in &ends {
        let left: f64 = end["value"][1].as_str().context("it has a value")?.parse()?;
        ensure!(left > 800.0 * 86_400.0, "{end}");
    }
    let firing = query(&world, "ALERTS{alertname=~\"CertificateEnds.*\"}").await?;
    ensure!(firing.is_empty(), "{firing:?}");
    Ok(())
}

/// How many flows PartyA has ended, by Prometheus.
async fn flows_of_party_a(world: &World) -> Result<f64> {
    let result = query(world, "sum(corda_flow_ended_total{component=\"party-a\"})").await?;
    let value = result.first().and_then(|sample| sample["value"][1].as_str());
    Ok(value.map_or(Ok(0.0), str::parse)?)
}

/// `up` by component.
async fn up(world: &World) -> Result<BTreeMap<String, String>> {
    let result = query(world, "up").await?;
    let line = |sample: &Value| {
        let component = sample["metric"]["component"].as_str()?.to_owned();
        Some((component, sample["value"][1].as_str()?.to_owned()))
    };
    Ok(result.iter().filter_map(line).collect())
}

async fn query(world: &World, query: &str) -> Result<Vec<Value>> {
    let path = format!("/api/v1/query?query={}", percent_encoded(query));
    let (status, body) = world
        .cluster
        .http_get(
            "quickstart-monitoring",
            "app.kubernetes.io/name=prometheus",
            9090,
            &path,
        )
        .await?;
    let body = String::from_utf8(body)?;
    ensure!(status == 200, "Prometheus answered {status}: {body}");
    let answer: Value = serde_json::from_str(&body)?;
    answer["data"]["result"]
        .as_array()
        .cloned()
        .with_context(|| format!("no result in {body}"))
}

/// A query as a part of a URL (RFC 3986).
fn percent_encoded(query: &str) -> String {
    query.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _infallible = write!(text, "%{byte:02X}");
        }
        text
    })
}
