//! The Corda Firewall.

use super::{
    Scope,
    exposure::{self, Speaks},
    placement, ports,
};
use crate::{
    declared,
    diagnostic::Diagnostics,
    model::{Firewall, FirewallProcess},
    scalar::Mebibytes,
};

pub(super) fn firewall(
    declared: &declared::Firewall,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Firewall> {
    let exposure = exposure::exposure(declared.exposure.as_ref(), Speaks::P2p, scope, diagnostics);
    let port = ports::number(&declared.port, 10200);
    let tunnel_port = ports::number(&declared.tunnel_port, 12005);
    ports::tell_clashes(
        &[
            (crate::connection::METRICS_PORT, "the metrics agent", None),
            (port, "P2P", declared.port.as_ref().map(|it| it.span)),
            (
                tunnel_port,
                "the tunnel",
                declared.tunnel_port.as_ref().map(|it| it.span),
            ),
        ],
        diagnostics,
    );
    let process = |declared: &declared::FirewallProcess| FirewallProcess {
        memory: declared
            .memory
            .as_ref()
            .map_or(Mebibytes(1024), |memory| memory.value),
        cpu: declared.cpu.as_ref().map(|cpu| cpu.value),
        placement: placement::placement(&[&declared.placement, &scope.file.placement]),
    };
    Some(Firewall {
        image: declared.image.as_ref()?.value.clone(),
        host: declared.host.as_ref()?.value.clone(),
        port,
        tunnel_port,
        exposure: exposure?,
        bridge: process(&declared.bridge),
        float: process(&declared.float),
    })
}
