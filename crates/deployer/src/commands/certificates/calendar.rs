//! Ends of certificates and CRLs as a calendar (RFC 5545), with a reminder a month before.

use chrono::{DateTime, Duration};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _};

use jiff::Timestamp;

use super::list::Entry;

/// The calendar; what lies in several places is one event.
pub(super) fn of(network: &str, entries: &[Entry], now: Timestamp) -> String {
    let now = DateTime::from_timestamp(now.as_second(), 0).unwrap_or_default();
    let mut calendar = Calendar::new();
    calendar.name(&format!("Certificates of {network}"));
    let mut seen = std::collections::BTreeSet::new();
    for Entry { lifespan, .. } in entries {
        if !seen.insert((lifespan.ends, lifespan.name.clone(), lifespan.subject.clone())) {
            continue;
        }
        let Some(ends) = DateTime::from_timestamp(lifespan.ends.as_second(), 0) else {
            continue;
        };
        let places: Vec<&str> = entries
            .iter()
            .filter(|other| other.lifespan.name == lifespan.name && other.lifespan.ends == lifespan.ends)
            .map(|other| other.place.as_str())
            .collect();
        // The same at every export, so that a calendar replaces what it has.
        let uid = format!(
            "{network}-{}-{}@cordanetes.dev",
            lifespan.name,
            lifespan.ends.as_second()
        );
        let mut reminder = Alarm::display(
            &format!("{} of {network} ends in 30 days", lifespan.name),
            -Duration::days(30),
        );
        reminder.uid(&format!("reminder-{uid}")).timestamp(now);
        let event = Event::new()
            .uid(&uid)
            .timestamp(now)
            // Without an end an event of a date lasts that day.
            .starts(ends.date_naive())
            .summary(&format!("{} of {network} ends", lifespan.name))
            .description(&format!("{}\nin {}", lifespan.subject, places.join(", ")))
            .alarm(reminder)
            .done();
        calendar.push(event);
    }
    calendar.to_string()
}
