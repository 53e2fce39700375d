//! Certificates, custody, monitoring and ingress.

use std::time::Duration;

use super::{exposure, placement, secret};
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Custody, Ingress, KeyAlgorithm, Lifetimes, Monitoring, Pkcs11},
    scalar::{Mebibytes, StorageSize},
};

const DAY: Duration = Duration::from_hours(24);
/// A token's label has 32 bytes (PKCS#11 2.40, `CK_TOKEN_INFO`).
const LONGEST_LABEL: usize = 32;

pub(super) fn key_algorithm(declared: &declared::Certificates) -> KeyAlgorithm {
    declared
        .algorithm
        .as_ref()
        .map_or(KeyAlgorithm::EcdsaP256, |algorithm| algorithm.value)
}

/// Nothing may outlive what signed it (reference §3.3: CENM clips, and then dates surprise).
pub(super) fn lifetimes(declared: &declared::Lifetimes, diagnostics: &mut Diagnostics) -> Lifetimes {
    let days = |declared: &Option<Located<Duration>>, default: u32| {
        declared.as_ref().map_or(DAY * default, |it| it.value)
    };
    let lifetimes = Lifetimes {
        root: days(&declared.root, 7300),
        subordinate: days(&declared.subordinate, 7300),
        signing: days(&declared.signing, 7300),
        ssl: days(&declared.ssl, 825),
        revocation_lists: days(&declared.revocation_lists, 3650),
    };
    let pairs = [
        (
            "subordinate",
            &declared.subordinate,
            lifetimes.subordinate,
            "root",
            &declared.root,
            lifetimes.root,
        ),
        (
            "signing",
            &declared.signing,
            lifetimes.signing,
            "subordinate",
            &declared.subordinate,
            lifetimes.subordinate,
        ),
        (
            "ssl",
            &declared.ssl,
            lifetimes.ssl,
            "root",
            &declared.root,
            lifetimes.root,
        ),
        (
            "revocationLists",
            &declared.revocation_lists,
            lifetimes.revocation_lists,
            "root",
            &declared.root,
            lifetimes.root,
        ),
        (
            "revocationLists",
            &declared.revocation_lists,
            lifetimes.revocation_lists,
            "subordinate",
            &declared.subordinate,
            lifetimes.subordinate,
        ),
    ];
    check_whole_days(declared, diagnostics);
    for (name, own, life, authority, above, authority_life) in pairs {
        if let Some(span) = own.as_ref().or(above.as_ref()).map(|it| it.span)
            && life > authority_life
        {
            diagnostics.push(
                Diagnostic::new(
                    "topology::outlives-authority",
                    span,
                    format!(
                        "`{name}` with {} days outlives `{authority}` with {}",
                        life.as_secs() / DAY.as_secs(),
                        authority_life.as_secs() / DAY.as_secs()
                    ),
                )
                .label("too long, or its authority too short")
                .help("a certificate ends at the latest when its authority's does"),
            );
        }
    }
    lifetimes
}

/// Certificates and lists end with a day: a part of one would be cut off, and what is left of an hour is nothing.
fn check_whole_days(declared: &declared::Lifetimes, diagnostics: &mut Diagnostics) {
    let lifetimes = [
        ("root", &declared.root),
        ("subordinate", &declared.subordinate),
        ("signing", &declared.signing),
        ("ssl", &declared.ssl),
        ("revocationLists", &declared.revocation_lists),
    ];
    for (name, life) in lifetimes {
        if let Some(life) = life
            && (life.value < DAY || !life.value.as_secs().is_multiple_of(DAY.as_secs()))
        {
            diagnostics.push(
                Diagnostic::new(
                    "topology::out-of-range",
                    life.span,
                    format!("`{name}` is a number of whole days, 1 at least"),
                )
                .label("not whole days")
                .help("write e.g. `825d`"),
            );
        }
    }
}

pub(super) fn custody(declared: &declared::Custody, diagnostics: &mut Diagnostics) -> Option<Custody> {
    let Some(pkcs11) = &declared.pkcs11 else {
        return Some(Custody::File);
    };
    check_token(pkcs11, diagnostics);
    let pin = match &pkcs11.pin {
        Some(pin) => Some(secret::operator_side(pin, "the PIN of the token", diagnostics)?),
        None => None,
    };
    Some(Custody::Pkcs11(Pkcs11 {
        module: pkcs11.module.as_ref()?.value.clone(),
        token: pkcs11.token.as_ref()?.value.clone(),
        serial: pkcs11.serial.as_ref().map(|serial| serial.value.clone()),
        pin,
    }))
}

/// What no token can be called, and what no loader should look for.
fn check_token(pkcs11: &declared::Pkcs11, diagnostics: &mut Diagnostics) {
    if let Some(module) = pkcs11
        .module
        .as_ref()
        .filter(|module| !module.value.starts_with('/'))
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::token-module",
                module.span,
                format!("`{}` is not an absolute path", module.value),
            )
            .label("would be looked for")
            .help("write where the library is, e.g. `/usr/lib/softhsm/libsofthsm2.so`"),
        );
    }
    if let Some(token) = pkcs11
        .token
        .as_ref()
        .filter(|token| token.value.trim().is_empty() || token.value.len() > LONGEST_LABEL)
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::token-label",
                token.span,
                format!("no token is called `{}`", token.value),
            )
            .label(format!("not 1 to {LONGEST_LABEL} bytes"))
            .help("write the label as the vendor's tools list it"),
        );
    }
}

pub(super) fn monitoring(declared: &declared::Monitoring, file: &declared::Topology) -> Option<Monitoring> {
    Some(Monitoring {
        image: declared.image.as_ref()?.value.clone(),
        agent_image: declared.agent_image.as_ref()?.value.clone(),
        memory: declared
            .memory
            .as_ref()
            .map_or(Mebibytes(512), |memory| memory.value),
        retention: declared
            .retention
            .as_ref()
            .map_or(DAY * 15, |retention| retention.value),
        storage: placement::volume(&[&declared.storage, &file.storage], StorageSize::gibibytes(5)),
        placement: placement::placement(&[&file.placement]),
    })
}

pub(super) fn ingress(declared: &declared::Ingress, diagnostics: &mut Diagnostics) -> Ingress {
    Ingress {
        class_name: declared.class_name.as_ref().map(|class| class.value.to_string()),
        namespace: declared
            .namespace
            .as_ref()
            .map(|namespace| namespace.value.to_string()),
        tls: declared
            .tls
            .as_ref()
            .and_then(|tls| exposure::tls(tls, diagnostics)),
    }
}
