//! The Corda Firewall of a participant (reference §6.10).

use super::{exposure::Exposure, placement::Placement};
use crate::{
    decode::Located,
    language::mapping,
    names::DnsName,
    scalar::{Image, Mebibytes, Millicores, Whole},
};

mapping! {
    /// The Corda Firewall: a bridge beside the node and a float in a DMZ namespace of its own. The bridge always calls,
    /// nothing calls out of the DMZ. Corda Enterprise only.
    pub struct Firewall = "`firewall`" {
        /// The image with `corda-firewall.jar`.
        @required image: Option<Located<Image>> = "image";
        /// The float's public host; peers find the node there.
        @required host: Option<Located<DnsName>> = "host", drives "node.conf p2pAddress";
        /// Where peers call the float.
        port: Option<Located<Whole<1024, 65535>>> = "port", default "10200", drives "inboundConfig.listeningAddress";
        /// Where the bridge calls the float.
        tunnel_port: Option<Located<Whole<1024, 65535>>> = "tunnelPort", default "12005",
            drives "floatOuterConfig.floatAddress";
        /// How the float is reached by peers.
        exposure: Option<Exposure> = "exposure", default "none";
        /// The bridge.
        bridge: FirewallProcess = "bridge";
        /// The float.
        float: FirewallProcess = "float";
    }
}

mapping! {
    /// One process of the firewall.
    pub struct FirewallProcess = "a firewall process" {
        /// Its memory.
        memory: Option<Located<Mebibytes>> = "memory", default "1Gi", drives "container resources.limits.memory";
        /// Its processors.
        cpu: Option<Located<Millicores>> = "cpu", default "none asked for", drives "container resources.requests.cpu";
        /// Where it runs.
        placement: Placement = "placement";
    }
}
