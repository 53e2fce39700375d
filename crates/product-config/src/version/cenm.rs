//! Releases of Corda Enterprise Network Manager.

use std::{fmt, str::FromStr};

/// A release of CENM from 1.5 on, as `1.6.3`; `1.6` is `1.6.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CenmVersion {
    minor: u8,
    patch: u8,
}

/// The text names no release of CENM that is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no release of CENM that is supported; name one of 1.5, 1.6 or 1.7 with its patch, e.g. 1.6.3"
)]
pub struct UnknownCenmVersion(pub String);

impl CenmVersion {
    /// 1.5.0
    pub const V1_5: Self = Self::new(5, 0);
    /// 1.6.0
    pub const V1_6: Self = Self::new(6, 0);
    /// 1.6.1, from which on Zone and Angel have files.
    pub const V1_6_1: Self = Self::new(6, 1);
    /// 1.7.0
    pub const V1_7: Self = Self::new(7, 0);

    /// The release 1.`minor`.`patch`.
    pub(crate) const fn new(minor: u8, patch: u8) -> Self {
        Self { minor, patch }
    }
}

impl FromStr for CenmVersion {
    type Err = UnknownCenmVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownCenmVersion(text.to_owned());
        let (minor, patch) = super::minor_and_patch(text, "1").ok_or_else(unknown)?;
        if (5..=7).contains(&minor) {
            Ok(Self::new(minor, patch))
        } else {
            Err(unknown())
        }
    }
}

impl fmt::Display for CenmVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::write_version(formatter, "1", self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_ordered() {
        let read = |text: &str| text.parse::<CenmVersion>();
        assert_eq!(read("1.6"), Ok(CenmVersion::V1_6));
        assert_eq!(
            read("1.5.9").map(|version| version.to_string()),
            Ok("1.5.9".into())
        );
        assert_eq!(CenmVersion::V1_7.to_string(), "1.7");
        assert!(read("1.5.9").expect("it is one") < CenmVersion::V1_6);
        for wrong in [
            "",
            "1",
            "1.4",
            "1.8",
            "2.5",
            "1.6.x",
            "1.6.1.1",
            "1.06",
            "1.+6",
            "1.5-SNAPSHOT",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
