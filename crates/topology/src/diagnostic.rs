//! What is wrong with a topology: a code, a place, a sentence and what to do about it.

use std::{collections::HashSet, fmt, sync::Arc};

use miette::{LabeledSpan, Severity, SourceCode};

use crate::{
    node::Span,
    source::{Place, PlacedSource, Source, Sources},
};

/// One problem.
#[derive(Clone, Debug)]
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
    source: Option<Arc<PlacedSource>>,
}

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

    /// File, line and column; `None` before it is one of [`Diagnostics`].
    pub fn place(&self) -> Option<Place<'_>> {
        self.source.as_ref().map(|source| source.place(self.span))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

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
        let local = self.source.as_ref()?.shown(self.span);
        let span = LabeledSpan::new_with_span(Some(self.label.clone()), local);
        Some(Box::new(std::iter::once(span)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| &**source as &dyn SourceCode)
    }
}

/// Every problem of a topology, in all of its files.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    sources: Sources,
    kept: Vec<Diagnostic>,
    omitted: usize,
    told: HashSet<(Span, &'static str, String)>,
}

impl Diagnostics {
    /// How many are kept. Who has more has one mistake many times, or no topology.
    pub const MOST_KEPT: usize = 1_000;

    /// None yet.
    pub fn of(root: &Source) -> Self {
        Self {
            sources: Sources::of(root.clone()),
            kept: Vec::new(),
            omitted: 0,
            told: HashSet::new(),
        }
    }

    /// Adds one. The same again, as when a hundred nodes share a class, adds nothing; from [`Self::MOST_KEPT`] on they
    /// are counted only.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if self.is_full() {
            self.omitted += 1;
            return;
        }
        let same = (diagnostic.span, diagnostic.code, diagnostic.message.clone());
        if !self.told.insert(same) {
            return;
        }
        diagnostic.source = Some(Arc::clone(self.sources.holding(diagnostic.span)));
        self.kept.push(diagnostic);
    }

    /// Whether more are counted only, so that no words need to be found for them.
    pub const fn is_full(&self) -> bool {
        self.kept.len() >= Self::MOST_KEPT
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many, with those that were not kept.
    pub const fn len(&self) -> usize {
        self.kept.len() + self.omitted
    }

    /// Takes one more file and says at which offset its spans begin.
    pub(crate) fn add_source(&mut self, source: Source) -> usize {
        self.sources.add(source)
    }

    /// The bytes of all files so far.
    pub(crate) fn bytes(&self) -> usize {
        self.sources.bytes()
    }

    /// The line of a byte as a message names it: the number, with its file where there are several.
    pub(crate) fn line_of(&self, offset: usize) -> String {
        let file = self.sources.holding(Span { offset, length: 0 });
        let line = file.line_of(offset);
        if self.sources.are_several() {
            format!("{line} of `{}`", file.source().name)
        } else {
            line.to_string()
        }
    }

    /// Those that were kept, in the order of the files.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// The root file's name.
    pub fn source_name(&self) -> &str {
        &self.sources.root().source().name
    }

    pub(crate) fn sort(&mut self) {
        self.kept
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
