//! How figures are said to people.

use std::time::Duration;

/// `0.4s`, `12s`, `3m 05s`, `1h 02m`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..=9 => format!("{:.1}s", duration.as_secs_f64()),
        10..=59 => format!("{seconds}s"),
        60..=3599 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `0.2 ms`, `12 ms`, `3.4s`: what is over in an instant.
pub(crate) fn instant(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    match time.as_millis() {
        0..=9 => format!("{milliseconds:.1} ms"),
        10..=999 => format!("{milliseconds:.0} ms"),
        _ => duration(time),
    }
}

/// `12s`, `3m 05s`, `1h 02m`, `2d 03h`: how long ago something was.
pub(crate) fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..=59 => format!("{seconds}s"),
        60..=86_399 => duration(age),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

/// A text of others as one line: what a cluster or a program says may have many, and signs that move a terminal.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|character: char| character.is_control() || character.is_whitespace());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `1 step`, `3 steps`.
pub(crate) fn count(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_words_of_others() {
        let said = |seconds| age(Duration::from_secs(seconds));
        assert_eq!(
            [said(0), said(59), said(61), said(200_000)],
            ["0s", "59s", "1m 01s", "2d 07h"]
        );
        assert_eq!(one_line(" it\tends:\r\n  \u{1b}[2Jgone\n"), "it ends: [2Jgone");
    }

    #[test]
    fn instants_are_said_in_milliseconds() {
        let said = |microseconds| instant(Duration::from_micros(microseconds));
        assert_eq!(
            [said(0), said(240), said(9_960), said(12_400), said(3_400_000)],
            ["0.0 ms", "0.2 ms", "10.0 ms", "12 ms", "3.4s"]
        );
    }

    #[test]
    fn durations_are_said_as_exactly_as_they_matter() {
        let said = |milliseconds| duration(Duration::from_millis(milliseconds));
        assert_eq!(said(0), "0.0s");
        assert_eq!(said(420), "0.4s");
        assert_eq!(said(12_900), "12s");
        assert_eq!(said(185_000), "3m 05s");
        assert_eq!(said(3_725_000), "1h 02m");
    }
}
