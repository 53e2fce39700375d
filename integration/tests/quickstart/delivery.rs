//! Keys and passwords come from the operator's own store, by the real controller of External Secrets.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use integration::operator_store::{OperatorStore, STORE};
use integration::variation::Variation;
use k8s_openapi::api::core::v1::Secret;
use kube::ResourceExt;

use crate::World;
use crate::custody::{every_key_is_where_the_plan_says, ring};
use crate::rollout::{destroy_leaves_nothing, succeeded, the_payment_moved_the_money};

const PREFIX: &str = "corda";
const PARTICIPANT: &str = "quickstart-participant-party-a";

/// From nothing until the payment is done: what is not in the store is missed by name, and the run goes on when it is. A
/// TLS key is replaced the same way.
pub(crate) async fn by_external_secrets(world: Arc<World>) -> Result<()> {
    let store = OperatorStore::open(&world.cluster).await?;
    story(&world, &store).await.with_context(|| store.told())?;
    destroy_leaves_nothing(Arc::clone(&world)).await?;
    store.close().await
}

async fn story(world: &Arc<World>, store: &OperatorStore) -> Result<()> {
    let topology = Variation::of(
        &world.deployer.topology("quickstart.yaml"),
        &[(
            "name: quickstart\n",
            &format!(
                "name: quickstart\ndelivery: {{ externalSecrets: {{ store: {STORE}, prefix: {PREFIX}, layout: names }} }}\n"
            ),
        )],
    )?;
    let path = topology.path()?;
    let first = topology.beside("first")?;
    deliver(world, &path, &first).await?;
    let held_back = format!("{PREFIX}-{PARTICIPANT}");
    let missing = store.load(Path::new(&first), Some(&held_back)).await?;
    let missing = missing
        .first()
        .context("the participant needs nothing of the store")?;

    let mut run = world.deployer.start(&["deploy", &path])?;
    run.until(&format!("the run to miss {missing}"), |event| {
        event["type"] == "step_progress"
            && event["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains(missing))
    })
    .await?;
    store.load(Path::new(&first), None).await?;
    succeeded(&run.end().await?)?;
    the_payment_moved_the_money(Arc::clone(world)).await?;
    made_by_the_controller(world).await?;
    every_key_is_where_the_plan_says(Arc::clone(world)).await?;

    let before = ring()?;
    succeeded(
        &world
            .deployer
            .run_without_cluster(&["certificates", "rotate", &path, "cordasslauthservice"])
            .await?,
    )?;
    let second = topology.beside("second")?;
    deliver(world, &path, &second).await?;
    store.load(Path::new(&second), None).await?;
    succeeded(&world.deployer.run(&["deploy", &path]).await?)?;
    ensure!(
        before.private_key("cordasslauthservice")?.expose_pkcs8()
            != ring()?.private_key("cordasslauthservice")?.expose_pkcs8(),
        "the Auth Service has its old key"
    );
    // The keys of the key file, which are new.
    every_key_is_where_the_plan_says(Arc::clone(world)).await?;
    let again = world.deployer.run(&["deploy", &path, "--output", "json"]).await?;
    succeeded(&again)?;
    ensure!(again.figures()?["changedObjects"] == 0, "{}", again.figures()?);
    Ok(())
}

async fn deliver(world: &World, topology: &str, folder: &str) -> Result<()> {
    let arguments = ["certificates", "deliver", topology, "--output", folder];
    succeeded(&world.deployer.run_without_cluster(&arguments).await?)
}

/// Every key store in the network's namespaces is in a Secret that the controller made.
async fn made_by_the_controller(world: &World) -> Result<()> {
    let mut stores = 0;
    for secret in world.cluster.everywhere::<Secret>().await? {
        let is_ours = secret
            .namespace()
            .is_some_and(|namespace| namespace.starts_with("quickstart-"));
        let has_store = secret.data.iter().flatten().any(|(file, _)| {
            let ending = Path::new(file).extension();
            ending.is_some_and(|ending| ending == "jks")
        });
        if !is_ours || !has_store {
            continue;
        }
        stores += 1;
        let owner = secret.owner_references().first().map(|owner| owner.kind.as_str());
        ensure!(
            owner == Some("ExternalSecret"),
            "{} is of {owner:?}",
            secret.name_any()
        );
    }
    ensure!(stores > 5, "only {stores} Secrets hold key stores");
    Ok(())
}
