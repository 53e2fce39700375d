//! Which cluster; shared by the commands that speak to one.

use std::path::PathBuf;

use clap::Args;

/// Options about the cluster, by the usual kubeconfig rules.
#[derive(Args, Debug)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct ClusterArguments {
    /// Context of the kubeconfig; its current one if absent
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,

    /// Kubeconfig file; `KUBECONFIG`, then `~/.kube/config` if absent
    #[arg(long, value_name = "PATH")]
    pub(crate) kubeconfig: Option<PathBuf>,
}
