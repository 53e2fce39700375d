//! Where zones, boxes and rows stand, from top to bottom and from left to right.

use super::row::Rows;
use super::text::Font;
use crate::view::NetworkView;

/// The distance of parallel lines in a gap; all heights are multiples of it.
pub(super) const UNIT: f64 = 9.0;
pub(super) const ROW: f64 = 2.0 * UNIT;
pub(super) const HEADING: Font = Font::bold(12.0);
pub(super) const NOTE: Font = Font::regular(10.0);
pub(super) const NAME: Font = Font::regular(10.0);
pub(super) const TITLE: Font = Font::bold(11.5);
pub(super) const LABEL: Font = Font::regular(10.5);
/// Height of a line of a note or of names.
pub(super) const LINE: f64 = 14.0;
/// A box's title.
pub(super) const TITLE_HEIGHT: f64 = 3.0 * UNIT;
/// Below a box's last row.
const BOX_FOOT: f64 = UNIT;
/// From a zone's edge to its boxes, where no lines go between them.
const PADDING: f64 = 16.0;
/// From a zone's edge to the text above its boxes.
pub(super) const INDENT: f64 = 14.0;
/// Least and greatest width of a box.
const BOX_WIDTH: (f64, f64) = (120.0, 280.0);
/// Beside the title of a box, with its sign.
const BESIDE_TITLE: f64 = 40.0;
/// Beside the label of a row.
const BESIDE_LABEL: f64 = 44.0;
/// Of a zone with a list of names.
const WIDE_BOX: f64 = 232.0;
const NAMES_IN_NARROW_BOX: usize = 8;
/// Between two names of a list.
const NAME_GAP: f64 = 12.0;

/// A rectangle on the sheet, in pixels.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    pub(super) fn right(self) -> f64 {
        self.left + self.width
    }
}

/// A column of zones.
pub(super) struct Stack {
    pub(super) zones: Vec<usize>,
    pub(super) box_width: f64,
}

/// What stands above the boxes of a zone.
pub(super) struct Head {
    pub(super) titles: Vec<String>,
    pub(super) notes: Vec<String>,
    /// Names in rows of a grid, and the width of its columns.
    pub(super) names: Vec<Vec<String>>,
    pub(super) name_width: f64,
}

/// The columns that are in use, each with its zones, and the column of each zone.
pub(super) fn stacks(view: &NetworkView, rows: &Rows) -> (Vec<Stack>, Vec<usize>) {
    let mut kinds: Vec<_> = view.zones.iter().map(|zone| zone.column).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut column = vec![0; view.zones.len()];
    let mut stacks = Vec::new();
    for (position, kind) in kinds.into_iter().enumerate() {
        let mut zones: Vec<usize> = (0..view.zones.len())
            .filter(|&zone| view.zones[zone].column == kind)
            .collect();
        zones.sort_by_key(|&zone| (view.zones[zone].beside.unwrap_or(zone), zone));
        for &zone in &zones {
            column[zone] = position;
        }
        let many = zones.iter().flat_map(|&zone| &view.zones[zone].residents);
        let wide = many
            .clone()
            .any(|&resident| view.residents[resident].count() > NAMES_IN_NARROW_BOX);
        let titles = zones
            .iter()
            .map(|&zone| HEADING.width(&view.heading(zone)) - 2.0 * (PADDING - INDENT));
        let boxes = many
            .clone()
            .map(|&resident| TITLE.width(&view.residents[resident].title) + BESIDE_TITLE);
        let labels = many
            .flat_map(|&resident| &rows.of_resident[resident])
            .map(|&row| LABEL.width(&rows.all[row].label) + BESIDE_LABEL);
        let box_width = if wide {
            WIDE_BOX
        } else {
            let widest = titles.chain(boxes).chain(labels).fold(BOX_WIDTH.0, f64::max);
            widest.min(BOX_WIDTH.1).ceil()
        };
        stacks.push(Stack { zones, box_width });
    }
    (stacks, column)
}

impl Head {
    /// For a zone whose boxes, with the counts beside them, are so wide.
    pub(super) fn of(view: &NetworkView, zone: usize, width: f64) -> Self {
        let width = width + 2.0 * (PADDING - INDENT);
        let it = &view.zones[zone];
        let mut notes = Vec::new();
        if view.is_isolated(zone) {
            let callers: Vec<&str> = view.callers(zone).into_iter().collect();
            let callers = match callers.as_slice() {
                [] => "nobody".to_owned(),
                [one] => (*one).to_owned(),
                [others @ .., last] => format!("{} and {last}", others.join(", ")),
            };
            notes.push(format!(
                "Isolated: no DNS, nothing comes in from outside. Only {callers} may call."
            ));
        }
        let names: Vec<&str> = it
            .residents
            .iter()
            .map(|&resident| &view.residents[resident])
            .filter(|resident| resident.count() > 1)
            // In a namespace, those of its first resident are those of the namespace.
            .take(if view.is_namespace(zone) { 1 } else { usize::MAX })
            .flat_map(|resident| resident.names.iter().map(String::as_str))
            .collect();
        if view.count(zone) > 1 {
            notes.push("One namespace each, with the same connections:".to_owned());
        }
        let widest = names
            .iter()
            .map(|name| NAME.width(name))
            .fold(0.0, f64::max)
            .min(width);
        let mut columns = 1;
        while real(columns + 1) * (widest + NAME_GAP) - NAME_GAP <= width {
            columns += 1;
        }
        Self {
            titles: HEADING.broken(&view.heading(zone), width),
            notes: notes.iter().flat_map(|note| NOTE.wrapped(note, width)).collect(),
            names: names
                .chunks(columns)
                .map(|row| row.iter().map(|name| NAME.fitted(name, width)).collect())
                .collect(),
            name_width: widest + NAME_GAP,
        }
    }

    /// Height with the room below it.
    pub(super) fn height(&self) -> f64 {
        let lines = real(self.titles.len() - 1 + self.notes.len() + self.names.len()) * LINE;
        ((30.0 + lines + if lines > 0.0 { 6.0 } else { 0.0 }) / UNIT).ceil() * UNIT
    }
}

/// Height of a box.
pub(super) fn box_height(rows: &Rows, resident: usize) -> f64 {
    TITLE_HEIGHT + BOX_FOOT + real(rows.of_resident[resident].len()) * ROW
}

/// Width of the label that tells how many connections a line stands for.
pub(super) fn count_width(text: &str) -> f64 {
    LABEL.width(text) + 10.0
}

/// From a zone's edge to its boxes, with so many lines and so much room for counts between them.
pub(super) fn padding(tracks: usize, counts: f64) -> f64 {
    PADDING
        + counts
        + if tracks > 0 {
            6.0 + real(tracks - 1) * super::track::PITCH
        } else {
            0.0
        }
}

/// Pictures are small: the conversion is exact far beyond anything a person could look at.
pub(super) fn real(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
