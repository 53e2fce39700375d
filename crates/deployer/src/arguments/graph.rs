//! `cordanetes graph`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `graph`.
#[derive(Args, Debug)]
pub(crate) struct GraphArguments {
    /// Topology file
    #[arg(value_name = "FILE")]
    pub(crate) topology: PathBuf,

    /// How to draw it
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot, conflicts_with_all = ["why", "critical_path"])]
    pub(crate) format: GraphFormat,

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

/// How to draw a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid, as in Markdown files.
    Mermaid,
    /// A picture.
    Svg,
}
