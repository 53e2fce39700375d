//! `cordanetes certificates list`: until when everything lives, in the key file, in the cluster, in a folder.

use std::path::Path;

use certificates::{Lifespan, Mortal};
use jiff::{SignedDuration, Timestamp};
use owo_colors::OwoColorize as _;
use serde::Serialize;

use super::calendar;
use crate::arguments::{Days, ListArguments, ListFormat};
use crate::cluster_keys;
use crate::commands::engine;
use crate::failure::Failure;
use crate::figures;
use crate::keys::Keys;
use crate::printer;
use crate::store_directory::StoreDirectory;
use crate::table;

/// From here on a line is coloured, without being asked for.
const SOON: i64 = 60;

/// What is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    entries: Vec<Entry>,
    /// Stores that could not be opened, with the reason.
    unreadable: Vec<String>,
}

/// One line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// `key file`, `NAMESPACE/SECRET`, or the folder.
    pub(super) place: String,
    #[serde(flatten)]
    pub(super) lifespan: Lifespan,
    pub(super) days_left: i64,
}

/// Lists, and fails if asked to when something ends soon.
pub(crate) async fn run(arguments: &ListArguments) -> Result<(), Failure> {
    let now = Timestamp::now();
    let mut listed = collect(arguments, now).await?;
    listed
        .entries
        .sort_by(|left, right| (&left.lifespan, &left.place).cmp(&(&right.lifespan, &right.place)));
    let text = match arguments.output {
        ListFormat::Text => text(&listed),
        ListFormat::Json => serde_json::to_string(&listed)
            .map_err(|error| Failure::internal("the list cannot be written as JSON", error))?,
        ListFormat::Ics => calendar::of(&arguments.what, &listed.entries, now),
    };
    printer::data(&text)?;
    match arguments.fail_if_expiring {
        Some(limit) => verdict(&listed, limit, now),
        None => Ok(()),
    }
}

async fn collect(arguments: &ListArguments, now: Timestamp) -> Result<Listed, Failure> {
    let mut listed = Listed {
        entries: Vec::new(),
        unreadable: Vec::new(),
    };
    let entry = |place: &str, lifespan: Lifespan| Entry {
        place: place.to_owned(),
        days_left: lifespan.days_left(now),
        lifespan,
    };
    let directory = Path::new(&arguments.what);
    if directory.is_dir() {
        let directory = StoreDirectory::read(directory, &arguments.stores)?;
        let inspection = directory.inspect(now);
        let stores = inspection.stores.iter().flat_map(Lifespan::of_store);
        listed.entries = stores
            .chain(directory.crl_lifespans())
            .map(|lifespan| entry(&arguments.what, lifespan))
            .collect();
        let unreadable = inspection
            .findings
            .iter()
            .filter(|finding| finding.alias.is_none());
        listed.unreadable = unreadable.map(ToString::to_string).collect();
        return Ok(listed);
    }
    let ring = Keys::read(&arguments.custody, &arguments.what)?;
    listed.entries.extend(
        ring.lifespans()
            .into_iter()
            .map(|lifespan| entry("key file", lifespan)),
    );
    if !arguments.no_cluster {
        let cluster = engine::connect(&arguments.cluster).await?;
        for file in cluster_keys::files(&*cluster, &arguments.what).await? {
            match file.lifespans(&ring) {
                Some(lifespans) => listed.entries.extend(
                    lifespans
                        .into_iter()
                        .map(|lifespan| entry(&file.secret, lifespan)),
                ),
                None => listed.unreadable.push(format!(
                    "{} in Secret {} is not of this key file: deploy the network",
                    file.file, file.secret
                )),
            }
        }
    }
    Ok(listed)
}

fn text(listed: &Listed) -> String {
    let mut table = table::of(["ENDS", "DAYS", "WHAT", "NAME", "WHERE", "FILE"]);
    for Entry {
        place,
        lifespan,
        days_left,
    } in &listed.entries
    {
        table.add_row([
            lifespan.ends.strftime("%Y-%m-%d").to_string(),
            days_left.to_string(),
            match lifespan.what {
                Mortal::Certificate => "certificate".to_owned(),
                Mortal::Crl => "CRL".to_owned(),
            },
            lifespan.name.clone(),
            place.clone(),
            lifespan.file.clone(),
        ]);
    }
    let mut lines = table::lines(&table);
    // The first line is the header.
    for (line, entry) in lines.iter_mut().skip(1).zip(&listed.entries) {
        if entry.days_left < SOON {
            *line = line.red().to_string();
        }
    }
    lines.extend(
        listed
            .unreadable
            .iter()
            .map(|problem| format!("{} {problem}", "✘".red())),
    );
    lines.join("\n")
}

fn verdict(listed: &Listed, limit: Days, now: Timestamp) -> Result<(), Failure> {
    let limit_duration = SignedDuration::from_hours(24 * i64::from(limit.0));
    let ending: Vec<&Entry> = listed
        .entries
        .iter()
        .filter(|entry| entry.lifespan.ends_within(now, limit_duration))
        .collect();
    let Some(first) = ending.first() else {
        if let Some(problem) = listed.unreadable.first() {
            return Err(Failure::Failed {
                message: format!(
                    "{} could not be looked into, e.g. {problem}",
                    figures::count(listed.unreadable.len(), "store")
                ),
                cause: None,
                help: None,
            });
        }
        return Ok(());
    };
    Err(Failure::Failed {
        message: format!(
            "{} within {} days, first {} on {}",
            match ending.len() {
                1 => "1 certificate or CRL ends".to_owned(),
                count => format!("{count} certificates and CRLs end"),
            },
            limit.0,
            first.lifespan.name,
            first.lifespan.ends.strftime("%Y-%m-%d"),
        ),
        cause: None,
        help: Some(
            "sign CRLs again with `certificates renew-crls`, replace keys with `certificates rotate`, then deploy"
                .to_owned(),
        ),
    })
}
