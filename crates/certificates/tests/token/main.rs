//! The operator's keys in a token, proved with SoftHSM: real PKCS#11, its keys in files of a folder of the test's own.
//!
//! SoftHSM reads the place of its tokens from the environment, and no process may set its own variables while it has
//! threads: the program makes the tokens and then runs itself again.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking, too"
)]

#[path = "../it/chains.rs"]
mod chains;
#[expect(dead_code, reason = "the other program uses more of it")]
#[path = "../it/fixture.rs"]
mod fixture;
mod refusals;
mod soft_hsm;
mod stories;
#[path = "../it/tool.rs"]
mod tool;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let trials: Vec<(&'static str, fn())> = [stories::TRIALS, refusals::TRIALS].concat();
    if !soft_hsm::inside() {
        return soft_hsm::run_again(trials.iter().map(|(name, _)| *name));
    }
    let trials = trials
        .into_iter()
        .map(|(name, trial)| {
            Trial::test(name, move || {
                trial();
                Ok(())
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
