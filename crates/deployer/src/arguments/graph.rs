//! `cordanetes graph`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `graph`.
#[derive(Args, Debug)]
pub(crate) struct GraphArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// What to draw
    #[arg(long, value_enum, default_value_t = GraphView::Network, conflicts_with_all = ["why", "critical_path"])]
    pub(crate) view: GraphView,

    /// How to draw it [default: by the ending of `--output`, else dot]
    #[arg(long, value_enum, conflicts_with_all = ["why", "critical_path"])]
    pub(crate) format: Option<GraphFormat>,

    /// Draw each by itself also where many are equal
    #[arg(long, conflicts_with_all = ["why", "critical_path"])]
    pub(crate) expand: bool,

    /// Write to a file instead of standard output
    #[arg(long, value_name = "PATH", conflicts_with_all = ["why", "critical_path"])]
    pub(crate) output: Option<PathBuf>,

    /// Say why step A waits for step B
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "critical_path")]
    pub(crate) why: Option<Vec<String>>,

    /// Print the longest chain of steps, each counted alike
    #[arg(long)]
    pub(crate) critical_path: bool,
}

/// What a graph shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphView {
    /// Namespaces, what runs in them, and every connection.
    Network,
    /// The steps of the rollout and what each waits for.
    Rollout,
}

/// How to draw a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid, as in Markdown files.
    Mermaid,
    /// A picture.
    Svg,
    /// Data for programs.
    Json,
}
