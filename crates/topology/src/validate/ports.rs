//! Ports: everything that listens in one Pod has a port of its own.

use crate::{
    connection::{METRICS_PORT, RPC_ADMIN_PORT},
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    node::Span,
    scalar::Whole,
};

type Declared = Option<Located<Whole<1024, 65535>>>;

/// The P2P and RPC ports of a node.
pub(super) fn ports(
    declared: &declared::Ports,
    defaults: (u16, u16),
    ssh: Option<(u16, Option<Span>)>,
    diagnostics: &mut Diagnostics,
) -> (u16, u16) {
    let (p2p, rpc) = (
        number(&declared.p2p, defaults.0),
        number(&declared.rpc, defaults.1),
    );
    let span = |declared: &Declared| declared.as_ref().map(|port| port.span);
    let mut listeners = vec![
        (METRICS_PORT, "the metrics agent", None),
        (RPC_ADMIN_PORT, "the RPC admin listener", None),
        (p2p, "P2P", span(&declared.p2p)),
        (rpc, "RPC", span(&declared.rpc)),
    ];
    if let Some((port, span)) = ssh {
        listeners.push((port, "the SSH shell", span));
    }
    tell_clashes(&listeners, diagnostics);
    (p2p, rpc)
}

/// A port, or its default.
pub(super) fn number(declared: &Declared, default: u16) -> u16 {
    declared
        .as_ref()
        .and_then(|port| u16::try_from(port.value.0).ok())
        .unwrap_or(default)
}

/// Each pair of listeners on one port, told at the later of the two that is written.
pub(super) fn tell_clashes(listeners: &[(u16, &str, Option<Span>)], diagnostics: &mut Diagnostics) {
    for (at, (port, holder, span)) in listeners.iter().enumerate() {
        for (other, other_holder, other_span) in listeners.iter().skip(at + 1) {
            if port != other {
                continue;
            }
            let (span, holder) = match (other_span, span) {
                (Some(span), _) => (*span, holder),
                (None, Some(span)) => (*span, other_holder),
                // The defaults differ.
                (None, None) => continue,
            };
            diagnostics.push(
                Diagnostic::new(
                    "topology::port-clash",
                    span,
                    format!("port {port} is taken by {holder}"),
                )
                .label("clashes")
                .help("give each listener of a node a port of its own"),
            );
        }
    }
}
