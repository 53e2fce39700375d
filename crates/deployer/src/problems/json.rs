//! For programs: one JSON object whose fields stay; new ones may come.

use serde::Serialize;
use topology::Diagnostics;

/// All problems of a topology.
#[derive(Serialize)]
struct Report<'a> {
    /// The topology as it was named.
    topology: &'a str,
    /// In the order of the files; empty when the topology is valid.
    problems: Vec<Problem<'a>>,
    /// How many further ones there are.
    omitted: usize,
}

/// One problem. Lines and columns count from 1, columns in characters; the end is behind the last character.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    label: &'a str,
    help: Option<&'a str>,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// The report; of a valid topology without diagnostics.
pub(crate) fn json(topology: &str, diagnostics: Option<&Diagnostics>) -> serde_json::Result<String> {
    let problems: Vec<Problem<'_>> = diagnostics
        .into_iter()
        .flatten()
        .filter_map(|diagnostic| {
            let place = diagnostic.place()?;
            Some(Problem {
                code: diagnostic.code,
                severity: "error",
                message: &diagnostic.message,
                label: &diagnostic.label,
                help: diagnostic.help.as_deref(),
                file: place.file,
                line: place.line,
                column: place.column,
                end_line: place.end_line,
                end_column: place.end_column,
            })
        })
        .collect();
    serde_json::to_string_pretty(&Report {
        topology,
        omitted: diagnostics.map_or(0, Diagnostics::len) - problems.len(),
        problems,
    })
}
