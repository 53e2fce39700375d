//! From geometry to markup: zones, boxes and lines.

use std::collections::BTreeMap;

use super::frame::{self, Area, INDENT, LABEL, LINE, TITLE, real};
use super::icon;
use super::layout::Layout;
use super::route::Side;
use super::stroke::{self, Ink, pixels};
use super::style::{Style, zone_class};
use crate::view::NetworkView;
use crate::words::escaped;

/// A line of markup.
macro_rules! put {
    ($svg:expr, $($text:tt)*) => {{
        use std::fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = writeln!($svg, $($text)*);
    }};
}
pub(super) use put;

pub(super) fn text(svg: &mut String, class: &str, x: f64, y: f64, text: &str) {
    put!(
        svg,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
        pixels(x),
        pixels(y),
        escaped(text)
    );
}

pub(super) fn area(svg: &mut String, class: &str, area: Area, radius: u8) {
    put!(
        svg,
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{radius}\"/>",
        pixels(area.left),
        pixels(area.top),
        pixels(area.width),
        pixels(area.height)
    );
}

pub(super) fn sign(svg: &mut String, class: &str, x: f64, y: f64, data: &str) {
    put!(
        svg,
        "<path class=\"{class}\" transform=\"translate({} {})\" d=\"{data}\"/>",
        pixels(x),
        pixels(y)
    );
}

/// The frames of all zones, with what stands above their boxes.
pub(super) fn zones(svg: &mut String, view: &NetworkView, layout: &Layout) {
    for (zone, it) in view.zones.iter().enumerate() {
        let (place, head) = (layout.zones[zone], &layout.heads[zone]);
        let class = zone_class(view, zone);
        put!(svg, "<g><title>{}</title>", escaped(&it.title));
        if view.count(zone) > 1 {
            // Sheets below: it is many.
            for shift in [6.0, 3.0] {
                let below = Area {
                    left: place.left + shift,
                    top: place.top + shift,
                    ..place
                };
                area(svg, class, below, 9);
            }
        }
        area(svg, class, place, 9);
        let isolated = view.is_isolated(zone);
        if isolated {
            sign(
                svg,
                "icon isolated",
                place.right() - 26.0,
                place.top + 8.0,
                icon::PADLOCK,
            );
        }
        let left = place.left + INDENT;
        let mut y = place.top + 20.0;
        for (position, title) in head.titles.iter().enumerate() {
            y += if position > 0 { LINE } else { 0.0 };
            text(svg, "zt", left, y, title);
        }
        y += 3.0;
        for note in &head.notes {
            y += LINE;
            text(svg, "note", left, y, note);
        }
        for names in &head.names {
            y += LINE;
            for (position, name) in names.iter().enumerate() {
                text(svg, "name", left + real(position) * head.name_width, y, name);
            }
        }
        svg.push_str("</g>\n");
    }
}

/// All boxes with their rows, and the counts beside them.
pub(super) fn boxes(svg: &mut String, view: &NetworkView, layout: &Layout) {
    for (resident, it) in view.residents.iter().enumerate() {
        let place = layout.boxes[resident];
        put!(svg, "<g><title>{}</title>", escaped(&told(view, resident)));
        area(svg, "box", place, 5);
        sign(svg, "icon", place.left + 8.0, place.top + 7.0, icon::of(it.kind));
        let title = TITLE.fitted(&it.label(), place.width - 38.0);
        text(svg, "bt", place.left + 29.0, place.top + 18.0, &title);
        for &row in &layout.rows.of_resident[resident] {
            row_text(svg, layout, row, place);
        }
        svg.push_str("</g>\n");
    }
}

fn told(view: &NetworkView, resident: usize) -> String {
    let it = &view.residents[resident];
    if it.count() > 1 {
        format!("{}: {}", it.kind, it.names.join(", "))
    } else {
        format!("{} ({})", it.title, it.id)
    }
}

fn row_text(svg: &mut String, layout: &Layout, row: usize, place: Area) {
    let (it, middle) = (&layout.rows.all[row], layout.middles[row]);
    let sides = &layout.sides[row];
    if it.listens {
        let port = Area {
            left: place.left + 4.0,
            top: middle - 8.0,
            width: place.width - 8.0,
            height: 16.0,
        };
        area(svg, if it.exposed { "port public" } else { "port" }, port, 3);
    }
    let room = place.width - 24.0 - if it.exposed && it.listens { 18.0 } else { 0.0 };
    let label = LABEL.fitted(&it.label, room);
    let class = if it.listens { "" } else { "open " };
    if sides.contains(&Side::Left) {
        text(
            svg,
            &format!("{class}at"),
            place.left + 11.0,
            middle + 3.8,
            &label,
        );
    } else {
        text(
            svg,
            &format!("{class}end"),
            place.right() - 11.0,
            middle + 3.8,
            &label,
        );
    }
    if it.exposed && it.listens {
        let x = if sides.contains(&Side::Left) {
            place.right() - 23.0
        } else {
            place.left + 9.0
        };
        sign(svg, "icon public", x, middle - 7.0, icon::of("outside"));
    }
}

/// How many connections the lines at each row stand for.
pub(super) fn counts(svg: &mut String, layout: &Layout) {
    for (row, it) in layout.rows.all.iter().enumerate() {
        let Some(label) = it.count_label() else { continue };
        let (place, middle) = (layout.boxes[it.resident], layout.middles[row]);
        let width = frame::count_width(&label);
        for side in &layout.sides[row] {
            let left = match side {
                Side::Left => place.left - 9.0 - width,
                Side::Right => place.right() + 9.0,
            };
            let pill = Area {
                left,
                top: middle - 7.5,
                width,
                height: 15.0,
            };
            area(svg, "pill", pill, 7);
            text(svg, "count mid", left + width / 2.0, middle + 3.8, &label);
        }
    }
}

/// All lines, and over them what tells about each.
pub(super) fn wires(svg: &mut String, layout: &Layout) {
    let mut ink: BTreeMap<(bool, Style), Ink> = BTreeMap::new();
    for wire in &layout.wires {
        let trunk = &layout.trunks[wire.trunk];
        ink.entry((trunk.exposed, Style::of(trunk.protocol)))
            .or_default()
            .add(wire);
    }
    for ((exposed, style), ink) in ink {
        let class = format!("{}{}", style.class(), if exposed { " public" } else { "" });
        put!(svg, "<path class=\"w {class}\" d=\"{}\"/>", ink.lines());
        put!(svg, "<path class=\"h {class}\" d=\"{}\"/>", ink.heads());
    }
}

/// What tells about a line when it is pointed at.
pub(super) fn tooltips(svg: &mut String, view: &NetworkView, layout: &Layout) {
    for (call, wire) in view.calls.iter().zip(&layout.wires) {
        put!(
            svg,
            "<path class=\"hit\" d=\"{}\"><title>{}</title></path>",
            stroke::way(wire),
            escaped(&view.sentence(call))
        );
    }
}
