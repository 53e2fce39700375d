//! The view as data, for programs.

use serde::Serialize;
use serde_json::{Error, to_string_pretty};
use topology::connection::Presents;

use crate::view::NetworkView;
use crate::words::protocol;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Network<'a> {
    #[serde(rename = "network")]
    name: &'a str,
    zones: Vec<Zone<'a>>,
    connections: Vec<Connection<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Zone<'a> {
    name: &'a str,
    namespace: bool,
    isolated: bool,
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'a str,
    count: usize,
    /// Those whom it stands for.
    names: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Connection<'a> {
    rule: &'a str,
    client: &'a str,
    server: &'a str,
    port: u16,
    port_name: &'a str,
    protocol: &'a str,
    client_presents: &'a str,
    purpose: &'a str,
    from_outside: bool,
    count: usize,
}

impl NetworkView {
    /// The view as a JSON document: zones with what lives in them, and connections between those. Equal components
    /// that are drawn once stand there once too, with their number and names.
    ///
    /// # Errors
    /// The document cannot be written.
    pub fn to_json(&self) -> Result<String, Error> {
        let zones = self.zones.iter().enumerate().map(|(position, zone)| Zone {
            name: &zone.title,
            namespace: self.is_namespace(position),
            isolated: self.is_isolated(position),
            components: zone
                .residents
                .iter()
                .map(|&resident| &self.residents[resident])
                .map(|resident| Component {
                    id: &resident.id,
                    title: &resident.title,
                    kind: resident.kind,
                    count: resident.count(),
                    names: &resident.names,
                })
                .collect(),
        });
        let connections = self.calls.iter().map(|call| Connection {
            rule: call.rule,
            client: &self.residents[call.client].id,
            server: &self.residents[call.server].id,
            port: call.number,
            port_name: call.port.name(),
            protocol: protocol(call.protocol),
            client_presents: presents(call.presents),
            purpose: call.purpose,
            from_outside: self.is_from_outside(call),
            count: call.count,
        });
        let network = Network {
            name: &self.network,
            zones: zones.collect(),
            connections: connections.collect(),
        };
        to_string_pretty(&network).map(|text| text + "\n")
    }
}

const fn presents(presents: Presents) -> &'static str {
    match presents {
        Presents::Nothing => "nothing",
        Presents::Password => "user and password",
        Presents::SslKey => "its key of the SSL hierarchy",
        Presents::SslKeyAndZoneToken => "its key of the SSL hierarchy and a zone token",
        Presents::TunnelKey => "its key of the firewall's tunnel",
        Presents::NodeTlsKey => "its TLS key of the network hierarchy",
        Presents::AccountToken => "a token of its Kubernetes account",
    }
}
