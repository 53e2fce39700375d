//! Releases of CENM and Corda, with the facts of the support matrix (reference §8.1, §8.2).

use std::fmt;

use super::{Problem, Text, text_scalar};
use crate::language::{Format, choice};

choice! {
    /// A CENM release.
    #[code = "topology::cenm-version"]
    pub enum CenmVersion {
        /// 1.5: Java 8, flags instead of `zone.conf` and `angel.conf`.
        V1_5 = "1.5",
        /// 1.6 from 1.6.1: Java 8, `zone.conf` and `angel.conf`.
        V1_6 = "1.6",
        /// 1.7: Java 17.
        V1_7 = "1.7",
    }
}

impl CenmVersion {
    /// The Java release that it runs on (reference §8.1).
    pub const fn java(self) -> u8 {
        match self {
            Self::V1_5 | Self::V1_6 => 8,
            Self::V1_7 => 17,
        }
    }
}

/// A Corda release, e.g. 4.10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CordaVersion {
    /// The first number; always 4 here.
    pub major: u8,
    /// The second number.
    pub minor: u8,
}

impl CordaVersion {
    /// A 4.x release.
    pub const fn four(minor: u8) -> Self {
        Self { major: 4, minor }
    }

    /// The Java release that it runs on (reference §1.2).
    pub const fn java(self) -> u8 {
        if self.minor >= 12 { 17 } else { 8 }
    }

    /// The platform version that a node of this release announces; `None` where the reference names none (§8.1).
    pub const fn platform_version(self) -> Option<u64> {
        match self.minor {
            5 => Some(7),
            6 => Some(8),
            7 => Some(9),
            8 => Some(10),
            9 => Some(11),
            10 => Some(12),
            11 => Some(13),
            12 => Some(140),
            14 => Some(160),
            _ => None,
        }
    }
}

impl fmt::Display for CordaVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl Text for CordaVersion {
    const FORMAT: &'static Format = &Format {
        name: "Corda release",
        documentation: "`\"4.5\"` to `\"4.14\"`, in quotation marks",
        pattern: Some("^4\\.([5-9]|1[0-4])$"),
        example: "4.10",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        text.strip_prefix("4.")
            .filter(|minor| !minor.starts_with('0') && !minor.starts_with('+'))
            .and_then(|minor| minor.parse::<u8>().ok())
            .filter(|minor| (5..=14).contains(minor))
            .map(Self::four)
            .ok_or_else(|| {
                vec![
                    Problem::new(
                        "topology::corda-version",
                        format!("Corda `{text}` is not supported"),
                    )
                    .label("not supported")
                    .help("write a release from \"4.5\" to \"4.14\""),
                ]
            })
    }
}

text_scalar!(CordaVersion);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_two_numbers() {
        for (text, version) in [
            ("4.5", Some(CordaVersion::four(5))),
            ("4.14", Some(CordaVersion::four(14))),
            ("4.4", None),
            ("4.15", None),
            ("4.010", None),
            ("5.0", None),
            ("4", None),
        ] {
            assert_eq!(CordaVersion::parse(text).ok(), version, "{text}");
        }
    }
}
