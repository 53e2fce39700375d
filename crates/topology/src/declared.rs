//! The file exactly as written: every scalar with its place, nothing defaulted, no reference resolved.

mod cenm;
mod corda;
mod surroundings;

pub use cenm::{Cenm, NetworkMap, NetworkParameters, Service, SigningSchedule};
pub use corda::{Corda, Notary, Participant, Ports, RpcClient};
pub use surroundings::{Ingress, Monitoring, Storage};

use crate::{
    decode::{Fields, Located},
    diagnostic::Diagnostics,
    node::{Node, Span},
};

/// A topology file.
#[derive(Clone, Debug)]
pub struct Topology {
    /// The network's name.
    pub name: Option<Located<String>>,
    /// The DNS domain of its public host names.
    pub domain: Option<Located<String>>,
    /// Who operates it: the legal name from which the certificates' subjects are made.
    pub operator: Option<Located<String>>,
    /// The CENM services.
    pub cenm: Option<Cenm>,
    /// What all nodes share.
    pub corda: Corda,
    /// The notaries.
    pub notaries: Vec<Notary>,
    /// The participants.
    pub participants: Vec<Participant>,
    /// Prometheus, if it is wanted.
    pub monitoring: Option<Monitoring>,
    /// Ingress objects, if they are wanted.
    pub ingress: Option<Ingress>,
    /// Volumes.
    pub storage: Option<Storage>,
    /// Where the file begins.
    pub span: Span,
}

impl Topology {
    /// Reads the root of the file.
    pub fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "the topology", diagnostics);
        let declared = Self {
            name: fields.required_text("name", diagnostics),
            domain: fields.required_text("domain", diagnostics),
            operator: fields.required_text("operator", diagnostics),
            cenm: fields
                .require("cenm", diagnostics)
                .map(|node| Cenm::decode(node, diagnostics)),
            corda: fields
                .get("corda")
                .map(|node| Corda::decode(node, diagnostics))
                .unwrap_or_default(),
            notaries: fields
                .list("notaries", diagnostics)
                .iter()
                .map(|node| Notary::decode(node, diagnostics))
                .collect(),
            participants: fields
                .list("participants", diagnostics)
                .iter()
                .map(|node| Participant::decode(node, diagnostics))
                .collect(),
            monitoring: fields
                .get("monitoring")
                .map(|node| Monitoring::decode(node, diagnostics)),
            ingress: fields
                .get("ingress")
                .map(|node| Ingress::decode(node, diagnostics)),
            storage: fields
                .get("storage")
                .map(|node| Storage::decode(node, diagnostics)),
            span: fields.span,
        };
        fields.finish(diagnostics);
        declared
    }
}
