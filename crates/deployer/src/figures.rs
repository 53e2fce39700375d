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
    fn durations_are_said_as_exactly_as_they_matter() {
        let said = |milliseconds| duration(Duration::from_millis(milliseconds));
        assert_eq!(said(0), "0.0s");
        assert_eq!(said(420), "0.4s");
        assert_eq!(said(12_900), "12s");
        assert_eq!(said(185_000), "3m 05s");
        assert_eq!(said(3_725_000), "1h 02m");
    }
}
