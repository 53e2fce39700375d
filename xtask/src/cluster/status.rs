//! What runs where, for people.

use anyhow::Result;

use super::{CONTEXT, Cluster, NAME, make, read_record};
use crate::{engine::Engine, places::Places, progress::output};

/// Prints where the engine, the cluster and its parts stand.
pub(crate) fn print(places: &Places) -> Result<()> {
    let Some(engine) = Engine::find(places)? else {
        anstream::println!("engine      none runs\ncluster     none; `cargo xtask cluster up` makes one");
        return Ok(());
    };
    anstream::println!("engine      {}", engine.describe(places));
    let containers = make::containers(&engine)?;
    if containers.is_empty() {
        anstream::println!("cluster     none; `cargo xtask cluster up` makes one");
        return Ok(());
    }
    let Some(cluster) = Cluster::find(places)? else {
        anstream::println!(
            "cluster     {NAME} does not answer or is half-made ({}); `cargo xtask cluster up` makes it anew",
            containers.join(", ")
        );
        return Ok(());
    };
    let record = read_record(places)?.unwrap_or_default();
    let text = |key: &str| {
        record
            .get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or("unknown")
            .to_owned()
    };
    anstream::println!("cluster     {NAME}, up");
    anstream::println!("node image  {}", text("nodeImage"));
    anstream::println!("kubeconfig  {}, context {CONTEXT}", places.kubeconfig().display());
    if let Engine::Private(engine) = &cluster.engine {
        anstream::println!(
            "enter by    cargo xtask enter COMMAND…, or {}",
            engine.enter_by_hand()
        );
    }
    for (title, arguments) in [
        ("nodes", ["get", "nodes", "--output", "wide"].as_slice()),
        (
            "pods",
            ["get", "pods", "--all-namespaces", "--output", "wide"].as_slice(),
        ),
        ("volumes", ["get", "persistentvolumes"].as_slice()),
    ] {
        let listing = output(cluster.kubectl().args(arguments))?;
        anstream::println!(
            "\n{title}\n{}",
            String::from_utf8_lossy(&listing.stdout).trim_end()
        );
    }
    Ok(())
}
