//! Amounts of memory, processors and storage, as Kubernetes writes them.

use super::{Problem, Text, text_scalar};
use crate::language::Format;

/// An amount of memory in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mebibytes(pub u32);

impl Text for Mebibytes {
    const FORMAT: &'static Format = &Format {
        name: "memory",
        documentation: "whole `Mi` or `Gi`, from `64Mi` to `1024Gi`",
        pattern: Some("^[0-9]+(Mi|Gi)$"),
        example: "384Mi",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        mebibytes(text, 64).map(Self).ok_or_else(|| {
            vec![
                Problem::new(
                    "topology::memory",
                    format!("`{text}` is not an amount of memory from 64Mi to 1024Gi"),
                )
                .label("not an amount of memory")
                .help("write MiB or GiB: `384Mi`, `2Gi`"),
            ]
        })
    }
}

/// The size of a volume in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StorageSize(pub u32);

impl StorageSize {
    /// Whole GiB.
    pub const fn gibibytes(number: u32) -> Self {
        Self(number * 1024)
    }

    /// As Kubernetes writes it.
    pub fn quantity(self) -> String {
        if self.0.is_multiple_of(1024) {
            format!("{}Gi", self.0 / 1024)
        } else {
            format!("{}Mi", self.0)
        }
    }
}

impl Text for StorageSize {
    const FORMAT: &'static Format = &Format {
        name: "storage size",
        documentation: "whole `Mi` or `Gi`, from `256Mi` to `1024Gi`",
        pattern: Some("^[0-9]+(Mi|Gi)$"),
        example: "20Gi",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        mebibytes(text, 256).map(Self).ok_or_else(|| {
            vec![
                Problem::new(
                    "topology::storage-size",
                    format!("`{text}` is not a size from 256Mi to 1024Gi"),
                )
                .label("not a size")
                .help("write MiB or GiB: `512Mi`, `20Gi`"),
            ]
        })
    }
}

fn mebibytes(text: &str, least: u32) -> Option<u32> {
    match (text.strip_suffix("Mi"), text.strip_suffix("Gi")) {
        (Some(number), _) => number.parse::<u32>().ok(),
        (_, Some(number)) => number
            .parse::<u32>()
            .ok()
            .and_then(|number| number.checked_mul(1024)),
        _ => None,
    }
    .filter(|mebibytes| (least..=1_048_576).contains(mebibytes))
}

/// Thousandths of a processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millicores(pub u32);

impl Millicores {
    /// As Kubernetes writes it.
    pub fn quantity(self) -> String {
        if self.0.is_multiple_of(1000) {
            (self.0 / 1000).to_string()
        } else {
            format!("{}m", self.0)
        }
    }
}

impl Text for Millicores {
    const FORMAT: &'static Format = &Format {
        name: "processors",
        documentation: "whole processors or thousandths of one with `m`, from `10m` to `256`",
        pattern: Some("^[0-9]+m?$"),
        example: "500m",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let parsed = text.strip_suffix('m').map_or_else(
            || {
                text.parse::<u32>()
                    .ok()
                    .and_then(|number| number.checked_mul(1000))
            },
            |number| number.parse::<u32>().ok(),
        );
        parsed
            .filter(|millicores| (10..=256_000).contains(millicores))
            .map(Self)
            .ok_or_else(|| {
                vec![
                    Problem::new(
                        "topology::processors",
                        format!("`{text}` is not a number of processors from 10m to 256"),
                    )
                    .label("not a number of processors")
                    .help("write whole processors, `2`, or thousandths, `500m`"),
                ]
            })
    }
}

text_scalar!(Mebibytes, StorageSize, Millicores);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_whole_and_within_limits() {
        for (text, memory, storage) in [
            ("64Mi", Some(64), None),
            ("256Mi", Some(256), Some(256)),
            ("2Gi", Some(2048), Some(2048)),
            ("1024Gi", Some(1_048_576), Some(1_048_576)),
            ("1025Gi", None, None),
            ("2G", None, None),
            ("1.5Gi", None, None),
            ("4294967295Gi", None, None),
            ("", None, None),
        ] {
            assert_eq!(Mebibytes::parse(text).ok().map(|it| it.0), memory, "{text}");
            assert_eq!(StorageSize::parse(text).ok().map(|it| it.0), storage, "{text}");
        }
        for (text, processors) in [
            ("500m", Some(500)),
            ("2", Some(2000)),
            ("9m", None),
            ("257", None),
            ("1.5", None),
            ("m", None),
        ] {
            assert_eq!(Millicores::parse(text).ok().map(|it| it.0), processors, "{text}");
        }
    }

    #[test]
    fn quantities_are_written_as_kubernetes_does() {
        assert_eq!(StorageSize::gibibytes(5).quantity(), "5Gi");
        assert_eq!(StorageSize(512).quantity(), "512Mi");
        assert_eq!(Millicores(1500).quantity(), "1500m");
        assert_eq!(Millicores(2000).quantity(), "2");
    }
}
