//! Where the keys are kept and what opens them; shared by the commands that need keys.

use std::path::PathBuf;

use clap::Args;

use crate::environment;

/// Options about the key custody. The passphrase itself is never an argument: every process could read it.
#[derive(Args, Debug)]
#[command(next_help_heading = "Key custody")]
pub(crate) struct CustodyArguments {
    /// File with the passphrase of the keys; without it and without `CORDANETES_PASSPHRASE` a terminal is asked
    #[arg(long, value_name = "PATH", env = environment::PASSPHRASE_FILE, hide_env_values = true)]
    pub(crate) passphrase_file: Option<PathBuf>,

    /// Folder with the encrypted keys [default: ~/.local/state/cordanetes/custody]
    #[arg(long, value_name = "DIRECTORY", env = environment::CUSTODY_DIRECTORY, hide_env_values = true)]
    pub(crate) custody_directory: Option<PathBuf>,
}
