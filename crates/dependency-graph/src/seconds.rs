//! Durations as numbers of seconds, exact to the microsecond: `#[serde(with = "dependency_graph::seconds")]`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes `1.5` for a second and a half.
pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((duration.as_secs_f64() * 1e6).round() / 1e6)
}

/// Reads a number of seconds.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds).map_err(de::Error::custom)
}

/// The same for a duration that may be missing.
pub mod option {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Seconds(#[serde(with = "super")] Duration);

    /// Writes a number or `null`.
    pub fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        duration.map(Seconds).serialize(serializer)
    }

    /// Reads a number or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<Seconds>::deserialize(deserializer)?.map(|Seconds(duration)| duration))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Times {
        #[serde(with = "super")]
        sure: Duration,
        #[serde(with = "super::option")]
        maybe: Option<Duration>,
    }

    #[test]
    fn durations_are_numbers_and_come_back() {
        for (maybe, text) in [
            (None, r#"{"sure":1.5,"maybe":null}"#),
            (Some(Duration::from_micros(7)), r#"{"sure":1.5,"maybe":7e-6}"#),
        ] {
            let sure = Duration::from_millis(1500);
            let times = Times { sure, maybe };
            assert_eq!(serde_json::to_string(&times).unwrap(), text);
            assert_eq!(serde_json::from_str::<Times>(text).unwrap(), times);
        }
        assert!(serde_json::from_str::<Times>(r#"{"sure":-1.0,"maybe":null}"#).is_err());
    }
}
