//! Files with their text. All files of a topology lie end to end in one row of bytes, so that a
//! [`Span`](crate::node::Span) alone tells the file and the place in it.

use std::sync::Arc;

use aho_corasick::AhoCorasick;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::{
    node::Span,
    reader::characters,
    secret_scan::{blot_lines, stars},
};

/// Lines longer than this are cut around the place that is told, in bytes.
const LONGEST_LINE: usize = 300;

/// A file of a topology as read. It may hold a secret that somebody wrote there: it is never printed as it is.
#[derive(Clone)]
pub struct Source {
    /// The name as the operator gave it.
    pub name: String,
    /// Its text; what is not UTF-8 is replaced.
    pub text: Arc<str>,
    /// The first byte that is not UTF-8, as a place in `text`, with a word on what the file may be.
    pub(crate) not_text: Option<(usize, &'static str)>,
}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            not_text: None,
        }
    }

    /// Names the content of a file, which need not be text: that it is not becomes one of its problems.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(name, text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let guess = match error.as_bytes() {
                    [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it looks like UTF-16",
                    _ => "it may be Latin-1 or no text at all",
                };
                Self {
                    not_text: Some((at, guess)),
                    ..Self::new(name, String::from_utf8_lossy(error.as_bytes()))
                }
            }
        }
    }
}

/// Where a problem is, as a person counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file's name.
    pub file: &'a str,
    /// First line, from 1.
    pub line: usize,
    /// First column, from 1, in characters.
    pub column: usize,
    /// Last line, from 1.
    pub end_line: usize,
    /// The column behind the last character, from 1, in characters.
    pub end_column: usize,
}

/// A source and where it lies in the row of all files.
pub(crate) struct PlacedSource {
    source: Source,
    /// Where its first byte lies in the row.
    start: usize,
    /// Where each line begins, from the beginning of the file.
    lines: Vec<usize>,
}

impl PlacedSource {
    fn new(source: Source, start: usize) -> Self {
        let source = Source {
            text: shown(&source.text),
            ..source
        };
        let breaks = source.text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            lines: std::iter::once(0).chain(breaks).collect(),
            source,
            start,
        }
    }

    fn with_text(&self, text: String) -> Arc<Self> {
        let source = Source {
            text: text.into(),
            ..self.source.clone()
        };
        Arc::new(Self::new(source, self.start))
    }

    pub(crate) const fn source(&self) -> &Source {
        &self.source
    }

    /// The place of a span that lies in this file.
    pub(crate) fn place(&self, span: Span) -> Place<'_> {
        let local = self.local(span);
        let (line, column) = self.line_and_column(local.offset());
        let (end_line, end_column) = self.line_and_column(local.offset() + local.len());
        Place {
            file: &self.source.name,
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// A span in this file's own bytes; never outside of them and never inside of a character.
    pub(crate) fn local(&self, span: Span) -> SourceSpan {
        let text = &self.source.text;
        let from = text.floor_char_boundary(span.offset.saturating_sub(self.start));
        let to = text.floor_char_boundary(from.saturating_add(span.length));
        (from, to.saturating_sub(from)).into()
    }

    /// As much of a span as a report points at: nothing behind its first line.
    pub(crate) fn shown(&self, span: Span) -> SourceSpan {
        let local = self.local(span);
        let text = &self.source.text[local.offset()..local.offset() + local.len()];
        let line = text.lines().next().unwrap_or_default();
        (local.offset(), line.floor_char_boundary(LONGEST_LINE)).into()
    }

    /// The line of a byte in the row, from 1.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.line_at(offset.saturating_sub(self.start)) + 1
    }

    /// The line that holds a byte, from 0.
    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= offset) - 1
    }

    /// Both from 1.
    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self.line_at(offset);
        let before = self.source.text.get(self.lines[line]..offset).unwrap_or_default();
        (line + 1, before.chars().count() + 1)
    }
}

impl SourceCode for PlacedSource {
    /// The lines around a span. Cheap in a file of any size; a long line is cut on both sides.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.source.text;
        let (from, to) = (span.offset(), span.offset() + span.len());
        if to > text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let (first, last) = (self.line_at(from), self.line_at(to));
        let (first_shown, behind) = (first.saturating_sub(lines_before), last + lines_after + 1);
        let mut begin = self.lines[first_shown];
        let mut end = self.lines.get(behind).copied().unwrap_or(text.len());
        let mut line = first_shown;
        if lines_before == 0 {
            // So it is asked where the span begins.
            begin = from;
        } else if end - begin > LONGEST_LINE * (lines_before + lines_after + 1) {
            line = first;
            begin = text.floor_char_boundary(from.saturating_sub(LONGEST_LINE / 2).max(self.lines[first]));
            end = text.floor_char_boundary((to + LONGEST_LINE / 2).min(begin + 2 * LONGEST_LINE).min(end));
        }
        let end = end.max(to);
        let column = text[self.lines[line]..begin].chars().count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.source.name.clone(),
            &text.as_bytes()[begin..end],
            (begin, end - begin).into(),
            line,
            column,
            last - first + 1,
        )))
    }
}

