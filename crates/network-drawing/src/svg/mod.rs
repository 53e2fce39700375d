//! The picture that needs no program but a browser: zones as frames, components as boxes with their ports, every
//! connection as a line.

mod across;
mod frame;
#[cfg(test)]
mod geometry;
mod icon;
mod lanes;
mod layout;
mod legend;
mod paint;
mod route;
mod row;
mod stroke;
mod style;
mod text;
mod track;
mod trunk;
mod upright;

use across::MARGIN;
use layout::Layout;
use stroke::pixels;

use crate::view::{NetworkView, Resident};
use crate::words::{escaped, grouped};

/// Height of the heading.
const TOP: f64 = 72.0;
/// Narrower pictures have no room for the legend.
const LEAST_WIDTH: f64 = 900.0;

impl NetworkView {
    /// The network as an SVG picture.
    pub fn to_svg(&self) -> String {
        let layout = Layout::of(self, TOP);
        let width = layout.width.max(LEAST_WIDTH);
        let mut body = String::new();
        let title = format!("Network of {}", self.network);
        paint::text(&mut body, "heading", MARGIN, 34.0, &title);
        paint::text(&mut body, "open", MARGIN, 54.0, &self.summary());
        paint::zones(&mut body, self, &layout);
        paint::wires(&mut body, &layout);
        paint::boxes(&mut body, self, &layout);
        paint::counts(&mut body, &layout);
        paint::tooltips(&mut body, self, &layout);
        let height = legend::draw(&mut body, self, &layout, width, layout.bottom + 22.0) + 6.0;
        let (width, height) = (pixels(width), pixels(height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n<title>{}</title>\n{}\
             <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n{body}</svg>\n",
            escaped(&title),
            style::SHEET
        )
    }

    fn summary(&self) -> String {
        let inside = self
            .residents
            .iter()
            .filter(|resident| self.is_namespace(resident.zone) && resident.kind != crate::view::NEIGHBOURS);
        let components: usize = inside.map(Resident::count).sum();
        let namespaces: usize = (0..self.zones.len())
            .filter(|&zone| self.is_namespace(zone))
            .map(|zone| self.count(zone))
            .sum();
        format!(
            "{} components in {} namespaces, {} connections",
            grouped(components),
            grouped(namespaces),
            grouped(self.connections)
        )
    }
}
