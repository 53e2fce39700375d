//! What a value without quotation marks means: the core schema of YAML 1.2 (chapter 10.3).

use std::borrow::Cow;

use crate::node::Value;

/// `no` and `on` are strings, `0x1F` is a number, `1_000` is a string.
pub(super) fn resolve(text: Cow<'_, str>) -> Value {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        other => integer(other)
            .map(Value::Integer)
            .or_else(|| decimal(other).map(Value::Decimal))
            .unwrap_or_else(|| Value::Text(text.into_owned())),
    }
}

fn integer(text: &str) -> Option<i128> {
    let digits = |digits: &str, radix: u32| {
        // Rust would take a sign here as well.
        let all = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        all.then(|| i128::from_str_radix(digits, radix).ok()).flatten()
    };
    match text.as_bytes() {
        [b'0', b'o', ..] => digits(&text[2..], 8),
        [b'0', b'x', ..] => digits(&text[2..], 16),
        [b'-', ..] => digits(&text[1..], 10).map(|number| -number),
        [b'+', ..] => digits(&text[1..], 10),
        _ => digits(text, 10),
    }
}

fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned == text => return Some(f64::NAN),
        _ => {}
    }
    // Rust also takes words such as `infinity`.
    let starts = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let written = unsigned
        .chars()
        .all(|character| matches!(character, '0'..='9' | '.' | 'e' | 'E' | '+' | '-'));
    (starts && written)
        .then(|| unsigned.parse::<f64>().ok())
        .flatten()
        .map(|number| sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_of_the_core_schema() {
        for (text, value) in [
            ("", "Null"),
            ("~", "Null"),
            ("null", "Null"),
            ("true", "Boolean(true)"),
            ("False", "Boolean(false)"),
            ("no", "Text(\"no\")"),
            ("on", "Text(\"on\")"),
            ("42", "Integer(42)"),
            ("-7", "Integer(-7)"),
            ("+7", "Integer(7)"),
            ("-+7", "Text(\"-+7\")"),
            ("0o17", "Integer(15)"),
            ("0x1F", "Integer(31)"),
            ("010", "Integer(10)"),
            ("1_000", "Text(\"1_000\")"),
            ("1.7", "Decimal(1.7)"),
            ("-.5e1", "Decimal(-5.0)"),
            ("1.7.2", "Text(\"1.7.2\")"),
            (".inf", "Decimal(inf)"),
            ("infinity", "Text(\"infinity\")"),
            ("e5", "Text(\"e5\")"),
            (".", "Text(\".\")"),
            ("0x", "Text(\"0x\")"),
            ("512Mi", "Text(\"512Mi\")"),
            ("12:30:45", "Text(\"12:30:45\")"),
        ] {
            assert_eq!(format!("{:?}", resolve(Cow::Borrowed(text))), value, "{text}");
        }
        let beyond = "9".repeat(60);
        assert!(matches!(resolve(Cow::Borrowed(&beyond)), Value::Decimal(_)));
    }
}
