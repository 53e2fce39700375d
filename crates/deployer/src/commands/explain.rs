//! `cordanetes explain`: what a key or a diagnostic means.

use std::fmt::Write as _;

use owo_colors::OwoColorize as _;
use topology::{
    catalogue::{self, Entry, Example},
    language::{self, Explanation},
};

use crate::arguments::ExplainArguments;
use crate::failure::Failure;
use crate::{printer, table};

/// Prints an entry of the catalogue, or what there is.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    let text = match arguments.what.as_deref() {
        None => list(),
        Some(what) => match catalogue::entry(what) {
            Some(entry) => explanation(entry),
            None if what.contains("::") => return Err(unknown(what)),
            None => key(&language::explain(what).map_err(|error| Failure::WrongInput {
                message: error.to_string(),
                help: "write keys with dots between them, e.g. `participants.rpcClients.image`".to_owned(),
            })?),
        },
    };
    Ok(printer::data(&text)?)
}

fn list() -> String {
    let mut table = table::of(["CODE", "MEANING"]);
    for entry in catalogue::entries() {
        table.add_row([entry.code, entry.title]);
    }
    table::lines(&table).join("\n")
}

/// A key of the topology.
fn key(found: &Explanation) -> String {
    let path = if found.path.is_empty() {
        "the file"
    } else {
        &found.path
    };
    let mut text = format!("{} ({})\n\n{}\n", path.bold(), found.kind, found.documentation);
    for line in &found.form {
        let _infallible = writeln!(text, "  {line}");
    }
    let default = match (&found.default, found.required) {
        (_, true) => Some("none: it must be there"),
        (Some(default), false) => Some(default.as_str()),
        (None, false) => None,
    };
    for (title, value) in [("default", default), ("drives", found.drives.as_deref())] {
        if let Some(value) = value {
            let _infallible = write!(text, "\n{} {value}", format!("{title}:").cyan());
        }
    }
    if !found.keys.is_empty() {
        let mut keys = table::of(["KEY", "MEANING"]);
        for (name, meaning) in &found.keys {
            keys.add_row([name, meaning]);
        }
        let _infallible = write!(text, "\n\n{}", table::lines(&keys).join("\n"));
    }
    text
}

fn explanation(entry: &Entry) -> String {
    let mut text = format!("{}: {}\n\n{}\n\n", entry.code.bold(), entry.title, entry.cause);
    match entry.example {
        Example::Keys(keys) => {
            for line in keys.lines() {
                let _infallible = writeln!(text, "    {line}");
            }
        }
        Example::Words(words) => {
            let _infallible = writeln!(text, "Example: {words}");
        }
    }
    let _infallible = write!(text, "\n{} {}", "help:".cyan(), entry.fix);
    text
}

fn unknown(code: &str) -> Failure {
    let bare = code.strip_prefix("topology::").unwrap_or(code);
    let near = catalogue::entries()
        .map(|entry| {
            (
                strsim::jaro_winkler(bare, entry.code.trim_start_matches("topology::")),
                entry.code,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    Failure::WrongInput {
        message: format!("there is no diagnostic `{code}`"),
        help: near.map_or_else(
            || "`cordanetes explain` lists all".to_owned(),
            |(_, near)| format!("did you mean `{near}`?"),
        ),
    }
}
