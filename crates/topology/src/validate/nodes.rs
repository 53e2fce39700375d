//! Notaries, participants and RPC clients.

use super::values;
use crate::{
    connection::{METRICS_PORT, RPC_ADMIN_PORT},
    declared,
    decode::{Located, nearest},
    diagnostic::{Diagnostic, Diagnostics},
    model::{Component, Image, Mebibytes, Node, NodeRole, RpcClient},
    names::NodeName,
    node::Span,
};

const DEFAULT_HEAP: Mebibytes = Mebibytes(512);

pub(super) fn notary(
    declared: &declared::Notary,
    corda: &declared::Corda,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let name = node_name(declared.name.as_ref(), diagnostics);
    let legal_name = values::legal_name(declared.legal_name.as_ref(), diagnostics);
    let service_legal_name = values::legal_name(declared.service_legal_name.as_ref(), diagnostics);
    let image = image(declared.image.as_ref(), corda, declared.span, diagnostics);
    let heap = heap(declared.heap.as_ref(), corda, diagnostics);
    let (p2p_port, rpc_port) = ports(&declared.ports, (10002, 10003), diagnostics);
    Some(Node {
        name: name?,
        legal_name: legal_name?,
        role: NodeRole::Notary {
            service_legal_name: service_legal_name?,
            validating: declared
                .validating
                .as_ref()
                .is_some_and(|validating| validating.value),
        },
        image: image?,
        heap: heap?,
        jvm_arguments: jvm_arguments(corda),
        p2p_port,
        rpc_port,
        development_cordapps: accepts_development_cordapps(corda),
        rpc_clients: Vec::new(),
    })
}

pub(super) fn participant(
    declared: &declared::Participant,
    topology: &declared::Topology,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let name = node_name(declared.name.as_ref(), diagnostics);
    let legal_name = values::legal_name(declared.legal_name.as_ref(), diagnostics);
    let image = image(
        declared.image.as_ref(),
        &topology.corda,
        declared.span,
        diagnostics,
    );
    let heap = heap(declared.heap.as_ref(), &topology.corda, diagnostics);
    let (p2p_port, rpc_port) = ports(&declared.ports, (10200, 10201), diagnostics);
    let rpc_clients: Vec<_> = declared
        .rpc_clients
        .iter()
        .map(|client| rpc_client(client, topology, diagnostics))
        .collect();
    Some(Node {
        name: name?,
        legal_name: legal_name?,
        role: NodeRole::Participant,
        image: image?,
        heap: heap?,
        jvm_arguments: jvm_arguments(&topology.corda),
        p2p_port,
        rpc_port,
        development_cordapps: accepts_development_cordapps(&topology.corda),
        rpc_clients: rpc_clients.into_iter().collect::<Option<_>>()?,
    })
}

fn rpc_client(
    declared: &declared::RpcClient,
    topology: &declared::Topology,
    diagnostics: &mut Diagnostics,
) -> Option<RpcClient> {
    let name = node_name(declared.name.as_ref(), diagnostics);
    let image = values::image(declared.image.as_ref(), diagnostics);
    let counterparties: Vec<_> = declared
        .counterparties
        .iter()
        .map(|counterparty| component(counterparty, topology, diagnostics))
        .collect();
    Some(RpcClient {
        name: name?,
        image: image?,
        arguments: declared
            .arguments
            .iter()
            .map(|argument| argument.value.clone())
            .collect(),
        permissions: declared
            .permissions
            .iter()
            .map(|permission| permission.value.clone())
            .collect(),
        counterparties: counterparties.into_iter().collect::<Option<_>>()?,
    })
}

