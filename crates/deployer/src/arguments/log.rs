//! What is logged and traced; options of every command.

use clap::{Args, ValueEnum};

/// Options about the log.
#[derive(Args, Debug)]
#[command(next_help_heading = "Log")]
pub(crate) struct LogArguments {
    /// Log to standard error: a level, or directives like `info,rollout=trace`
    #[arg(long, global = true, value_name = "FILTER")]
    pub(crate) log: Option<String>,

    /// Form of the log
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(crate) log_format: LogFormat,

    /// Send traces to this OpenTelemetry collector, e.g. `http://localhost:4318`
    #[arg(long, global = true, env = crate::environment::OTLP_ENDPOINT, value_name = "URL")]
    pub(crate) otlp_endpoint: Option<String>,
}

/// The forms of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}
