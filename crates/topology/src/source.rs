//! Files with their text; the only user of the YAML reader.

use std::sync::Arc;

use crate::{
    diagnostic::Diagnostic,
    node::{Node, Span},
};

/// A topology file as read.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name as the operator gave it.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// Parses YAML 1.2 into a tree with places.
///
/// # Errors
/// The text is not YAML: the first error, with its place.
pub(crate) fn parse(source: &Source) -> Result<Node, Box<Diagnostic>> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&source.text, options).map_err(|error| {
        let span = error.location().map_or_else(Span::default, |location| Span {
            offset: byte_offset(&source.text, location.line(), location.column()),
            length: 1,
        });
        // The library appends its own "at line 3, column 5", which the caret says already.
        let text = error.without_snippet().to_string();
        // Nor can the operator set an option of the reader.
        let message = text.split(" at line ").next().unwrap_or(&text);
        let message = message
            .split(", set DuplicateKeyPolicy")
            .next()
            .unwrap_or(message)
            .to_owned();
        let diagnostic = Diagnostic::new("topology::yaml", span, message);
        Box::new(diagnostic.help("the file must be one YAML 1.2 document"))
    })
}

/// The byte at a line and column, both counted from 1, columns in characters.
fn byte_offset(text: &str, line: u64, column: u64) -> usize {
    let mut offset = 0;
    for (number, content) in (1_u64..).zip(text.split_inclusive('\n')) {
        if number == line {
            let skip = usize::try_from(column.saturating_sub(1)).unwrap_or(0);
            return offset
                + content
                    .char_indices()
                    .nth(skip)
                    .map_or(content.trim_end().len(), |(at, _)| at);
        }
        offset += content.len();
    }
    text.trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_counts_characters_in_lines_and_bytes_in_the_text() {
        let text = "a: 1\né: 22\n";
        assert_eq!(byte_offset(text, 1, 4), 3);
        assert_eq!(byte_offset(text, 2, 4), 9);
        assert_eq!(byte_offset(text, 9, 1), text.trim_end().len());
    }
}
