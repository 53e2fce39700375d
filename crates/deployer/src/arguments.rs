//! The command line as clap structs; one file a command. What the commands do is in `commands`.

mod certificates;
mod choices;
mod cluster;
mod custody;
mod deploy;
mod destroy;
mod explain;
mod generate;
mod graph;
mod log;
mod plan;
mod render;
mod report;
mod status;
mod validate;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub(crate) use certificates::{
    AcceptArguments, CeremonyArguments, CeremonyCommand, CertificatesArguments, CertificatesCommand,
    CheckArguments, Days, DeliverArguments, ExportArguments, ImportArguments, IssueArguments, ListArguments,
    ListFormat, PlanArguments, PlanFormat, RenewArguments, RotateArguments, StoreArguments,
};
pub(crate) use choices::ChoiceArguments;
pub(crate) use cluster::ClusterArguments;
pub(crate) use custody::CustodyArguments;
pub(crate) use deploy::{DeployArguments, OutputFormat};
pub(crate) use destroy::DestroyArguments;
pub(crate) use explain::ExplainArguments;
pub(crate) use generate::{GenerateArguments, Generated};
pub(crate) use graph::{GraphArguments, GraphFormat, GraphView};
pub(crate) use log::{LogArguments, LogFormat};
pub(crate) use plan::RolloutPlanArguments;
pub(crate) use render::RenderArguments;
pub(crate) use report::{ReportArguments, ReportFormat, ReportOption};
pub(crate) use status::StatusArguments;
pub(crate) use validate::{ProblemFormat, ValidateArguments};

const AFTER_HELP: &str = "\
Exit codes:
  0    done
  1    failed; the message says what, why and what to do next
  2    wrong input: the topology or the arguments
  3    changes are pending (`plan --detailed-exit-code`)
  130  interrupted

Standard output carries data only; messages and progress go to standard error.";

/// Rolls a Corda network out on Kubernetes from one topology file.
#[derive(Debug, Parser)]
#[command(name = "cordanetes", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalArguments,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Debug)]
pub(crate) struct GlobalArguments {
    /// When to colour the output [`NO_COLOR` turns it off]
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,

    /// Only errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// More detail; twice for the client's log
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    #[command(flatten)]
    pub(crate) log: LogArguments,
}

/// When to colour the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a topology: every problem at once, with line and help
    Validate(ValidateArguments),
    /// Say what a key or a diagnostic means, with an example and what to do
    Explain(ExplainArguments),
    /// Print the graph of the rollout
    Graph(GraphArguments),
    /// Write the Kubernetes objects as files
    Render(RenderArguments),
    /// What `deploy` would change, in which order and for how long; nothing is changed
    Plan(RolloutPlanArguments),
    /// Roll the network out, or continue a rollout
    Deploy(DeployArguments),
    /// Where each component of a network stands
    Status(StatusArguments),
    /// What the last run did when, what decided its duration, and what each wait cost
    Report(ReportArguments),
    /// Remove a network; keys, ledgers and databases stay unless asked for
    Destroy(DestroyArguments),
    /// Plan, check and look after keys and certificates
    Certificates(CertificatesArguments),
    /// Write shell completions or manual pages
    #[command(hide = true)]
    Generate(GenerateArguments),
}

impl Command {
    /// Its name, for traces.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Validate(_) => "validate",
            Self::Explain(_) => "explain",
            Self::Graph(_) => "graph",
            Self::Render(_) => "render",
            Self::Plan(_) => "plan",
            Self::Deploy(_) => "deploy",
            Self::Status(_) => "status",
            Self::Report(_) => "report",
            Self::Destroy(_) => "destroy",
            Self::Certificates(_) => "certificates",
            Self::Generate(_) => "generate",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
