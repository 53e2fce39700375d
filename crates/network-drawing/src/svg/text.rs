//! How wide text is.

/// Advance widths of the characters from space to tilde in `DejaVu` Sans, in thousandths of the font size. It is the
/// widest of the fonts that the pictures name, so text never needs more room than it was given.
const WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
    295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
    500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];
/// Any other character, in the same unit.
const OTHER: u16 = 1000;
/// How much wider bold text is, at most.
const BOLD: f64 = 1.15;

/// Size and weight of a text.
#[derive(Clone, Copy)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) bold: bool,
}

impl Font {
    pub(super) const fn regular(size: f64) -> Self {
        Self { size, bold: false }
    }

    pub(super) const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    /// The width of a text, in pixels.
    pub(super) fn width(self, text: &str) -> f64 {
        let units: f64 = text.chars().map(|character| f64::from(units(character))).sum();
        units / 1000.0 * self.size * if self.bold { BOLD } else { 1.0 }
    }

    /// The text, or so much of it as fits, with an ellipsis.
    pub(super) fn fitted(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut kept: String = text.to_owned();
        while kept.pop().is_some() {
            let shortened = format!("{}…", kept.trim_end());
            if self.width(&shortened) <= width {
                return shortened;
            }
        }
        String::new()
    }

    /// A name in lines that fit, broken after hyphens; at least one.
    pub(super) fn broken(self, name: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = vec![String::new()];
        for part in name.split_inclusive('-') {
            match lines.last_mut() {
                Some(line) if line.is_empty() || self.width(line) + self.width(part) <= width => {
                    line.push_str(part);
                }
                _ => lines.push(part.to_owned()),
            }
        }
        lines.iter().map(|line| self.fitted(line, width)).collect()
    }

    /// The text in lines that fit.
    pub(super) fn wrapped(self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}")) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(self.fitted(word, width)),
            }
        }
        lines
    }
}

fn units(character: char) -> u16 {
    u32::from(character)
        .checked_sub(32)
        .and_then(|position| WIDTHS.get(usize::try_from(position).ok()?).copied())
        .unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_to_its_room() {
        let font = Font::regular(10.0);
        assert_eq!(font.fitted("bank-001", 100.0), "bank-001");
        let cut = font.fitted("a-name-that-is-far-too-long-for-this", 100.0);
        assert!(cut.ends_with('…') && font.width(&cut) <= 100.0, "{cut}");
        assert_eq!(
            font.broken("network-participant-name", 75.0),
            ["network-", "participant-", "name"]
        );
        assert_eq!(font.wrapped("one two three", 45.0), ["one two", "three"]);
    }
}
