//! The CENM users that the bootstrap Jobs log in as, each with one role (reference §5.4).

/// A user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// The initial administrator: makes users, groups and roles, and may do no network operation.
    Admin,
    /// Sets the configs of Identity Manager, Signing Service and Network Map.
    ConfigMaintainer,
    /// Creates subzones.
    NetworkMaintainer,
    /// Sees the signing tasks.
    NonCaSigner,
}

/// What makes a user able to do something: its group is given a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub group: &'static str,
    /// The role that the group gets.
    pub role: &'static str,
    /// Whether the role is needed on the subzone as well (reference §5.1, B23).
    pub on_subzone: bool,
}

impl User {
    /// All, the administrator first.
    pub const ALL: [Self; 4] = [
        Self::Admin,
        Self::ConfigMaintainer,
        Self::NetworkMaintainer,
        Self::NonCaSigner,
    ];

    /// The login name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::ConfigMaintainer => "config-maintainer",
            Self::NetworkMaintainer => "network-maintainer",
            Self::NonCaSigner => "nonca-signer",
        }
    }

    /// Its group and role; the administrator has none.
    pub const fn membership(self) -> Option<Membership> {
        let (group, role, on_subzone) = match self {
            Self::Admin => return None,
            Self::ConfigMaintainer => ("configuration-maintainers", "ConfigurationMaintainer", true),
            Self::NetworkMaintainer => ("network-maintainers", "NetworkMaintainer", true),
            Self::NonCaSigner => ("nonca-signers", "NonCASigner", true),
        };
        Some(Membership {
            group,
            role,
            on_subzone,
        })
    }
}
