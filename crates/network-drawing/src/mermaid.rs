//! Mermaid flowcharts, as GitHub and GitLab draw them in Markdown: zones as subgraphs.

use std::fmt::Write as _;

use crate::view::NetworkView;
use crate::words::{escaped, grouped, is_encrypted};

impl NetworkView {
    /// The network as a Mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (position, zone) in self.zones.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "  subgraph z{position}[\"{}\"]",
                escaped(&self.heading(position))
            );
            for &resident in &zone.residents {
                let it = &self.residents[resident];
                let names = if it.count() > 1 {
                    format!("<br>{}", it.names.join(", "))
                } else {
                    String::new()
                };
                let _ = writeln!(text, "    c{resident}[\"{}{names}\"]", escaped(&it.label()));
            }
            text.push_str("  end\n");
            if self.is_isolated(position) {
                let _ = writeln!(text, "  style z{position} stroke:#b91c1c,stroke-width:3px");
            }
        }
        for call in &self.calls {
            let many = if call.count > 1 {
                format!(" ×{}", grouped(call.count))
            } else {
                String::new()
            };
            let arrow = match (self.is_from_outside(call), is_encrypted(call.protocol)) {
                (true, _) => "==>",
                (false, true) => "-->",
                (false, false) => "-.->",
            };
            let _ = writeln!(
                text,
                "  c{} {arrow}|\"{}{many}\"| c{}",
                call.client,
                call.port_label(),
                call.server
            );
        }
        text
    }
}
