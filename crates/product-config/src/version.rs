//! The releases of the products, and what differs between them.
//!
//! Everything that depends on a release is a row of [`table`]: no other module compares versions.

mod cenm;
mod corda;
mod table;

pub use cenm::{CenmVersion, UnknownCenmVersion};
pub use corda::{CordaRelease, CordaVersion, Edition, UnknownCordaVersion};
pub(crate) use table::{Availability, CenmFeature};

use std::fmt;

/// The parts of `MAJOR.MINOR[.PATCH]`, each in its shortest decimal form.
fn minor_and_patch(text: &str, major: &str) -> Option<(u8, u8)> {
    let number = |part: &str| {
        let number: u8 = part.parse().ok()?;
        (number.to_string() == part).then_some(number)
    };
    let mut parts = text.split('.');
    if parts.next() != Some(major) {
        return None;
    }
    let minor = number(parts.next()?)?;
    let patch = parts.next().map_or(Some(0), number)?;
    parts.next().is_none().then_some((minor, patch))
}

fn write_version(formatter: &mut fmt::Formatter<'_>, major: &str, minor: u8, patch: u8) -> fmt::Result {
    if patch == 0 {
        write!(formatter, "{major}.{minor}")
    } else {
        write!(formatter, "{major}.{minor}.{patch}")
    }
}
