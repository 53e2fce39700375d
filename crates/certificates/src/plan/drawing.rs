//! A plan as a picture: the hierarchies as trees, each key in the colour of who holds it.

use std::fmt::Write as _;

use crate::plan::{Branch, CertificatePlan, Hierarchy, Holder};

const ROW: usize = 44;
const BOX_HEIGHT: usize = 34;
const BOX_WIDTH: usize = 430;
const INDENT: usize = 36;
const MARGIN: usize = 20;
const HOLDER_WIDTH: usize = 220;
/// Fill for each holder in the order in which they appear; the operator's keys stand out.
const COLOURS: [&str; 6] = ["#dbe9f6", "#dff0d8", "#fdf1d0", "#eadff2", "#d9f0ee", "#f0e4d8"];
const OPERATOR: &str = "#f8d7d3";

impl CertificatePlan {
    /// The plan as SVG. The same plan gives the same bytes.
    pub fn to_svg(&self) -> String {
        let mut body = String::new();
        let mut top = MARGIN + 30;
        let mut widest = 0;
        for hierarchy in Hierarchy::ALL {
            let branches = self.tree(hierarchy);
            if branches.is_empty() {
                continue;
            }
            text(&mut body, MARGIN, top + 14, "heading", hierarchy.title());
            top += 28;
            let mut tops: Vec<usize> = Vec::new();
            for branch in &branches {
                widest = widest.max(branch.depth);
                tops.truncate(branch.depth);
                if let Some(parent) = tops.last() {
                    connector(&mut body, branch, *parent, top);
                }
                tops.push(top);
                self.draw_entity(&mut body, branch, top);
                top += ROW;
            }
            top += 12;
        }
        let width = MARGIN * 2 + widest * INDENT + BOX_WIDTH + HOLDER_WIDTH;
        let heading = format!("Keys and certificates of {}", self.network);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\">\n<style>\
             text{{font:13px sans-serif;fill:#222}}.title{{font-size:17px;font-weight:bold}}\
             .heading{{font-weight:bold;fill:#555}}.small{{font-size:11px;fill:#555}}\
             path{{fill:none;stroke:#888}}rect{{stroke:#888}}</style>\n\
             <rect width=\"{width}\" height=\"{height}\" style=\"fill:#fff;stroke:none\"/>\n",
            height = top + MARGIN,
            label = escaped(&heading),
        );
        text(&mut svg, MARGIN, MARGIN + 10, "title", &heading);
        svg.push_str(&body);
        svg.push_str("</svg>\n");
        svg
    }

    fn draw_entity(&self, svg: &mut String, branch: &Branch<'_>, top: usize) {
        let entity = branch.entity;
        let left = MARGIN + branch.depth * INDENT;
        let fill = self.colour(&entity.holder);
        let _infallible = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{BOX_WIDTH}\" height=\"{BOX_HEIGHT}\" rx=\"4\" fill=\"{fill}\"/>"
        );
        let role = entity
            .role
            .map_or_else(String::new, |role| format!(", {}", role.name()));
        let detail = format!("{}{role}, {} days", entity.key, entity.days);
        text(svg, left + 10, top + 15, "name", &entity.alias);
        text(svg, left + 10, top + 28, "small", &detail);
        let holder = match &entity.holder {
            Holder::Operator => "held by the operator, offline".to_owned(),
            Holder::OperatorToken(label) => format!("held by the operator, in token {label}"),
            holder => format!("held by {holder}"),
        };
        text(svg, left + BOX_WIDTH + 12, top + 21, "holder", &holder);
    }

    fn colour(&self, holder: &Holder) -> &'static str {
        if holder.is_operator() {
            return OPERATOR;
        }
        let mut holders: Vec<&Holder> = Vec::new();
        for entity in &self.entities {
            if !entity.holder.is_operator() && !holders.contains(&&entity.holder) {
                holders.push(&entity.holder);
            }
        }
        let position = holders.iter().position(|known| *known == holder).unwrap_or(0);
        COLOURS[position % COLOURS.len()]
    }
}

fn connector(svg: &mut String, branch: &Branch<'_>, parent: usize, top: usize) {
    let from = MARGIN + (branch.depth - 1) * INDENT + INDENT / 2;
    let to = MARGIN + branch.depth * INDENT;
    let _infallible = writeln!(
        svg,
        "<path d=\"M{from} {}V{}H{to}\"/>",
        parent + BOX_HEIGHT,
        top + BOX_HEIGHT / 2
    );
}

fn text(svg: &mut String, left: usize, baseline: usize, class: &str, content: &str) {
    let _infallible = writeln!(
        svg,
        "<text x=\"{left}\" y=\"{baseline}\" class=\"{class}\">{}</text>",
        escaped(content)
    );
}

fn escaped(content: &str) -> String {
    content
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
