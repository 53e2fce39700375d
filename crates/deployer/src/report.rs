//! Reports of runs, as text, as a page, and for machines.

mod escape;
mod page;
mod text;
mod words;

use std::path::{Path, PathBuf};

use rollout::report::Report;

use crate::arguments::ReportFormat;
use crate::failure::Failure;

pub(crate) use text::brief;
pub(crate) use words::headline;

/// Columns where no terminal says how many it has.
const USUAL_WIDTH: usize = 110;

/// Columns of standard output.
pub(crate) fn width() -> usize {
    console::Term::stdout()
        .size_checked()
        .map_or(USUAL_WIDTH, |(_, columns)| columns.into())
}

/// The report in this format; text with colours, which the stream drops where they are not wanted.
pub(crate) fn render(report: &Report, format: ReportFormat, width: usize) -> Result<String, Failure> {
    match format {
        ReportFormat::Text => Ok(text::whole(report, width)),
        ReportFormat::Html => Ok(page::page(report)),
        ReportFormat::Json => serde_json::to_string(report)
            .map_err(|error| Failure::internal("the report cannot be written as JSON", error)),
    }
}

/// Writes the report into a file, in the format that the file's name says.
pub(crate) fn write(report: &Report, file: &ReportFile) -> Result<(), Failure> {
    let content = render(report, file.format, USUAL_WIDTH)?;
    let content = match file.format {
        ReportFormat::Text => anstream::adapter::strip_str(&content).to_string(),
        ReportFormat::Html | ReportFormat::Json => content,
    };
    fs_err::write(&file.path, content).map_err(|error| {
        let help = "the run is not affected; `cordanetes report` shows it again";
        Failure::failed("the report cannot be written", error, help)
    })
}

/// Where a report goes, and in which format.
#[derive(Clone, Debug)]
pub(crate) struct ReportFile {
    path: PathBuf,
    format: ReportFormat,
}

impl ReportFile {
    /// The path, for messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl std::str::FromStr for ReportFile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = PathBuf::from(text);
        let format = match path.extension().and_then(|extension| extension.to_str()) {
            Some("html") => ReportFormat::Html,
            Some("txt") => ReportFormat::Text,
            Some("json") => ReportFormat::Json,
            _ => return Err("its name must end in .html, .txt or .json"),
        };
        Ok(Self { path, format })
    }
}

#[cfg(test)]
mod tests;
