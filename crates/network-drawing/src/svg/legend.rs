//! What lines and colours mean, and what was folded.

use std::collections::BTreeSet;

use super::across::MARGIN;
use super::frame::{Area, LABEL, LINE, NOTE};
use super::icon;
use super::layout::Layout;
use super::paint::{area, put, sign, text};
use super::stroke::pixels;
use super::style::Style;
use crate::view::NetworkView;
use crate::words::grouped;

const SAMPLE: f64 = 34.0;
const ROW: f64 = 22.0;
const BETWEEN: f64 = 26.0;

enum Sample {
    Line(String),
    Public,
    Port,
    Call,
    Isolated,
    Count,
}

/// Draws the legend below this height; the height where it ends.
pub(super) fn draw(svg: &mut String, view: &NetworkView, layout: &Layout, width: f64, top: f64) -> f64 {
    let (mut x, mut y) = (MARGIN, top);
    for (sample, title) in samples(view, layout) {
        let item = SAMPLE + 8.0 + LABEL.width(&title) + BETWEEN;
        if x > MARGIN && x + item - BETWEEN > width - MARGIN {
            (x, y) = (MARGIN, y + ROW);
        }
        draw_sample(svg, &sample, x, y);
        text(svg, "at", x + SAMPLE + 8.0, y + 3.8, &title);
        x += item;
    }
    y += ROW;
    for note in notes(view) {
        for line in NOTE.wrapped(&note, width - 2.0 * MARGIN) {
            text(svg, "note", MARGIN, y, &line);
            y += LINE;
        }
    }
    y
}

fn samples(view: &NetworkView, layout: &Layout) -> Vec<(Sample, String)> {
    let used: BTreeSet<Style> = view.calls.iter().map(|call| Style::of(call.protocol)).collect();
    let mut samples: Vec<(Sample, String)> = Style::ALL
        .into_iter()
        .filter(|style| used.contains(style))
        .map(|style| (Sample::Line(style.class().to_owned()), style.title().to_owned()))
        .collect();
    if layout.trunks.iter().any(|trunk| trunk.exposed) {
        samples.push((Sample::Public, "reachable from outside of the cluster".to_owned()));
    }
    samples.push((
        Sample::Port,
        "port that a component listens on; arrows end here".to_owned(),
    ));
    samples.push((Sample::Call, "what it calls; lines begin here".to_owned()));
    if (0..view.zones.len()).any(|zone| view.is_isolated(zone)) {
        samples.push((Sample::Isolated, "isolated".to_owned()));
    }
    if layout.rows.all.iter().any(|row| row.count_label().is_some()) {
        samples.push((Sample::Count, "connections that a line stands for".to_owned()));
    }
    samples
}

fn draw_sample(svg: &mut String, sample: &Sample, x: f64, y: f64) {
    let line = |svg: &mut String, class: &str| {
        let (from, to, tip) = (pixels(x), pixels(x + SAMPLE - 7.0), pixels(x + SAMPLE));
        put!(
            svg,
            "<path class=\"w {class}\" d=\"M{from} {}H{to}\"/>",
            pixels(y)
        );
        put!(
            svg,
            "<path class=\"h {class}\" d=\"M{to} {}L{tip} {}L{to} {}Z\"/>",
            pixels(y - 3.8),
            pixels(y),
            pixels(y + 3.8)
        );
    };
    let swatch = Area {
        left: x,
        top: y - 8.0,
        width: SAMPLE,
        height: 16.0,
    };
    match sample {
        Sample::Line(class) => line(svg, class),
        Sample::Public => {
            area(svg, "port public", swatch, 3);
            sign(svg, "icon public", x + 10.0, y - 7.0, icon::of("outside"));
        }
        Sample::Port => area(svg, "port", swatch, 3),
        Sample::Call => put!(
            svg,
            "<circle cx=\"{}\" cy=\"{}\" r=\"2.5\" class=\"pill\"/>",
            pixels(x + SAMPLE / 2.0),
            pixels(y)
        ),
        Sample::Isolated => area(svg, "z isolated", swatch, 4),
        Sample::Count => {
            area(svg, "pill", swatch, 7);
            text(svg, "count mid", x + SAMPLE / 2.0, y + 3.8, "×98");
        }
    }
}

fn notes(view: &NetworkView) -> Vec<String> {
    let folded: Vec<String> = (0..view.zones.len())
        .filter(|&zone| view.count(zone) > 1)
        .map(|zone| view.heading(zone))
        .collect();
    let lines = view.calls.len();
    let mut notes = vec![
        "Lines that join go the same way: whoever joins one reaches every arrowhead that it leads to. What no line allows, \
         the network's policies refuse."
            .to_owned(),
    ];
    if folded.is_empty() {
        notes.push(format!(
            "All {} connections are drawn, each with a line of its own.",
            grouped(view.connections)
        ));
    } else {
        notes.push(format!(
            "Folded, because their connections are equal: {}. {} lines stand for {} connections, those between the members \
             of a group too. `cordanetes graph --view network --expand` draws each by itself.",
            folded.join(", "),
            grouped(lines),
            grouped(view.connections)
        ));
    }
    notes
}