/// A text as a report may show it: what a terminal would obey, or turn around, is replaced by as many bytes.
fn shown(text: &Arc<str>) -> Arc<str> {
    if !text.contains(characters::is_unseen) && !text.contains('\r') {
        return Arc::clone(text);
    }
    let replacement = |character: char| match character.len_utf8() {
        _ if character == '\r' => " ",
        1 => "?",
        2 => "??",
        _ => "\u{fffd}",
    };
    text.chars()
        .map(|character| {
            if character == '\r' || characters::is_unseen(character) {
                replacement(character).to_owned()
            } else {
                character.to_string()
            }
        })
        .collect::<String>()
        .into()
}

/// All files of a topology; the first is its root.
#[derive(Clone)]
pub(crate) struct Sources(Vec<Arc<PlacedSource>>);

impl Sources {
    pub(crate) fn of(root: Source) -> Self {
        Self(vec![Arc::new(PlacedSource::new(root, 0))])
    }

    /// Lays one more file behind the others and says where it begins.
    pub(crate) fn add(&mut self, source: Source) -> usize {
        // One byte apart, so that the end of a file is not the beginning of the next.
        let start = self.bytes() + 1;
        self.0.push(Arc::new(PlacedSource::new(source, start)));
        start
    }

    /// How long the row is.
    pub(crate) fn bytes(&self) -> usize {
        self.0
            .last()
            .map_or(0, |last| last.start + last.source.text.len())
    }

    /// Adds every place at which one of the patterns stands.
    pub(crate) fn find(&self, patterns: &AhoCorasick, spans: &mut Vec<Span>) {
        for file in &self.0 {
            spans.extend(patterns.find_iter(&*file.source.text).map(|found| Span {
                offset: file.start + found.start(),
                length: found.len(),
            }));
        }
    }

    /// Blots stretches out of the texts; all offsets stay.
    pub(crate) fn blot(&mut self, spans: &mut Vec<Span>) {
        spans.sort_unstable();
        for file in &mut self.0 {
            let end = file.start + file.source.text.len();
            let inside = spans.partition_point(|span| span.offset <= end);
            if inside == 0 {
                continue;
            }
            let text = &file.source.text;
            let mut blotted = String::with_capacity(text.len());
            for span in spans.drain(..inside) {
                let local = file.local(span);
                // Of two that overlap the second is begun by the first already.
                let from = local.offset().max(blotted.len());
                let to = (local.offset() + local.len()).max(from);
                blotted.push_str(&text[blotted.len()..from]);
                blotted.push_str(&stars(&text[from..to]));
            }
            blotted.push_str(&text[blotted.len()..]);
            *file = file.with_text(blotted);
        }
    }

    /// Blots out what looks like a secret in the file that begins at `start`.
    pub(crate) fn blot_lines(&mut self, start: usize) {
        if let Some(file) = self.0.iter_mut().find(|file| file.start == start)
            && let Some(blotted) = blot_lines(&file.source.text)
        {
            *file = file.with_text(blotted);
        }
    }

    pub(crate) const fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    pub(crate) fn root(&self) -> &PlacedSource {
        &self.0[0]
    }

    /// The file that a span lies in.
    pub(crate) fn holding(&self, span: Span) -> &Arc<PlacedSource> {
        let behind = self.0.partition_point(|file| file.start <= span.offset);
        &self.0[behind.saturating_sub(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn span(offset: usize, length: usize) -> Span {
        Span { offset, length }
    }

    #[test]
    fn a_span_tells_its_file_line_and_column() {
        let mut sources = Sources::of(Source::new("root.yaml", "a: 1\né: 22\n"));
        let start = sources.add(Source::new("more.yaml", "b: 1"));
        let place = |span: Span| {
            let file = sources.holding(span);
            let place = file.place(span);
            (
                place.file.to_owned(),
                place.line,
                place.column,
                place.end_line,
                place.end_column,
            )
        };
        assert_eq!(place(span(3, 1)), ("root.yaml".into(), 1, 4, 1, 5));
        // Columns count characters, offsets bytes.
        assert_eq!(place(span(9, 2)), ("root.yaml".into(), 2, 4, 2, 6));
        assert_eq!(place(span(start - 1, 0)), ("root.yaml".into(), 3, 1, 3, 1));
        assert_eq!(place(span(start + 3, 1)), ("more.yaml".into(), 1, 4, 1, 5));
        assert_eq!(
            place(span(start + 90, 9)),
            ("more.yaml".into(), 1, 5, 1, 5),
            "outside"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_span() {
        let text = format!("a: {}\n", "é".repeat(100_000));
        let sources = Sources::of(Source::new("long.yaml", text));
        let contents = sources
            .root()
            .read_span(&(50_001, 2).into(), 1, 1)
            .expect("it is inside");
        assert!(contents.data().len() < 1_000);
        assert!(contents.span().offset() <= 50_001 && contents.column() > 24_000);
        assert!(std::str::from_utf8(contents.data()).is_ok());
    }

    #[test]
    fn bytes_that_are_no_text_are_known() {
        let latin = Source::from_bytes("a", b"name: caf\xe9".to_vec());
        assert_eq!(latin.not_text.map(|(at, _)| at), Some(9));
        let utf16 = Source::from_bytes("a", b"\xff\xfen\0a\0".to_vec());
        assert!(
            utf16
                .not_text
                .is_some_and(|(at, guess)| at == 0 && guess.contains("UTF-16"))
        );
        assert!(Source::from_bytes("a", b"name: a".to_vec()).not_text.is_none());
    }
}
