//! Monitoring, ingress and storage as written.

use crate::{
    decode::{Fields, Located},
    diagnostic::Diagnostics,
    node::Node,
};

/// `monitoring:`
#[derive(Clone, Debug)]
pub struct Monitoring {
    /// Image with Prometheus.
    pub image: Option<Located<String>>,
    /// Image that carries the JMX exporter agent.
    pub agent_image: Option<Located<String>>,
}

/// `ingress:`
#[derive(Clone, Debug)]
pub struct Ingress {
    /// The `IngressClass`; the cluster's default when missing.
    pub class_name: Option<Located<String>>,
}

/// `storage:`
#[derive(Clone, Debug)]
pub struct Storage {
    /// The `StorageClass`; the cluster's default when missing.
    pub class_name: Option<Located<String>>,
}

impl Monitoring {
    pub(super) fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`monitoring`", diagnostics);
        let monitoring = Self {
            image: fields.required_text("image", diagnostics),
            agent_image: fields.required_text("agentImage", diagnostics),
        };
        fields.finish(diagnostics);
        monitoring
    }
}

impl Ingress {
    pub(super) fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`ingress`", diagnostics);
        let ingress = Self {
            class_name: fields.text("className", diagnostics),
        };
        fields.finish(diagnostics);
        ingress
    }
}

impl Storage {
    pub(super) fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`storage`", diagnostics);
        let storage = Self {
            class_name: fields.text("className", diagnostics),
        };
        fields.finish(diagnostics);
        storage
    }
}
