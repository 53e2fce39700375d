//! The log, for those who ask for it, and traces for a collector: what the engine and the client do, in spans of
//! rollout, step, object, wait and request. Neither ever holds the content of an object.

mod export;

use std::io;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

use crate::arguments::{LogArguments, LogFormat};
use crate::failure::Failure;
use crate::printer;
use crate::printer::Printer;

use self::export::Exporter;

/// What is exported, whatever is logged.
const EXPORTED: &str = "rollout=debug,cordanetes=debug";

/// Ends what was started.
#[must_use = "traces are lost when it is not finished"]
pub(crate) struct Telemetry {
    export: Option<(SdkTracerProvider, Exporter)>,
}

/// Starts the log and the export, each only if it was asked for.
pub(crate) fn start(arguments: &LogArguments, printer: Printer) -> Result<Telemetry, Failure> {
    let export = arguments
        .otlp_endpoint
        .as_deref()
        .map(export::start)
        .transpose()?;
    let traces = export.as_ref().map(|(provider, _)| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("cordanetes"))
            .with_filter(EnvFilter::new(EXPORTED))
    });
    let log = filter(arguments, printer)?.map(|filter| {
        let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr);
        match arguments.log_format {
            LogFormat::Text => layer
                .with_ansi(Printer::colours_errors())
                .with_filter(filter)
                .boxed(),
            LogFormat::Json => layer.json().with_filter(filter).boxed(),
        }
    });
    tracing_subscriber::registry().with(traces).with(log).init();
    Ok(Telemetry { export })
}

impl Telemetry {
    /// Sends what is left. A collector that does not take it is told, and is no failure.
    pub(crate) fn finish(self) {
        let Some((provider, exporter)) = self.export else {
            return;
        };
        let ended = provider.shutdown();
        let problem = exporter
            .problem()
            .or_else(|| ended.err().map(|error| error.to_string()));
        if let Some(problem) = problem {
            printer::error(&format!(
                "warning: the traces were not sent to {}: {problem}",
                exporter.endpoint()
            ));
        }
    }
}

/// 1. `--log`; 2. `-v`, which `RUST_LOG` narrows or widens; 3. nothing.
fn filter(arguments: &LogArguments, printer: Printer) -> Result<Option<EnvFilter>, Failure> {
    if let Some(log) = &arguments.log {
        let directives = match log.as_str() {
            level @ ("error" | "warn" | "info" | "debug" | "trace") => {
                format!("warn,rollout={level},cordanetes={level}")
            }
            directives => directives.to_owned(),
        };
        return EnvFilter::try_new(directives)
            .map(Some)
            .map_err(|error| Failure::WrongInput {
                message: format!("`{log}` is no filter of the log: {error}"),
                help: "give a level (`debug`), or directives like `info,rollout=trace,kube=debug`".to_owned(),
            });
    }
    let default = match printer.verbosity() {
        0 => return Ok(None),
        1 => "warn,rollout=info,cordanetes=info",
        2 => "info,rollout=debug,cordanetes=debug",
        _ => "debug,rollout=trace,kube=trace",
    };
    Ok(Some(
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default)),
    ))
}
