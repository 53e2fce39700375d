//! Durations.

use std::time::Duration;

use super::{Problem, Text, text_scalar};
use crate::language::Format;

impl Text for Duration {
    const FORMAT: &'static Format = &Format {
        name: "duration",
        documentation: "a whole number above 0 and `ms`, `s`, `m`, `h` or `d`",
        pattern: Some("^[0-9]+(ms|s|m|h|d)$"),
        example: "10s",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let milliseconds_each = match unit {
            "ms" => Some(1),
            "s" => Some(1_000),
            "m" => Some(60_000),
            "h" => Some(3_600_000),
            "d" => Some(86_400_000),
            _ => None,
        };
        number
            .parse::<u64>()
            .ok()
            .filter(|number| *number > 0)
            .and_then(|number| number.checked_mul(milliseconds_each?))
            .map(Self::from_millis)
            .ok_or_else(|| {
                vec![
                    Problem::new("topology::duration", format!("`{text}` is not a duration"))
                        .label("not a duration")
                        .help("write a whole number and a unit: `500ms`, `10s`, `5m`, `1h` or `1d`"),
                ]
            })
    }
}

text_scalar!(Duration);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        for (text, milliseconds) in [
            ("500ms", Some(500)),
            ("10s", Some(10_000)),
            ("2d", Some(172_800_000)),
            ("0s", None),
            ("10", None),
            ("s", None),
            ("1w", None),
            ("18446744073709551615d", None),
        ] {
            assert_eq!(
                Duration::parse(text).ok(),
                milliseconds.map(Duration::from_millis),
                "{text}"
            );
        }
    }
}
