//! Nodes: what notaries and participants have in common, and participants.

use super::{
    Scope,
    exposure::{self, Speaks},
    firewall, ports, references, rpc,
    settings::{Chain, Resolved},
};
use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Edition, Exposure, Firewall, Node, NodeRole, RpcClient, RpcUser, SubzoneId},
    names::{DnsName, NodeName, X500Name},
};

/// What a node has of its own; everything else is in its settings.
pub(super) struct Own {
    pub(super) name: NodeName,
    pub(super) legal_name: X500Name,
    pub(super) role: NodeRole,
    pub(super) subzone: SubzoneId,
    pub(super) host: Option<DnsName>,
    pub(super) exposure: Exposure,
    pub(super) ports: (u16, u16),
    pub(super) rpc_users: Vec<RpcUser>,
    pub(super) rpc_clients: Vec<RpcClient>,
    pub(super) firewall: Option<Firewall>,
}

impl Own {
    /// The whole node.
    pub(super) fn with(self, settings: Resolved) -> Node {
        Node {
            name: self.name,
            legal_name: self.legal_name,
            role: self.role,
            subzone: self.subzone,
            edition: settings.edition,
            version: settings.version,
            image: settings.image,
            heap: settings.heap,
            memory: settings.memory,
            cpu: settings.cpu,
            jvm_arguments: settings.jvm_arguments,
            development_cordapps: settings.development_cordapps,
            database: settings.database,
            storage: settings.storage,
            cordapps: settings.cordapps,
            configuration: settings.configuration,
            ssh_port: settings.ssh_port,
            placement: settings.placement,
            monitored: settings.monitored,
            vertical_scaling: settings.vertical_scaling,
            strict_revocation: settings.strict_revocation,
            host: self.host,
            exposure: self.exposure,
            p2p_port: self.ports.0,
            rpc_port: self.ports.1,
            rpc_users: self.rpc_users,
            rpc_clients: self.rpc_clients,
            firewall: self.firewall,
        }
    }
}

pub(super) fn participant(
    declared: &declared::Participant,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let chain = Chain::of(&declared.settings, declared.class.as_ref(), scope);
    let settings = chain.resolve(declared.span, diagnostics);
    let ssh = ssh(&chain);
    let ports = ports::ports(&declared.ports, (10200, 10201), ssh, diagnostics);
    let rpc_clients: Vec<_> = declared
        .rpc_clients
        .iter()
        .map(|client| rpc::client(client, declared.subzone.as_ref(), scope, diagnostics))
        .collect();
    let rpc_users: Vec<_> = declared.rpc_users.iter().map(rpc::user).collect();
    let subzone = references::subzone(declared.subzone.as_ref(), scope.index, diagnostics);
    let exposure = exposure::exposure(declared.exposure.as_ref(), Speaks::P2p, scope, diagnostics);
    if let Some(exposure) = &exposure {
        check_host(
            declared.host.as_ref(),
            declared.exposure.as_ref(),
            exposure,
            diagnostics,
        );
    }
    let firewall = match &declared.firewall {
        None => None,
        Some(wall) => {
            check_firewall(declared, chain.edition(), diagnostics);
            Some(firewall::firewall(wall, scope, diagnostics))
        }
    };
    let own = Own {
        name: declared.name.as_ref()?.value.clone(),
        legal_name: declared.legal_name.as_ref()?.value.clone(),
        role: NodeRole::Participant,
        subzone: subzone?,
        host: declared.host.as_ref().map(|host| host.value.clone()),
        exposure: exposure?,
        ports,
        rpc_users: rpc_users.into_iter().collect::<Option<_>>()?,
        rpc_clients: rpc_clients.into_iter().collect::<Option<_>>()?,
        firewall: match firewall {
            None => None,
            Some(firewall) => Some(firewall?),
        },
    };
    Some(own.with(settings?))
}

/// The SSH port with the place where it is written.
pub(super) fn ssh(chain: &Chain<'_>) -> Option<(u16, Option<crate::node::Span>)> {
    let span = chain
        .first(|it| it.ssh.port.as_ref())
        .map(|port| port.span)
        .or_else(|| {
            chain
                .first(|it| it.ssh.enabled.as_ref())
                .map(|enabled| enabled.span)
        });
    chain.ssh_port().map(|port| (port, span))
}

/// A node that is reached from outside of the cluster needs a name that is known there.
pub(super) fn check_host(
    host: Option<&crate::decode::Located<DnsName>>,
    declared: Option<&declared::Exposure>,
    exposure: &Exposure,
    diagnostics: &mut Diagnostics,
) {
    if let Some(declared) = declared
        && exposure.is_public()
        && host.is_none()
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::missing-host",
                declared.span,
                "a node that is reached from outside needs a `host`",
            )
            .label("under which name?")
            .help("add `host:` to the node; the name is its P2P address and cannot be changed silently"),
        );
    }
}

/// The float is the only door then, and only Corda Enterprise has one.
fn check_firewall(declared: &declared::Participant, edition: Edition, diagnostics: &mut Diagnostics) {
    if let Some(wall) = &declared.firewall
        && edition != Edition::Enterprise
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::enterprise-only",
                wall.span,
                "the Corda Firewall needs Corda Enterprise",
            )
            .label("not in Community")
            .help("set `edition: enterprise`"),
        );
    }
    let doors = [
        (declared.host.as_ref().map(|host| host.span), "host"),
        (
            declared.exposure.as_ref().map(|exposure| exposure.span),
            "exposure",
        ),
    ];
    for (span, key) in doors {
        if let Some(span) = span {
            diagnostics.push(
                Diagnostic::new(
                    "topology::behind-firewall",
                    span,
                    format!("a node behind a firewall has no `{key}` of its own"),
                )
                .label("the float has it")
                .help(format!("move `{key}` into `firewall`")),
            );
        }
    }
}
