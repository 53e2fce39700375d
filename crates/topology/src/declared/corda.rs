//! Notaries, participants and their RPC clients as written.

use crate::{
    decode::{Fields, Located},
    diagnostic::Diagnostics,
    node::{Node, Span},
};

/// `corda:`, what every node shares.
#[derive(Clone, Debug, Default)]
pub struct Corda {
    /// Release, e.g. `"4.10"`.
    pub version: Option<Located<String>>,
    /// Image of every node that names none of its own.
    pub image: Option<Located<String>>,
    /// Java heap of a node, e.g. `384Mi`.
    pub heap: Option<Located<String>>,
    /// Arguments of a node's JVM beside its heap; they replace the product's own.
    pub jvm_arguments: Vec<Located<String>>,
    /// Whether `CorDapps` signed with R3's development key are accepted.
    pub development_cordapps: Option<Located<bool>>,
}

/// One of `notaries:`.
#[derive(Clone, Debug)]
pub struct Notary {
    /// Its name.
    pub name: Option<Located<String>>,
    /// Its legal name.
    pub legal_name: Option<Located<String>>,
    /// The legal name of the notary service, which differs from the node's.
    pub service_legal_name: Option<Located<String>>,
    /// Whether it checks transactions.
    pub validating: Option<Located<bool>>,
    /// Its own image.
    pub image: Option<Located<String>>,
    /// Java heap.
    pub heap: Option<Located<String>>,
    /// Its ports.
    pub ports: Ports,
    /// Where it stands in the file.
    pub span: Span,
}

/// One of `participants:`.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Its name.
    pub name: Option<Located<String>>,
    /// Its legal name.
    pub legal_name: Option<Located<String>>,
    /// Its own image.
    pub image: Option<Located<String>>,
    /// Java heap.
    pub heap: Option<Located<String>>,
    /// Its ports.
    pub ports: Ports,
    /// Programs that call its RPC, each in a Pod of its own.
    pub rpc_clients: Vec<RpcClient>,
    /// Where it stands in the file.
    pub span: Span,
}

/// `ports:` of a node.
#[derive(Clone, Debug, Default)]
pub struct Ports {
    /// Where peers call.
    pub p2p: Option<Located<u64>>,
    /// Where RPC clients call.
    pub rpc: Option<Located<u64>>,
}

/// One of `rpcClients:`.
#[derive(Clone, Debug)]
pub struct RpcClient {
    /// Its name.
    pub name: Option<Located<String>>,
    /// Its image.
    pub image: Option<Located<String>>,
    /// What it is called with.
    pub arguments: Vec<Located<String>>,
    /// What its RPC user may do, in Corda's words.
    pub permissions: Vec<Located<String>>,
    /// Parties, by name in this file, that must run before it does.
    pub counterparties: Vec<Located<String>>,
}

impl Corda {
    pub(super) fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`corda`", diagnostics);
        let corda = Self {
            version: fields.text("version", diagnostics),
            image: fields.text("image", diagnostics),
            heap: fields.text("heap", diagnostics),
            jvm_arguments: fields.texts("jvmArguments", diagnostics),
            development_cordapps: fields.boolean("developmentCordapps", diagnostics),
        };
        fields.finish(diagnostics);
        corda
    }
}

impl Notary {
    pub(super) fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "a notary", diagnostics);
        let notary = Self {
            name: fields.required_text("name", diagnostics),
            legal_name: fields.required_text("legalName", diagnostics),
            service_legal_name: fields.required_text("serviceLegalName", diagnostics),
            validating: fields.boolean("validating", diagnostics),
            image: fields.text("image", diagnostics),
            heap: fields.text("heap", diagnostics),
            ports: fields
                .get("ports")
                .map(|node| Ports::decode(node, diagnostics))
                .unwrap_or_default(),
            span: fields.span,
        };
        fields.finish(diagnostics);
        notary
    }
}

impl Participant {
    pub(super) fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "a participant", diagnostics);
        let participant = Self {
            name: fields.required_text("name", diagnostics),
            legal_name: fields.required_text("legalName", diagnostics),
            image: fields.text("image", diagnostics),
            heap: fields.text("heap", diagnostics),
            ports: fields
                .get("ports")
                .map(|node| Ports::decode(node, diagnostics))
                .unwrap_or_default(),
            rpc_clients: fields
                .list("rpcClients", diagnostics)
                .iter()
                .map(|node| RpcClient::decode(node, diagnostics))
                .collect(),
            span: fields.span,
        };
        fields.finish(diagnostics);
        participant
    }
}

impl Ports {
    fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`ports`", diagnostics);
        // Below 1024 a port needs a capability that Pod Security `restricted` forbids.
        let range = 1024..=65_535;
        let ports = Self {
            p2p: fields.integer("p2p", range.clone(), diagnostics),
            rpc: fields.integer("rpc", range, diagnostics),
        };
        fields.finish(diagnostics);
        ports
    }
}

impl RpcClient {
    fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "an RPC client", diagnostics);
        let client = Self {
            name: fields.required_text("name", diagnostics),
            image: fields.required_text("image", diagnostics),
            arguments: fields.texts("arguments", diagnostics),
            permissions: fields.texts("permissions", diagnostics),
            counterparties: fields.texts("counterparties", diagnostics),
        };
        fields.finish(diagnostics);
        client
    }
}
