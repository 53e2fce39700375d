//! Single values: durations, sizes, images and names.

use std::time::Duration;

use crate::{
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Image, Mebibytes},
    names::X500Name,
};

/// Parses a value with a function that says what is wrong.
pub(super) fn parse<T>(
    text: Option<&Located<String>>,
    code: &'static str,
    parse: impl Fn(&str) -> Result<T, String>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let text = text?;
    match parse(&text.value) {
        Ok(value) => Some(value),
        Err(message) => {
            diagnostics.push(Diagnostic::new(code, text.span, message).label("not accepted"));
            None
        }
    }
}

/// A legal name; each broken rule is a problem of its own.
pub(super) fn legal_name(text: Option<&Located<String>>, diagnostics: &mut Diagnostics) -> Option<X500Name> {
    let text = text?;
    match X500Name::new(&text.value) {
        Ok(name) => Some(name),
        Err(problems) => {
            for problem in problems {
                diagnostics.push(
                    Diagnostic::new("topology::legal-name", text.span, problem)
                        .label("invalid X.500 name")
                        .help("write it like `O=PartyA, L=London, C=GB`"),
                );
            }
            None
        }
    }
}

/// A duration: a whole number and `ms`, `s`, `m`, `h` or `d`.
pub(super) fn duration(text: &Located<String>, diagnostics: &mut Diagnostics) -> Option<Duration> {
    let digits = text.value.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.value.split_at(digits);
    let milliseconds_each = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    let milliseconds = number
        .parse::<u64>()
        .ok()
        .filter(|number| *number > 0)
        .and_then(|number| number.checked_mul(milliseconds_each?));
    if milliseconds.is_none() {
        diagnostics.push(
            Diagnostic::new(
                "topology::duration",
                text.span,
                format!("`{}` is not a duration", text.value),
            )
            .label("not a duration")
            .help("write a whole number and a unit: `500ms`, `10s`, `5m`, `1h` or `1d`"),
        );
    }
    milliseconds.map(Duration::from_millis)
}

/// An amount of memory as Kubernetes writes it, in whole MiB or GiB.
pub(super) fn memory(text: &Located<String>, diagnostics: &mut Diagnostics) -> Option<Mebibytes> {
    let parsed = match (text.value.strip_suffix("Mi"), text.value.strip_suffix("Gi")) {
        (Some(number), _) => number.parse::<u32>().ok(),
        (_, Some(number)) => number
            .parse::<u32>()
            .ok()
            .and_then(|number| number.checked_mul(1024)),
        _ => None,
    }
    .filter(|mebibytes| (64..=1_048_576).contains(mebibytes));
    if parsed.is_none() {
        diagnostics.push(
            Diagnostic::new(
                "topology::memory",
                text.span,
                format!("`{}` is not an amount of memory from 64Mi to 1024Gi", text.value),
            )
            .label("not an amount of memory")
            .help("write MiB or GiB: `384Mi`, `2Gi`"),
        );
    }
    parsed.map(Mebibytes)
}

/// A container image, with a tag that does not move or a digest.
pub(super) fn image(text: Option<&Located<String>>, diagnostics: &mut Diagnostics) -> Option<Image> {
    let text = text?;
    let name = text.value.as_str();
    let problem = if name.is_empty() || name.contains(char::is_whitespace) {
        Some(format!("`{name}` is not an image reference"))
    } else if name.contains("@sha256:") {
        None
    } else {
        match name.rsplit('/').next().and_then(|last| last.split_once(':')) {
            None => Some(format!("image `{name}` has no tag")),
            Some((_, "latest" | "")) => Some(format!("image `{name}` has a tag that moves")),
            Some(_) => None,
        }
    };
    match problem {
        None => Some(Image(name.to_owned())),
        Some(message) => {
            diagnostics.push(
                Diagnostic::new("topology::image", text.span, message)
                    .label("not pinned")
                    .help("name a version, e.g. `registry.example/corda/enterprise-auth:1.7.2`, or a digest"),
            );
            None
        }
    }
}
