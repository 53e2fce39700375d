//! Releases of the Corda node.

use std::{fmt, str::FromStr};

/// A release of Corda 4 from 4.5 on, as `4.10` or `4.12.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CordaVersion {
    minor: u8,
    patch: u8,
}

/// The text names no release of Corda that is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no release of Corda that is supported; name one from 4.5 to 4.14, e.g. 4.10")]
pub struct UnknownCordaVersion(pub String);

/// Which product a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// Corda Community, which is open source.
    Community,
    /// Corda Enterprise.
    Enterprise,
}

/// An edition in a version: what decides the keys of `node.conf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CordaRelease {
    /// Which product.
    pub edition: Edition,
    /// Which version of it.
    pub version: CordaVersion,
}

impl CordaVersion {
    /// 4.10
    pub const V4_10: Self = Self::new(10, 0);

    /// The release 4.`minor`.`patch`.
    pub(crate) const fn new(minor: u8, patch: u8) -> Self {
        Self { minor, patch }
    }

    /// The platform version of a node of this release, which the network's minimum is compared with.
    pub const fn platform_version(self) -> u32 {
        super::table::platform_version(self.minor)
    }

    /// The major version of Java that it runs on.
    pub const fn java(self) -> u8 {
        super::table::corda_java(self.minor)
    }
}

impl CordaRelease {
    /// Corda Community in a version.
    pub const fn community(version: CordaVersion) -> Self {
        Self {
            edition: Edition::Community,
            version,
        }
    }

    /// Corda Enterprise in a version.
    pub const fn enterprise(version: CordaVersion) -> Self {
        Self {
            edition: Edition::Enterprise,
            version,
        }
    }
}

impl FromStr for CordaVersion {
    type Err = UnknownCordaVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownCordaVersion(text.to_owned());
        let (minor, patch) = super::minor_and_patch(text, "4").ok_or_else(unknown)?;
        if (5..=14).contains(&minor) {
            Ok(Self::new(minor, patch))
        } else {
            Err(unknown())
        }
    }
}

impl fmt::Display for CordaVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::write_version(formatter, "4", self.minor, self.patch)
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Community => "Corda Community",
            Self::Enterprise => "Corda Enterprise",
        })
    }
}

impl fmt::Display for CordaRelease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.edition, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_ordered() {
        let read = |text: &str| text.parse::<CordaVersion>();
        assert_eq!(read("4.10"), Ok(CordaVersion::V4_10));
        assert!(CordaVersion::new(9, 0) < CordaVersion::V4_10);
        assert_eq!(
            read("4.12.5").map(|version| CordaRelease::enterprise(version).to_string()),
            Ok("Corda Enterprise 4.12.5".into())
        );
        for wrong in ["4", "4.4", "4.15", "5.0", "4.10-RC1", "4.010"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_version_decides_java_and_platform_version() {
        let facts = |text: &str| {
            let version: CordaVersion = text.parse().expect("it is one");
            (version.java(), version.platform_version())
        };
        assert_eq!(facts("4.5.11"), (8, 7));
        assert_eq!(facts("4.10"), (8, 12));
        assert_eq!(facts("4.12"), (17, 140));
        assert_eq!(facts("4.14"), (17, 160));
    }
}
