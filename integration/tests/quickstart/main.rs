//! The quick start on a real cluster, as one story: rolled out from nothing, paid in, proved isolated and
//! watched, run again, taken away, killed in the middle and continued.

#![expect(clippy::print_stderr, reason = "the figures of a live run belong in its log")]

mod causes;
mod change;
mod custody;
mod delivery;
mod disturbance;
mod interruption;
mod isolation;
mod monitoring;
mod rollout;
mod rotation;
mod vault;

use std::{future::Future, process::ExitCode, sync::Arc};

use anyhow::Result;
use integration::{cluster::Cluster, deployer::Deployer};
use libtest_mimic::{Arguments, Failed, Trial};

/// What every trial gets.
pub(crate) struct World {
    pub(crate) cluster: Cluster,
    pub(crate) deployer: Deployer,
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The trials are steps of one story.
    arguments.test_threads = Some(1);
    // It fails when a provider is installed already, and there is only this one in the build.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let trials = vec![
        trial(
            "rolls out from nothing until the payment is done",
            rollout::from_nothing,
        ),
        trial(
            "the payment moved the money",
            rollout::the_payment_moved_the_money,
        ),
        trial(
            "a second run changes nothing",
            rollout::second_run_changes_nothing,
        ),
        trial(
            "each private key is where the plan says",
            custody::every_key_is_where_the_plan_says,
        ),
        trial(
            "the signer reaches its three services and nothing else",
            isolation::signer_reaches_nothing_else,
        ),
        trial(
            "the signer is reached by the Gateway only",
            isolation::signer_is_reached_by_the_gateway_only,
        ),
        trial(
            "Prometheus finds every component up",
            monitoring::every_component_is_up,
        ),
        trial(
            "Prometheus knows when each certificate ends",
            monitoring::ends_of_certificates_are_watched,
        ),
        trial(
            "Vault's agent would write what the Secrets hold",
            vault::agent_writes_what_secrets_hold,
        )
        // Ten minutes of two cores build it: `cargo xtask test --with-vault`.
        .with_ignored_flag(std::env::var_os(integration::vault::PROGRAM).is_none()),
        trial(
            "a plan is carried out exactly, or not at all",
            change::a_plan_is_carried_out_exactly,
        ),
        trial(
            "a wrong change is told and taken back",
            change::a_wrong_change_is_told_and_taken_back,
        ),
        trial("drift is told and repaired", change::drift_is_told_and_repaired),
        trial("what left the topology is removed", change::what_left_is_removed),
        trial(
            "leaves and passwords are replaced while payments go on",
            rotation::leaves_and_passwords,
        ),
        trial(
            "the SSL authority is replaced in three steps, one of them killed",
            rotation::ssl_authority,
        ),
        trial("what cannot be rotated is refused", rotation::refused),
        trial("destroy keeps ledgers and databases", rollout::destroy_keeps_data),
        trial(
            "on what was kept it rolls out again, on a cluster that does not hold still",
            disturbance::survived,
        ),
        trial(
            "destroy --delete-data leaves nothing",
            rollout::destroy_leaves_nothing,
        ),
        trial(
            "a missing image is told at once",
            rollout::a_missing_image_is_told,
        ),
        trial("four faults are told by their causes", causes::each_is_named),
        trial(
            "killed at ten moments, the same command begins again each time",
            interruption::killed_ten_times,
        ),
        trial(
            "interrupted, it says how to go on",
            interruption::interrupted_twice,
        ),
        trial(
            "after all of that it ends in one whole network",
            interruption::continued,
        ),
        trial("destroy leaves nothing again", rollout::destroy_leaves_nothing),
        trial(
            "keys come from the operator's own store by External Secrets",
            delivery::by_external_secrets,
        ),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// One step of the story, with a cluster and a deployer of its own.
fn trial<Story, Told>(name: &str, story: Story) -> Trial
where
    Story: FnOnce(Arc<World>) -> Told + Send + 'static,
    Told: Future<Output = Result<()>>,
{
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let told: Result<()> = runtime.block_on(async {
            let cluster = Cluster::connect().await?;
            let world = Arc::new(World {
                cluster: cluster.clone(),
                deployer: Deployer::from_environment()?,
            });
            let told = story(world).await;
            if told.is_err() {
                eprintln!("{}", cluster.describe("quickstart-").await?);
            }
            told
        });
        told.map_err(|error| Failed::from(format!("{error:?}")))
    })
}
