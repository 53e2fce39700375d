//! What is wrong with a topology: a code, a place, a sentence and what to do about it.

use std::fmt;

use miette::{LabeledSpan, Severity, SourceCode};

use crate::{node::Span, source::Source};

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the rule, e.g. `topology::unknown-key`.
    pub code: &'static str,
    /// Where.
    pub span: Span,
    /// What is wrong, as a lower-case fragment without a period.
    pub message: String,
    /// What stands at the caret.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    source: Option<Source>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for Source {}

impl Diagnostic {
    /// A problem at a place.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            message: message.into(),
            label: "here".into(),
            help: None,
            source: None,
        }
    }

    /// Says what stands at the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let contents = self
            .text
            .as_ref()
            .read_span(span, context_lines_before, context_lines_after)?;
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}

impl miette::Diagnostic for Diagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = LabeledSpan::new(Some(self.label.clone()), self.span.offset, self.span.length);
        Some(Box::new(std::iter::once(span)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }
}

/// Every problem of one file.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    source: Source,
    all: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn of(source: &Source) -> Self {
        Self {
            source: source.clone(),
            all: Vec::new(),
        }
    }

    /// Adds one.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.source = Some(self.source.clone());
        self.all.push(diagnostic);
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many.
    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// An empty list for the same file, for problems that are told elsewhere.
    pub(crate) fn scratch(&self) -> Self {
        Self::of(&self.source)
    }

    /// The line of a byte, counted from 1.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.source
            .text
            .bytes()
            .take(offset)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }

    /// In the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.all.iter()
    }

    /// The file's name.
    pub fn source_name(&self) -> &str {
        &self.source.name
    }

    pub(crate) fn sort(&mut self) {
        self.all
            .sort_by(|left, right| (left.span, left.code).cmp(&(right.span, right.code)));
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    type Item = &'a Diagnostic;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