/// The node that a reference means.
fn component(
    reference: &Located<String>,
    topology: &declared::Topology,
    diagnostics: &mut Diagnostics,
) -> Option<Component> {
    let is = |name: &Option<Located<String>>| name.as_ref().is_some_and(|name| name.value == reference.value);
    let name = NodeName::new(&reference.value).ok();
    if topology
        .participants
        .iter()
        .any(|participant| is(&participant.name))
    {
        return name.map(Component::Participant);
    }
    if topology.notaries.iter().any(|notary| is(&notary.name)) {
        return name.map(Component::Notary);
    }
    let known: Vec<&str> = topology
        .participants
        .iter()
        .filter_map(|participant| participant.name.as_ref())
        .chain(topology.notaries.iter().filter_map(|notary| notary.name.as_ref()))
        .map(|name| name.value.as_str())
        .collect();
    let help = nearest(&reference.value, &known).map_or_else(
        || format!("known are: {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    diagnostics.push(
        Diagnostic::new(
            "topology::unknown-reference",
            reference.span,
            format!("no notary or participant is named `{}`", reference.value),
        )
        .label("refers to nothing")
        .help(help),
    );
    None
}

fn node_name(name: Option<&Located<String>>, diagnostics: &mut Diagnostics) -> Option<NodeName> {
    values::parse(name, "topology::component-name", NodeName::new, diagnostics)
}

fn image(
    own: Option<&Located<String>>,
    corda: &declared::Corda,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Image> {
    let Some(image) = own.or(corda.image.as_ref()) else {
        diagnostics.push(
            Diagnostic::new("topology::missing-image", span, "the node has no image")
                .label("this node")
                .help("add `image:` to it or to `corda`"),
        );
        return None;
    };
    values::image(Some(image), diagnostics)
}

fn heap(
    own: Option<&Located<String>>,
    corda: &declared::Corda,
    diagnostics: &mut Diagnostics,
) -> Option<Mebibytes> {
    own.or(corda.heap.as_ref())
        .map_or(Some(DEFAULT_HEAP), |heap| values::memory(heap, diagnostics))
}

/// The node's own ports; they share one Pod with each other, the RPC admin port and the metrics agent.
fn ports(declared: &declared::Ports, defaults: (u16, u16), diagnostics: &mut Diagnostics) -> (u16, u16) {
    let port = |declared: &Option<Located<u64>>, default: u16| {
        declared
            .as_ref()
            .and_then(|port| u16::try_from(port.value).ok())
            .unwrap_or(default)
    };
    let (p2p, rpc) = (port(&declared.p2p, defaults.0), port(&declared.rpc, defaults.1));
    let taken = [
        (METRICS_PORT, "the metrics agent"),
        (RPC_ADMIN_PORT, "the RPC admin listener"),
    ];
    let mut clash = |span: Span, port: u16, holder: &str| {
        diagnostics.push(
            Diagnostic::new(
                "topology::port-clash",
                span,
                format!("port {port} is taken by {holder}"),
            )
            .label("clashes")
            .help("give each listener of a node a port of its own"),
        );
    };
    for (declared, port) in [(&declared.p2p, p2p), (&declared.rpc, rpc)] {
        if let Some(declared) = declared
            && let Some((_, holder)) = taken.iter().find(|(taken, _)| *taken == port)
        {
            clash(declared.span, port, holder);
        }
    }
    if p2p == rpc {
        match (&declared.rpc, &declared.p2p) {
            (Some(declared), _) => clash(declared.span, rpc, "P2P"),
            (None, Some(declared)) => clash(declared.span, p2p, "RPC"),
            // The defaults differ.
            (None, None) => {}
        }
    }
    (p2p, rpc)
}

/// Without any, the collector that the product itself would choose (reference §6.8).
fn jvm_arguments(corda: &declared::Corda) -> Vec<String> {
    if corda.jvm_arguments.is_empty() {
        return vec!["-XX:+UseG1GC".to_owned()];
    }
    corda
        .jvm_arguments
        .iter()
        .map(|argument| argument.value.clone())
        .collect()
}

fn accepts_development_cordapps(corda: &declared::Corda) -> bool {
    corda
        .development_cordapps
        .as_ref()
        .is_some_and(|accepted| accepted.value)
}
