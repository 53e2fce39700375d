//! A plan as trees: each authority with what it issues below it.

use serde::Serialize;

use crate::plan::{CertificatePlan, EntityPlan, IssuedBy, Purpose, aliases};

/// What certificates trust each other for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Hierarchy {
    /// What nodes trust.
    Network,
    /// What only CENM's services trust.
    Ssl,
    /// Access tokens.
    Tokens,
    /// What only the two ends of a firewall's tunnel trust.
    Tunnels,
    /// What callers of public HTTP hosts trust.
    PublicHosts,
}

impl Hierarchy {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 5] = [
        Self::Network,
        Self::Ssl,
        Self::Tokens,
        Self::Tunnels,
        Self::PublicHosts,
    ];

    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Network => "Network hierarchy: nodes trust it",
            Self::Ssl => "SSL hierarchy: only CENM's services trust it",
            Self::Tokens => "Access tokens",
            Self::Tunnels => "Tunnels: only a firewall's bridge and float trust it",
            Self::PublicHosts => "Public hosts: callers from outside trust it",
        }
    }
}

/// One line of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Branch<'a> {
    /// The entity.
    pub entity: &'a EntityPlan,
    /// Steps below its root.
    pub depth: usize,
    /// For each ancestor below the root and then for itself: whether more siblings follow.
    more: [bool; DEEPEST],
}

/// Root, subordinate, authority and leaf are the deepest chain; chains of imports may have more between.
const DEEPEST: usize = 8;

impl Branch<'_> {
    /// What stands before the name so that the lines of a tree hang together.
    pub fn prefix(&self) -> String {
        (0..self.depth)
            .map(|level| match (level + 1 == self.depth, self.more[level]) {
                (true, true) => "├─ ",
                (true, false) => "└─ ",
                (false, true) => "│  ",
                (false, false) => "   ",
            })
            .collect()
    }
}

impl CertificatePlan {
    /// The trees of a hierarchy, an issuer before what it issues.
    pub fn tree(&self, hierarchy: Hierarchy) -> Vec<Branch<'_>> {
        let mut branches = Vec::new();
        for root in &self.entities {
            if root.issued_by == IssuedBy::Itself && self.hierarchy_of_root(root) == hierarchy {
                let root = Branch {
                    entity: root,
                    depth: 0,
                    more: [false; DEEPEST],
                };
                self.grow(root, &mut branches);
            }
        }
        branches
    }

    fn grow<'a>(&'a self, branch: Branch<'a>, branches: &mut Vec<Branch<'a>>) {
        branches.push(branch);
        if branch.depth == DEEPEST {
            return;
        }
        let issued: Vec<&EntityPlan> = self
            .entities
            .iter()
            .filter(|entity| matches!(&entity.issued_by, IssuedBy::Authority(alias) if *alias == branch.entity.alias))
            .collect();
        for (position, entity) in issued.iter().enumerate() {
            let mut more = branch.more;
            more[branch.depth] = position + 1 < issued.len();
            let child = Branch {
                entity,
                depth: branch.depth + 1,
                more,
            };
            self.grow(child, branches);
        }
    }

    fn hierarchy_of_root(&self, root: &EntityPlan) -> Hierarchy {
        let network_authority = matches!(root.alias.as_str(), aliases::ROOT | aliases::TLS_CRL_SIGNER);
        match root.purpose {
            Purpose::Tokens => Hierarchy::Tokens,
            _ if root.alias == aliases::SSL_ROOT => Hierarchy::Ssl,
            _ if root.alias == aliases::PUBLIC_ROOT => Hierarchy::PublicHosts,
            Purpose::Authority if !network_authority && self.issues_tls_only(root) => Hierarchy::Tunnels,
            _ => Hierarchy::Network,
        }
    }

    fn issues_tls_only(&self, root: &EntityPlan) -> bool {
        let by_root = IssuedBy::Authority(root.alias.clone());
        self.entities
            .iter()
            .filter(|entity| entity.issued_by == by_root)
            .all(|entity| entity.purpose == Purpose::Tls)
    }
}
