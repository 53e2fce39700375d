//! `cordanetes explain`.

use clap::Args;

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// Code of a diagnostic, e.g. `topology::unknown-key`; without one, all are listed
    #[arg(value_name = "WHAT")]
    pub(crate) what: Option<String>,
}
