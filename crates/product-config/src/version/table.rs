//! What differs between releases: the one place that knows.
//!
//! Sources: the release notes of CENM 1.5 to 1.7 and its support matrix; the configuration pages of Corda
//! Enterprise 4.10 to 4.14; for Corda Community the parser of 4.10 itself. Differences between Corda versions
//! before 4.10 are not documented key by key: such a node is taken to know the keys of 4.10 that no row excludes.

use super::{CenmVersion, CordaRelease, CordaVersion, Edition};

/// Something that not every release of CENM knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CenmFeature {
    /// `enmListener.host`, `adminListener.host`.
    ListenerHost,
    /// `shell.sshdHost`.
    ShellHost,
    /// The Zone takes a file instead of arguments.
    ZoneConf,
    /// The Angel takes a file instead of arguments.
    AngelConf,
    /// `AZURE_MSAL_KEY_VAULT_HSM`.
    AzureMsalKeyVault,
    /// `recoveryMaximumBackupInterval`, `confidentialIdentityMinimumBackupInterval`.
    RecoveryParameters,
    /// `packageOwnership.algorithm = EC`.
    EcPackageOwner,
}

impl CenmFeature {
    /// The first release that knows it.
    pub(crate) const fn since(self) -> CenmVersion {
        match self {
            // Release notes of 1.6.1.
            Self::ListenerHost
            | Self::ShellHost
            | Self::ZoneConf
            | Self::AngelConf
            | Self::AzureMsalKeyVault => CenmVersion::new(6, 1),
            // Release notes of 1.6.
            Self::RecoveryParameters => CenmVersion::new(6, 0),
            // Release notes of 1.5.1.
            Self::EcPackageOwner => CenmVersion::new(5, 1),
        }
    }
}

impl CenmVersion {
    /// The major version of Java that it runs on (support matrix).
    pub fn java(self) -> u8 {
        if self < Self::V1_7 { 8 } else { 17 }
    }

    /// Whether the Zone is given `zone.conf`; otherwise [`ZoneConf::arguments`](crate::zone_conf::ZoneConf).
    pub fn has_zone_conf(self) -> bool {
        self >= CenmFeature::ZoneConf.since()
    }

    /// Whether the Angel is given `angel.conf`; otherwise [`AngelConf::arguments`](crate::angel_conf::AngelConf).
    pub fn has_angel_conf(self) -> bool {
        self >= CenmFeature::AngelConf.since()
    }

    /// The `PostgreSQL` driver inside the images, where its name is documented: 1.5.9 to 1.6.2. Other images
    /// hold a driver of another name, so the path must be told.
    pub fn postgresql_driver(self) -> Option<&'static str> {
        (Self::new(5, 9)..=Self::new(6, 2))
            .contains(&self)
            .then_some("/opt/cenm/drivers/postgresql-42.5.2.jar")
    }
}

/// Platform versions, from the page on versioning of each Corda release.
pub(super) const fn platform_version(minor: u8) -> u32 {
    match minor {
        // 4.5 is 7, and each release to 4.11 added one.
        ..=11 => minor as u32 + 2,
        _ => minor as u32 * 10 + 20,
    }
}

/// Corda runs on Java 8 before 4.12 and on Java 17 from it on.
pub(super) const fn corda_java(minor: u8) -> u8 {
    if minor < 12 { 8 } else { 17 }
}

/// Which nodes know a key of `node.conf`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Availability {
    /// First version of Corda Community; `None` when it never knew the key.
    pub(crate) community: Option<CordaVersion>,
    /// First version of Corda Enterprise.
    pub(crate) enterprise: Option<CordaVersion>,
}

impl Availability {
    const ALWAYS: CordaVersion = CordaVersion::new(0, 0);
    /// Both editions.
    pub(crate) const BOTH: Self = Self::both_since(Self::ALWAYS);
    /// Corda Enterprise only.
    pub(crate) const ENTERPRISE: Self = Self::enterprise_since(Self::ALWAYS);
    /// Corda Community only.
    pub(crate) const COMMUNITY: Self = Self {
        community: Some(Self::ALWAYS),
        enterprise: None,
    };

    /// Both editions from a version on.
    pub(crate) const fn both_since(version: CordaVersion) -> Self {
        Self {
            community: Some(version),
            enterprise: Some(version),
        }
    }

    /// Corda Enterprise from a version on.
    pub(crate) const fn enterprise_since(version: CordaVersion) -> Self {
        Self {
            community: None,
            enterprise: Some(version),
        }
    }

    /// Whether nodes of a release know it.
    pub(crate) fn includes(self, release: CordaRelease) -> bool {
        self.first(release.edition)
            .is_some_and(|first| first <= release.version)
    }

    /// Where it exists, for a person: `Corda Enterprise only`, `Corda 4.11 and later`.
    pub(crate) fn describe(self, edition: Edition) -> String {
        match (self.first(edition), self.enterprise) {
            (Some(first), _) => format!("from {edition} {first} on"),
            (None, Some(_)) => "in Corda Enterprise only".to_owned(),
            (None, None) => "in Corda Community only".to_owned(),
        }
    }

    const fn first(self, edition: Edition) -> Option<CordaVersion> {
        match edition {
            Edition::Community => self.community,
            Edition::Enterprise => self.enterprise,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_of_each_release_of_cenm() {
        let facts = |text: &str| {
            let version: CenmVersion = text.parse().expect("it is a release");
            let driver = version.postgresql_driver().is_some();
            (
                version.java(),
                version.has_zone_conf(),
                version.has_angel_conf(),
                driver,
            )
        };
        assert_eq!(facts("1.5"), (8, false, false, false));
        assert_eq!(facts("1.5.9"), (8, false, false, true));
        assert_eq!(facts("1.6"), (8, false, false, true));
        assert_eq!(facts("1.6.1"), (8, true, true, true));
        assert_eq!(facts("1.6.3"), (8, true, true, false));
        assert_eq!(facts("1.7"), (17, true, true, false));
    }
}
