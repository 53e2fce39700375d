//! Characters that no topology needs: those that a reviewer cannot see, or that make a line look other than
//! what is read.

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    node::Span,
    source::Source,
};

/// Whether a file is text that can be parsed; if not, that was noted.
pub(super) fn check(source: &Source, start: usize, diagnostics: &mut Diagnostics) -> bool {
    if let Some((at, guess)) = source.not_text {
        let span = Span {
            offset: start + at,
            length: 0,
        };
        diagnostics.push(
            Diagnostic::new(
                "topology::encoding",
                span,
                format!("the file is not UTF-8: {guess}"),
            )
            .label("from here on")
            .help("save it as UTF-8"),
        );
        return false;
    }
    let mut is_clean = true;
    let mut has_returns = false;
    let text = &source.text;
    // A byte order mark may begin a file.
    let begin = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut characters = text[begin..].char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let Some(what) = refused(character, next) else {
            continue;
        };
        is_clean = false;
        // A file with the line ends of old has one in each line.
        if diagnostics.is_full() || (character == '\r' && std::mem::replace(&mut has_returns, true)) {
            continue;
        }
        let span = Span {
            offset: start + begin + at,
            length: character.len_utf8(),
        };
        let message = format!("the file holds {what} (U+{:04X})", u32::from(character));
        diagnostics.push(
            Diagnostic::new("topology::control-character", span, message)
                .label("cannot be seen")
                .help("remove it; where a value needs it, write it as an escape in \"…\""),
        );
    }
    is_clean
}

/// What a character is called, if a topology must not hold it.
fn refused(character: char, next: Option<char>) -> Option<&'static str> {
    match character {
        '\r' if next == Some('\n') => None,
        '\r' => Some("a carriage return that ends no line"),
        '\0' => Some("a NUL byte"),
        '\u{feff}' => Some("a byte order mark that is not at its beginning"),
        character if turns(character) => Some("a character that turns the direction of text"),
        character if has_no_width(character) => Some("a character without width"),
        character if is_unseen(character) => Some("a control character"),
        _ => None,
    }
}

/// Whether a report must not show it as it is. Line ends are no part of this.
pub(crate) fn is_unseen(character: char) -> bool {
    (character.is_control() && !matches!(character, '\t' | '\n' | '\r'))
        || turns(character)
        || has_no_width(character)
}

const fn turns(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

const fn has_no_width(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}')
}
