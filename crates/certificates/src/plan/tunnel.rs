//! The keys of a Corda Firewall's tunnel: an authority that nothing else trusts, and one leaf for each end (reference
//! §6.10).

use super::{EntityPlan, Holder, IssuedBy, PlanRequest, Purpose, StoreEntry, StorePlan, hierarchy::subject};

/// An end of a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TunnelEnd {
    /// Inside; it calls.
    Bridge,
    /// In the DMZ; it is called.
    Float,
}

/// The tunnel through one firewall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// Whose firewall; in every common name.
    pub name: String,
    /// Component that holds the bridge's key; its key's alias and file begin with it.
    pub bridge: String,
    /// As above, for the float.
    pub float: String,
    /// The trust store of both ends.
    pub trust: String,
    bridge_keys: String,
    float_keys: String,
}

impl Tunnel {
    /// A tunnel between two components.
    pub fn of(name: &str, bridge: &str, float: &str) -> Self {
        Self {
            name: name.to_owned(),
            bridge: bridge.to_owned(),
            float: float.to_owned(),
            trust: format!("{name}-tunnel-trust.jks"),
            bridge_keys: format!("{bridge}-tunnel-keys.jks"),
            float_keys: format!("{float}-tunnel-keys.jks"),
        }
    }

    /// The alias of an end's key, which is its component's name.
    pub fn alias(&self, end: TunnelEnd) -> &str {
        match end {
            TunnelEnd::Bridge => &self.bridge,
            TunnelEnd::Float => &self.float,
        }
    }

    /// The key store of an end.
    pub fn keys(&self, end: TunnelEnd) -> &str {
        match end {
            TunnelEnd::Bridge => &self.bridge_keys,
            TunnelEnd::Float => &self.float_keys,
        }
    }

    /// The alias of its authority.
    pub(super) fn authority(&self) -> String {
        format!("{}-tunnel", self.name)
    }

    /// Every common name, each with the network before it.
    pub(super) fn common_names(&self, network: &str) -> [String; 3] {
        ["Tunnel", "Bridge", "Float"].map(|what| format!("{network} {} {what}", self.name))
    }

    /// Every alias.
    pub(super) fn aliases(&self) -> [String; 3] {
        [self.authority(), self.bridge.clone(), self.float.clone()]
    }

    /// Every file.
    pub(super) fn files(&self) -> [&str; 3] {
        [&self.trust, &self.bridge_keys, &self.float_keys]
    }

    pub(super) fn entities(&self, request: &PlanRequest) -> Vec<EntityPlan> {
        let [authority, bridge, float] = self.common_names(&request.network);
        let entity = |alias: &str, name: String, purpose, holder, days, issued_by| EntityPlan {
            alias: alias.to_owned(),
            subject: subject(request, name),
            key: request.algorithms.ssl,
            issued_by,
            purpose,
            role: None,
            dns_names: Vec::new(),
            crl_url: None,
            holder,
            days,
        };
        let leaf = |alias: &str, name| {
            entity(
                alias,
                name,
                Purpose::Tls,
                Holder::Component(alias.to_owned()),
                request.lifetimes.leaf_days,
                IssuedBy::Authority(self.authority()),
            )
        };
        vec![
            entity(
                &self.authority(),
                authority,
                Purpose::Authority,
                Holder::Operator,
                request.lifetimes.root_days,
                IssuedBy::Itself,
            ),
            leaf(&self.bridge, bridge),
            leaf(&self.float, float),
        ]
    }

    pub(super) fn stores(&self) -> Vec<StorePlan> {
        let keys = |file: &str, component: &str| StorePlan {
            file: file.to_owned(),
            entries: vec![StoreEntry::PrivateKey(component.to_owned())],
            holder: Holder::Component(component.to_owned()),
        };
        vec![
            StorePlan {
                file: self.trust.clone(),
                entries: vec![StoreEntry::Trusted(self.authority())],
                holder: Holder::Anyone,
            },
            keys(&self.bridge_keys, &self.bridge),
            keys(&self.float_keys, &self.float),
        ]
    }
}
