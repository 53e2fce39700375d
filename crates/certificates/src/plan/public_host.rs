//! Certificates of public HTTP hosts, for whatever ends TLS in front of the services: an authority that nothing in the
//! network trusts, and one leaf for each host. It is not the SSL root: a proxy with a key that CENM's services trust could
//! call them as one of their own.

use super::{EntityPlan, Holder, IssuedBy, PlanRequest, Purpose, aliases, hierarchy::subject};

/// A public host whose certificate is issued here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicHost {
    /// The component that answers there, e.g. `gateway`: its namespace gets the key.
    pub component: String,
    /// What its common name calls it.
    pub title: String,
    /// The host.
    pub host: String,
}

impl PublicHost {
    /// The alias of its key.
    pub fn alias(&self) -> String {
        format!("public-{}", self.component)
    }

    /// What its common name says; the host itself is the alternative name, and may be longer than a common name.
    pub(super) fn common_name(&self, network: &str) -> String {
        format!("{network} {} Public", self.title)
    }

    fn entity(&self, request: &PlanRequest) -> EntityPlan {
        EntityPlan {
            alias: self.alias(),
            subject: subject(request, self.common_name(&request.network)),
            key: request.algorithms.ssl,
            issued_by: IssuedBy::Authority(aliases::PUBLIC_ROOT.to_owned()),
            purpose: Purpose::Tls,
            role: None,
            dns_names: vec![self.host.clone()],
            crl_url: None,
            holder: Holder::Component(self.component.clone()),
            days: request.lifetimes.leaf_days,
        }
    }
}

/// The authority and the leaves; nothing without a host.
pub(super) fn entities(request: &PlanRequest) -> Vec<EntityPlan> {
    if request.public_hosts.is_empty() {
        return Vec::new();
    }
    let authority = EntityPlan {
        alias: aliases::PUBLIC_ROOT.to_owned(),
        subject: subject(request, format!("{} Public Root CA", request.network)),
        key: request.algorithms.ssl,
        issued_by: IssuedBy::Itself,
        purpose: Purpose::Authority,
        role: None,
        dns_names: Vec::new(),
        crl_url: None,
        holder: Holder::Operator,
        days: request.lifetimes.root_days,
    };
    std::iter::once(authority)
        .chain(request.public_hosts.iter().map(|host| host.entity(request)))
        .collect()
}
