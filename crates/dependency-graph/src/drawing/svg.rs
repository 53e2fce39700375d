//! A picture that needs no program but a browser.

use std::fmt::Write;

use super::layout::{Layout, Line, Measures};
use super::palette::Palette;
use crate::graph::{DependencyGraph, Node};

const BOX_WIDTH: f64 = 176.0;
const BOX_HEIGHT: f64 = 46.0;
const LAYER_HEIGHT: f64 = 92.0;
const MARGIN: f64 = 28.0;
const HEADER: f64 = 54.0;
const LEGEND_ROW: f64 = 24.0;
const NOTE_LINE: f64 = 16.0;
/// Least width of a legend's column; longer names widen it.
const LEGEND_COLUMN: f64 = 190.0;
/// Width of a character of the legend, on average, in pixels.
const CHARACTER: f64 = 7.0;
/// Characters of a title that fit beside each other.
const LINE_LENGTH: usize = 24;

impl DependencyGraph {
    /// The graph as an SVG picture with this heading: earlier steps above later ones, one colour a group, the
    /// reason of an edge as its tooltip.
    pub fn to_svg(&self, heading: &str) -> String {
        self.draw(heading, &[])
    }

    /// The picture with notes below it.
    pub(super) fn draw(&self, heading: &str, notes: &[String]) -> String {
        let palette = Palette::of(self);
        let layout = Layout::of(
            self,
            Measures {
                box_width: BOX_WIDTH,
                gap: 22.0,
                lane: 22.0,
            },
        );
        let width = (layout.width + 2.0 * MARGIN).max(640.0);
        let shift = (width - layout.width) / 2.0;
        let groups: Vec<_> = palette.groups().collect();
        let longest = groups
            .iter()
            .map(|(group, _)| group.chars().count())
            .max()
            .unwrap_or(0);
        let column = (number(longest) * CHARACTER + 45.0).max(LEGEND_COLUMN);
        let columns = columns(width, column);
        let legend_height = rows(groups.len(), columns) * LEGEND_ROW;
        let top = HEADER + legend_height + 20.0;
        let bottom = top + number(layout.layers) * LAYER_HEIGHT - (LAYER_HEIGHT - BOX_HEIGHT) + MARGIN;
        let notes = wrapped_notes(notes, width);
        let height = bottom + number(notes.len()) * NOTE_LINE;

        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"12\">\n\
             <rect width=\"100%\" height=\"100%\" rx=\"12\" fill=\"#ffffff\"/>\n\
             <text x=\"{MARGIN:.0}\" y=\"36\" font-size=\"18\" font-weight=\"600\" fill=\"#111827\">{}</text>\n",
            escaped(heading)
        );
        for (position, (group, colour)) in groups.iter().enumerate() {
            let x = MARGIN + number(position % columns) * column;
            let y = HEADER + number(position / columns) * LEGEND_ROW;
            // Writing to a string cannot fail.
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"14\" height=\"14\" rx=\"3\" fill=\"{}\" stroke=\"{}\"/>\
                 <text x=\"{:.0}\" y=\"{:.0}\" fill=\"#374151\">{}</text>",
                colour.fill,
                colour.line,
                x + 21.0,
                y + 11.5,
                escaped(group)
            );
        }
        let at = |layer: usize| top + number(layer) * LAYER_HEIGHT;
        let edges = self.transitive_reduction();
        for (line, edge) in layout.lines.iter().zip(&edges) {
            let colour = palette.colour(&edge.prerequisite.group);
            let path = path(line, &layout, shift, &at);
            let _ = writeln!(
                svg,
                "<path d=\"{path}\" fill=\"none\" stroke=\"{0}\" stroke-width=\"1.4\" stroke-opacity=\"0.75\">\
                 <title>{1} → {2}: {3}</title></path>{4}",
                colour.line,
                escaped(&edge.prerequisite.title),
                escaped(&edge.dependent.title),
                escaped(edge.reason),
                arrow_head(
                    shift + layout.boxes[line.to].centre,
                    at(layout.boxes[line.to].layer),
                    colour.line
                ),
            );
        }
        for (node, place) in self.nodes().zip(&layout.boxes) {
            draw_box(
                &mut svg,
                node,
                &palette,
                shift + place.centre - BOX_WIDTH / 2.0,
                at(place.layer),
            );
        }
        for (position, note) in notes.iter().enumerate() {
            let _ = writeln!(
                svg,
                "<text x=\"{MARGIN:.0}\" y=\"{:.0}\" font-size=\"11\" fill=\"#374151\">{}</text>",
                bottom + number(position) * NOTE_LINE,
                escaped(note)
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// Notes in lines that fit below the picture.
fn wrapped_notes(notes: &[String], width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for note in notes {
        let mut line = String::new();
        for word in note.split_whitespace() {
            let long =
                number(line.chars().count() + 1 + word.chars().count()) * CHARACTER > width - 2.0 * MARGIN;
            if long && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

fn columns(width: f64, column: f64) -> usize {
    let mut columns = 1;
    while number(columns + 1) * column + 2.0 * MARGIN <= width {
        columns += 1;
    }
    columns
}

fn rows(items: usize, columns: usize) -> f64 {
    number(items.div_ceil(columns))
}

/// A smooth line from the lower side of one box to the upper side of another.
fn path(line: &Line, layout: &Layout, shift: f64, at: &impl Fn(usize) -> f64) -> String {
    let (from, to) = (layout.boxes[line.from], layout.boxes[line.to]);
    let (mut x, mut y) = (shift + from.centre, at(from.layer) + BOX_HEIGHT);
    let mut path = format!("M{x:.1} {y:.1}");
    let mut curve_to = |next_x: f64, next_y: f64, path: &mut String| {
        let middle = f64::midpoint(y, next_y);
        let _ = write!(
            path,
            " C{x:.1} {middle:.1} {next_x:.1} {middle:.1} {next_x:.1} {next_y:.1}"
        );
        (x, y) = (next_x, next_y);
    };
    for (position, bend) in line.bends.iter().enumerate() {
        let layer = from.layer + 1 + position;
        curve_to(shift + bend, at(layer), &mut path);
        // Straight past the boxes of the layer.
        curve_to(shift + bend, at(layer) + BOX_HEIGHT, &mut path);
    }
    curve_to(shift + to.centre, at(to.layer) - 5.0, &mut path);
    path
}

fn arrow_head(x: f64, y: f64, colour: &str) -> String {
    format!(
        "<path d=\"M{:.1} {:.1} L{x:.1} {y:.1} L{:.1} {:.1} Z\" fill=\"{colour}\"/>",
        x - 4.0,
        y - 8.0,
        x + 4.0,
        y - 8.0
    )
}

fn draw_box(svg: &mut String, node: &Node, palette: &Palette<'_>, x: f64, y: f64) {
    let colour = palette.colour(&node.group);
    let lines = wrapped(&node.title);
    let with_stage = !node.stage.is_empty();
    let _ = writeln!(
        svg,
        "<g><title>{}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{BOX_WIDTH:.0}\" height=\"{BOX_HEIGHT:.0}\" rx=\"7\" \
         fill=\"{}\" stroke=\"{}\" stroke-width=\"1.2\"/>",
        escaped(&node.id),
        colour.fill,
        colour.line
    );
    if with_stage {
        let width = 11.0 + 6.4 * number(node.stage.chars().count());
        let _ = writeln!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"15\" rx=\"7.5\" fill=\"{}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"9.5\" font-weight=\"600\" fill=\"#ffffff\" text-anchor=\"middle\">{}</text>",
            x + 9.0,
            y - 7.5,
            colour.line,
            x + 9.0 + width / 2.0,
            y + 3.5,
            escaped(&node.stage)
        );
    }
    let first =
        y + BOX_HEIGHT / 2.0 + 4.5 - 7.0 * number(lines.len() - 1) + if with_stage { 1.5 } else { 0.0 };
    for (position, line) in lines.iter().enumerate() {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#111827\">{}</text>",
            x + BOX_WIDTH / 2.0,
            first + 14.0 * number(position),
            escaped(line)
        );
    }
    svg.push_str("</g>\n");
}

/// At most two lines; what does not fit ends in an ellipsis.
fn wrapped(title: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in title.split_whitespace() {
        let last = lines.len() - 1;
        let fits = lines[last].chars().count() + 1 + word.chars().count() <= LINE_LENGTH;
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if fits || lines.len() == 2 {
            lines[last].push(' ');
            lines[last].push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    for line in &mut lines {
        if line.chars().count() > LINE_LENGTH + 1 {
            *line = line.chars().take(LINE_LENGTH).collect::<String>() + "…";
        }
    }
    lines
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
