//! From YAML 1.2 to a tree with places; the only user of the YAML parser. A topology is data without
//! templating: anchors, aliases, merge keys and tags are refused, and with them every way in which a small
//! file can become a large tree.

pub(crate) mod characters;
mod refusal;
mod scalar;

use std::ops::ControlFlow;

use granit_parser::{Event, Parser, ScalarStyle};

pub(crate) use refusal::duplicate_keys;

use crate::{
    diagnostic::Diagnostics,
    node::{Key, Node, Span, Value},
    source::Source,
};

/// Mappings and lists inside each other. The language itself needs fewer than ten.
const DEEPEST: usize = 32;

/// Reads the one document of a file whose first byte has the offset `start`.
///
/// `None` when there is no tree that is worth looking into; then at least one problem was noted.
pub(crate) fn parse(source: &Source, start: usize, diagnostics: &mut Diagnostics) -> Option<Node> {
    let root = tree(source, start, diagnostics);
    if root.is_none() {
        // Its values cannot be looked at one by one, so its lines are.
        diagnostics.blot_file(start);
    }
    root
}

fn tree(source: &Source, start: usize, diagnostics: &mut Diagnostics) -> Option<Node> {
    if !characters::check(source, start, diagnostics) {
        return None;
    }
    let text = &*source.text;
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    let mut tree = Tree {
        diagnostics,
        open: Vec::new(),
        root: None,
        documents: 0,
        is_incomplete: false,
    };
    let span = |bytes: std::ops::Range<usize>| Span {
        offset: start + bytes.start,
        length: bytes.len(),
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, place) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                // The caret stands under one character; at the end there is none.
                let length = text.get(at..).and_then(|rest| rest.chars().next());
                let place = span(at..at + length.map_or(0, char::len_utf8));
                tree.diagnostics.push(refusal::syntax(error.kind(), place));
                return None;
            }
        };
        if let Some(tag) = place.tag_span().and_then(|tag| tag.byte_range()) {
            tree.diagnostics.push(refusal::tag(span(tag)));
        }
        let place = span(place.byte_range().unwrap_or_default());
        if tree.take(event, place).is_break() {
            return None;
        }
    }
    let Tree {
        root, is_incomplete, ..
    } = tree;
    if is_incomplete {
        // A secret may stand far from the key that would tell it as one.
        diagnostics.blot_file(start);
    }
    match root {
        Some(root) if !matches!(root.value, Value::Null) => Some(root),
        _ => {
            diagnostics.push(refusal::empty(span(0..0)));
            None
        }
    }
}

/// A tree that is being built.
struct Tree<'d> {
    diagnostics: &'d mut Diagnostics,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    /// Whether keys or values are not known because they were written in a way that is refused.
    is_incomplete: bool,
}

/// A mapping or list whose end was not read yet.
struct Open {
    span: Span,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Mapping {
        entries: Vec<(Key, Node)>,
        /// The key whose value comes next.
        key: Option<Key>,
    },
}

impl Tree<'_> {
    /// Takes what the parser read; a break when there is no use in reading on.
    fn take(&mut self, event: Event<'_>, span: Span) -> ControlFlow<()> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.diagnostics.push(refusal::second_document(span));
                    return ControlFlow::Break(());
                }
            }
            Event::Anchor(..) => self.diagnostics.push(refusal::anchor("anchor", span)),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.diagnostics.push_alone(refusal::anchor("alias", span));
                self.is_incomplete = true;
                if self.wants_key() {
                    self.key(Key::MERGE.to_owned(), span);
                } else {
                    self.put(Value::Alias, span);
                }
            }
            Event::Scalar(text, style, ..) => {
                let is_plain = style == ScalarStyle::Plain;
                if self.wants_key() {
                    if text == Key::MERGE {
                        self.diagnostics.push_alone(refusal::merge_key(span));
                        self.is_incomplete = true;
                    }
                    self.key(text.into_owned(), span);
                } else if is_plain {
                    self.put(scalar::resolve(text), span);
                } else {
                    self.put(Value::Text(text.into_owned()), span);
                }
            }
            Event::SequenceStart(..) => return self.begin(Content::List(Vec::new()), span),
            Event::MappingStart(..) => {
                let content = Content::Mapping {
                    entries: Vec::new(),
                    key: None,
                };
                return self.begin(content, span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn wants_key(&self) -> bool {
        let content = self.open.last().map(|open| &open.content);
        matches!(content, Some(Content::Mapping { key: None, .. }))
    }

    fn key(&mut self, text: String, span: Span) {
        if let Some(Content::Mapping { key, .. }) = self.open.last_mut().map(|open| &mut open.content) {
            *key = Some(Key { text, span });
        }
    }

    fn begin(&mut self, content: Content, span: Span) -> ControlFlow<()> {
        if self.wants_key() {
            self.diagnostics.push(refusal::key_is_no_word(span));
            return ControlFlow::Break(());
        }
        if self.open.len() >= DEEPEST {
            self.diagnostics.push(refusal::too_deep(span));
            return ControlFlow::Break(());
        }
        let span = Span { length: 0, ..span };
        self.open.push(Open { span, content });
        ControlFlow::Continue(())
    }

    fn end(&mut self) {
        let Some(Open { span, content }) = self.open.pop() else {
            return;
        };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Mapping { mut entries, key: _ } => {
                refusal::duplicate_keys(&mut entries, self.diagnostics);
                Value::Mapping(entries)
            }
        };
        self.put(value, span);
    }

    fn put(&mut self, value: Value, span: Span) {
        let node = Node { value, span };
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Mapping { entries, key }) => {
                // A value without a key does not exist: the parser writes an empty one.
                if let Some(key) = key.take() {
                    entries.push((key, node));
                }
            }
        }
    }
}
