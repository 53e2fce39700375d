//! Graphviz' language: zones as clusters.

use std::fmt::Write as _;

use crate::view::NetworkView;
use crate::words::{grouped, is_encrypted};

impl NetworkView {
    /// The network in Graphviz' DOT language.
    pub fn to_dot(&self) -> String {
        let mut dot = format!(
            "digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"];\n  \
             edge [fontname=\"sans-serif\", fontsize=9];\n",
            quoted(&self.network)
        );
        for (position, zone) in self.zones.iter().enumerate() {
            let style = if self.is_namespace(position) {
                "rounded,filled"
            } else {
                "rounded,dashed"
            };
            let colour = if self.is_isolated(position) {
                "#b91c1c"
            } else {
                "#64748b"
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                dot,
                "  subgraph cluster_{position} {{\n    label=\"{}\";\n    style=\"{style}\";\n    color=\"{colour}\";\n    \
                 fillcolor=\"#f1f5f9\";",
                quoted(&self.heading(position))
            );
            for &resident in &zone.residents {
                let it = &self.residents[resident];
                let _ = writeln!(
                    dot,
                    "    \"{}\" [label=\"{}\", tooltip=\"{}\"];",
                    quoted(&it.id),
                    quoted(&it.label()),
                    quoted(&it.names.join(", "))
                );
            }
            dot.push_str("  }\n");
        }
        for call in &self.calls {
            let many = if call.count > 1 {
                format!(" ×{}", grouped(call.count))
            } else {
                String::new()
            };
            let colour = if self.is_from_outside(call) {
                "#c2410c"
            } else {
                "#334155"
            };
            let style = if is_encrypted(call.protocol) {
                "solid"
            } else {
                "dashed"
            };
            let _ = writeln!(
                dot,
                "  \"{}\" -> \"{}\" [label=\"{}{many}\", tooltip=\"{}\", style={style}, color=\"{colour}\"];",
                quoted(&self.residents[call.client].id),
                quoted(&self.residents[call.server].id),
                call.port_label(),
                quoted(&self.sentence(call)),
            );
        }
        dot.push_str("}\n");
        dot
    }
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
