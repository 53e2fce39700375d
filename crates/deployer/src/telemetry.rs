//! The log, for those who ask for it with `-v`: what the engine and the client do, on standard error.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::printer::Printer;

/// Starts the log. Without `-v` there is none: the reporters say what happens. `RUST_LOG` narrows or widens it.
pub(crate) fn start(printer: Printer) {
    let default = match printer.verbosity() {
        0 => return,
        1 => "warn,rollout=info,deployer=info,cordanetes=info",
        2 => "info,rollout=debug,deployer=debug,cordanetes=debug",
        _ => "debug,rollout=trace,kube=trace",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
}
