//! What is wrong with a topology: a code, a place, a sentence and what to do about it.

use std::{collections::HashSet, fmt, sync::Arc};

use aho_corasick::AhoCorasick;
use miette::{LabeledSpan, Severity, SourceCode};

use crate::{
    node::Span,
    source::{Place, PlacedSource, Source, Sources},
};

/// One problem.
#[derive(Clone)]
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

impl fmt::Debug for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(place) = self.place() else {
            return write!(formatter, "{}: {}", self.code, self.message);
        };
        let (file, line, column) = (place.file, place.line, place.column);
        write!(
            formatter,
            "{file}:{line}:{column}: {}: {}",
            self.code, self.message
        )
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

/// Longer texts are cut in the middle, in bytes: a value that they repeat may be a megabyte.
const LONGEST_TEXT: usize = 1_000;

fn cut(text: &mut String) {
    if text.len() > LONGEST_TEXT {
        let (from, to) = (LONGEST_TEXT * 2 / 3, text.len() - LONGEST_TEXT / 3);
        text.replace_range(text.floor_char_boundary(from)..text.ceil_char_boundary(to), " … ");
        text.shrink_to_fit();
    }
}

/// As much of a secret is looked for in other places, in bytes.
const LONGEST_SECRET: usize = 200;

/// Control characters as escapes: a terminal would obey them.
fn visible(text: &str) -> String {
    let escape = |character: char| {
        if character.is_control() {
            character.escape_default().to_string()
        } else {
            character.to_string()
        }
    };
    text.chars().map(escape).collect()
}

/// Every problem of a topology, in all of its files.
#[derive(Clone)]
pub struct Diagnostics {
    sources: Sources,
    kept: Vec<Diagnostic>,
    omitted: usize,
    told: Box<Told>,
    secrets: Box<Secrets>,
}

/// What need not be told.
#[derive(Clone, Default)]
struct Told {
    /// It was told already.
    before: HashSet<(Span, &'static str, String)>,
    /// Places of which one thing is told and nothing else.
    alone: HashSet<Span>,
}

/// What no report may show.
#[derive(Clone, Default)]
struct Secrets {
    /// Where secrets stand.
    spans: Vec<Span>,
    /// How they begin, for no message may repeat them.
    begins: Vec<String>,
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
            told: Box::default(),
            secrets: Box::default(),
        }
    }

    /// Adds one. The same again, as when a hundred nodes share a class, adds nothing; from [`Self::MOST_KEPT`] on they
    /// are counted only.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if self.told.alone.contains(&diagnostic.span) {
            return;
        }
        if self.is_full() {
            self.omitted += 1;
            return;
        }
        cut(&mut diagnostic.message);
        if let Some(help) = &mut diagnostic.help {
            cut(help);
        }
        let same = (diagnostic.span, diagnostic.code, diagnostic.message.clone());
        if !self.told.before.insert(same) {
            return;
        }
        diagnostic.source = Some(Arc::clone(self.sources.holding(diagnostic.span)));
        self.kept.push(diagnostic);
    }

    /// Adds one after which nothing else is told of its place: what stands there is refused, so whatever else would be
    /// wrong with it is not known.
    pub(crate) fn push_alone(&mut self, diagnostic: Diagnostic) {
        let span = diagnostic.span;
        self.push(diagnostic);
        self.told.alone.insert(span);
    }

    /// Whether something is not known because of how it was written.
    pub(crate) fn hides_something(&self) -> bool {
        !self.told.alone.is_empty()
    }

    /// Counts one for which no words were looked for, because no more are kept.
    pub(crate) const fn omit(&mut self) {
        self.omitted += 1;
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

    /// Takes a secret out of every line and message that will be shown.
    pub(crate) fn blot(&mut self, span: Span, secret: &str) {
        self.secrets.spans.push(span);
        // Shorter ones would be found in innocent words. When no more problems are kept, no message can
        // repeat it.
        if secret.len() > 5 && !self.is_full() {
            let begin = &secret[..secret.floor_char_boundary(LONGEST_SECRET)];
            self.secrets.begins.push(begin.to_owned());
        }
    }

    /// Takes out of a file that could not be parsed what looks like a secret.
    pub(crate) fn blot_file(&mut self, start: usize) {
        self.sources.blot_lines(start);
    }

    /// Puts them in the order of the files, and gives each the text as it may be shown.
    pub(crate) fn finish(&mut self) {
        self.kept.sort_by(|left, right| {
            (left.span, left.code, &left.message).cmp(&(right.span, right.code, &right.message))
        });
        let secrets = (!self.secrets.begins.is_empty())
            .then(|| AhoCorasick::new(&self.secrets.begins).ok())
            .flatten();
        if let Some(secrets) = &secrets {
            self.sources.find(secrets, &mut self.secrets.spans);
        }
        self.sources.blot(&mut self.secrets.spans);
        for diagnostic in &mut self.kept {
            diagnostic.source = Some(Arc::clone(self.sources.holding(diagnostic.span)));
            let help = diagnostic.help.iter_mut();
            for text in [&mut diagnostic.message, &mut diagnostic.label]
                .into_iter()
                .chain(help)
            {
                while let Some(found) = secrets.as_ref().and_then(|secrets| secrets.find(text.as_str())) {
                    // Of a long one only the beginning is known.
                    let end = if found.len() + 4 > LONGEST_SECRET {
                        text.len()
                    } else {
                        found.end()
                    };
                    text.replace_range(found.start()..end, "***");
                }
                if text.contains(char::is_control) {
                    *text = visible(text);
                }
            }
        }
    }
}

/// Without the texts, in which secrets may stand.
impl fmt::Debug for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.kept).finish()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    type Item = &'a Diagnostic;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
