//! `cordanetes explain`.

use clap::Args;

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// A key with its path, e.g. `participants.rpcClients`, or the code of a diagnostic, e.g.
    /// `topology::unknown-key`; without one, all codes are listed
    #[arg(value_name = "WHAT")]
    pub(crate) what: Option<String>,
}
