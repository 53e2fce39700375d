//! Every diagnostic by its code: what it means, an example, and what to do. `cordanetes explain CODE` prints
//! an entry, and `topologies/DIAGNOSTICS.md` is made of all. Tests hold the catalogue against the code, against
//! the corpus of broken files, and each example against what it says it is an example of.

mod exposure;
mod include;
mod names;
mod production;
mod reading;
mod releases;
mod shape;
mod values;

use std::fmt::Write as _;

/// What a diagnostic means.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its stable name, e.g. `topology::unknown-key`.
    pub code: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Why it is refused.
    pub cause: &'static str,
    /// Something that is refused by it.
    pub example: Example,
    /// What to write instead.
    pub fix: &'static str,
}

/// An example of a mistake.
#[derive(Clone, Copy, Debug)]
pub enum Example {
    /// Keys of a topology that is valid in everything else.
    Keys(&'static str),
    /// A description, where the mistake cannot be printed.
    Words(&'static str),
}

/// A subject with its entries.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// What they have in common.
    pub title: &'static str,
    /// The entries.
    pub entries: &'static [Entry],
}

/// All entries, by subject.
pub const CATALOGUE: &[Chapter] = &[
    Chapter {
        title: "Reading files",
        entries: reading::ENTRIES,
    },
    Chapter {
        title: "Several files",
        entries: include::ENTRIES,
    },
    Chapter {
        title: "Keys and types",
        entries: shape::ENTRIES,
    },
    Chapter {
        title: "Names and references",
        entries: names::ENTRIES,
    },
    Chapter {
        title: "Values",
        entries: values::ENTRIES,
    },
    Chapter {
        title: "Releases, editions and databases",
        entries: releases::ENTRIES,
    },
    Chapter {
        title: "Ways in, and the platform",
        entries: exposure::ENTRIES,
    },
    Chapter {
        title: "Unfit for production",
        entries: production::ENTRIES,
    },
];

/// Every entry.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().flat_map(|chapter| chapter.entries)
}

/// The entry of a code, which may be written without `topology::`.
pub fn entry(code: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.code == code || entry.code.strip_prefix("topology::") == Some(code))
}

/// The whole catalogue as a page.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Diagnostics of the topology language\n\n\
         Made from the program by `cordanetes generate diagnostics`. `cordanetes explain CODE` prints one of them.\n",
    );
    for chapter in CATALOGUE {
        let _infallible = write!(page, "\n## {}\n", chapter.title);
        for entry in chapter.entries {
            let _infallible = write!(
                page,
                "\n### `{}`\n\n{}. {}\n\n",
                entry.code,
                capital(entry.title),
                entry.cause
            );
            let _infallible = match entry.example {
                Example::Keys(keys) => write!(page, "```yaml\n{}\n```\n\n", keys.trim_end()),
                Example::Words(words) => write!(page, "Example: {words}\n\n"),
            };
            let _infallible = writeln!(page, "**Fix:** {}", entry.fix);
        }
    }
    page
}

/// A title as it begins a sentence.
fn capital(title: &str) -> String {
    let mut characters = title.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
