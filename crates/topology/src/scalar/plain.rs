//! Text without a form, booleans and whole numbers.

use super::{Problem, Scalar, Text, text_scalar};
use crate::{
    decode::wrong_type,
    diagnostic::{Diagnostic, Diagnostics},
    language::{Format, Kind},
    node::{Node, Value},
};

impl Text for String {
    const FORMAT: &'static Format = &Format {
        name: "text",
        documentation: "any text",
        pattern: None,
        example: "Main",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Ok(text.to_owned())
    }
}

text_scalar!(String);

impl Scalar for bool {
    const KIND: Kind = Kind::Boolean;

    fn read(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        if let Value::Boolean(value) = node.value {
            return Some(value);
        }
        diagnostics.push(wrong_type(node, key, "`true` or `false`", &node.value));
        None
    }
}

/// A whole number within limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const LEAST: u64, const GREATEST: u64>(pub u64);

impl<const LEAST: u64, const GREATEST: u64> Scalar for Whole<LEAST, GREATEST> {
    const KIND: Kind = Kind::Integer {
        least: LEAST,
        greatest: GREATEST,
    };

    fn read(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let Value::Integer(number) = node.value else {
            diagnostics.push(wrong_type(node, key, "a whole number", &node.value));
            return None;
        };
        let within = u64::try_from(number)
            .ok()
            .filter(|number| (LEAST..=GREATEST).contains(number));
        if within.is_none() {
            let message = if GREATEST == u64::MAX {
                format!("`{key}` is {number}, below {LEAST}")
            } else {
                format!("`{key}` is {number}, outside of {LEAST} to {GREATEST}")
            };
            diagnostics
                .push(Diagnostic::new("topology::out-of-range", node.span, message).label("out of range"));
        }
        within.map(Self)
    }
}
