//! How lines and zones look. What is encrypted is a solid line, what is plain a broken one.

use topology::connection::Protocol;

use crate::view::{Column, NetworkView};

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    MutualTls,
    Https,
    AmqpTls,
    Http,
    Rpc,
    Jdbc,
    Hsm,
    Ssh,
    Dns,
}

impl Style {
    pub(super) const ALL: [Self; 9] = [
        Self::MutualTls,
        Self::AmqpTls,
        Self::Https,
        Self::Http,
        Self::Rpc,
        Self::Jdbc,
        Self::Hsm,
        Self::Ssh,
        Self::Dns,
    ];

    pub(super) const fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Enm | Protocol::AdminRpc | Protocol::Tunnel => Self::MutualTls,
            Protocol::Https => Self::Https,
            Protocol::AmqpTls | Protocol::AnyPort => Self::AmqpTls,
            Protocol::Http => Self::Http,
            Protocol::Rpc => Self::Rpc,
            Protocol::Jdbc => Self::Jdbc,
            Protocol::Hsm => Self::Hsm,
            Protocol::Ssh => Self::Ssh,
            Protocol::Dns => Self::Dns,
        }
    }

    /// Its class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::MutualTls => "mtls",
            Self::Https => "https",
            Self::AmqpTls => "amqp",
            Self::Http => "http",
            Self::Rpc => "rpc",
            Self::Jdbc => "jdbc",
            Self::Hsm => "hsm",
            Self::Ssh => "ssh",
            Self::Dns => "dns",
        }
    }

    /// Its line in the legend.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::MutualTls => "mutual TLS of services",
            Self::Https => "HTTPS",
            Self::AmqpTls => "AMQP over mutual TLS",
            Self::Http => "HTTP, plain",
            Self::Rpc => "Corda RPC, plain",
            Self::Jdbc => "database",
            Self::Hsm => "HSM",
            Self::Ssh => "SSH",
            Self::Dns => "DNS",
        }
    }
}

/// The class of a zone in the style sheet.
pub(super) fn zone_class(view: &NetworkView, zone: usize) -> &'static str {
    let it = &view.zones[zone];
    let kind = it
        .residents
        .first()
        .map_or("", |&resident| view.residents[resident].kind);
    match it.column {
        _ if view.is_isolated(zone) => "z isolated",
        _ if !view.is_namespace(zone) => "z beyond",
        Column::Doors => "z doors",
        Column::Services => "z services",
        Column::Members if kind.starts_with("notary") => "z notary",
        Column::Members => "z member",
        Column::Callers | Column::Called => "z watcher",
    }
}

/// One style sheet, of plain selectors that every renderer knows. The sheet of paper is white by itself, so that
/// dark pages do not shine through.
pub(super) const SHEET: &str = "\
<style>
text{fill:#111827;font-size:10.5px}
.heading{font-size:18px;font-weight:600}
.zt{font-size:12px;font-weight:600}
.bt{font-size:11.5px;font-weight:600}
.note,.name{font-size:10px;fill:#374151}
.open{fill:#4b5563}
.count{font-size:10.5px;font-weight:600;fill:#ffffff}
.end{text-anchor:end}
.mid{text-anchor:middle}
.paper{fill:#ffffff}
.box{fill:#ffffff;stroke:#94a3b8;stroke-width:1}
.port{fill:#eef2f7}
.port.public{fill:#ffe4c4}
.pill{fill:#334155}
.z{stroke-width:1.2}
.sheet{fill:#ffffff}
.doors{fill:#e6f5ea;stroke:#1b7f3b}
.services{fill:#e4eefe;stroke:#2563eb}
.notary{fill:#f0e9fd;stroke:#7c3aed}
.member{fill:#e0f5f5;stroke:#0e7490}
.watcher{fill:#eff2dc;stroke:#5f7312}
.beyond{fill:#f8fafc;stroke:#64748b;stroke-dasharray:5 4}
.isolated{fill:#fdebeb;stroke:#b91c1c;stroke-width:3}
.icon{fill:none;stroke:#334155;stroke-width:1.3;stroke-linejoin:round;stroke-linecap:round}
.icon.public{stroke:#c2410c}
.icon.isolated{stroke:#b91c1c;stroke-width:1.5}
.w{fill:none;stroke-width:1.5}
.hit{fill:none;stroke:transparent;stroke-width:7;pointer-events:stroke}
.hit:hover{stroke:#facc15;stroke-opacity:.55}
.w.mtls{stroke:#6d28d9}
.w.https{stroke:#1d4ed8}
.w.amqp{stroke:#0f766e;stroke-width:1.9}
.w.http{stroke:#3f6212;stroke-dasharray:6 3}
.w.rpc{stroke:#a21caf;stroke-dasharray:9 3 2 3}
.w.jdbc{stroke:#92400e}
.w.hsm{stroke:#111827;stroke-width:2.2}
.w.ssh{stroke:#be185d}
.w.dns{stroke:#64748b;stroke-width:1.2;stroke-dasharray:1.5 3}
.w.public{stroke:#c2410c;stroke-width:2.6}
.h.mtls{fill:#6d28d9}
.h.https{fill:#1d4ed8}
.h.amqp{fill:#0f766e}
.h.http{fill:#3f6212}
.h.rpc{fill:#a21caf}
.h.jdbc{fill:#92400e}
.h.hsm{fill:#111827}
.h.ssh{fill:#be185d}
.h.dns{fill:#64748b}
.h.public{fill:#c2410c}
</style>
";
