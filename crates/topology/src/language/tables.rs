//! The tables of all keys, as Markdown.

use std::fmt::Write;

use super::{
    mapping::Mapping,
    schema::text,
    shape::{Format, Kind, MappingShape},
};
use crate::declared::Topology;

/// A page with every mapping, its keys, and the forms of text.
pub fn tables() -> String {
    let mut pages = Pages::default();
    pages.mapping("The file", &Topology::shape());
    let mut page = String::from(
        "# Keys of a topology\n\nMade from the declarations of `crates/topology`; a test keeps it true. \
         `cordanetes explain PATH` prints one of them.\n",
    );
    page.push_str(&pages.text);
    page.push_str("\n## Forms of text\n\n| form | what is accepted | for example |\n| --- | --- | --- |\n");
    pages.formats.sort_by_key(|format| format.name);
    for format in pages.formats {
        // Writing to a string cannot fail.
        let _infallible = writeln!(
            page,
            "| {} | {} | `{}` |",
            format.name, format.documentation, format.example
        );
    }
    page
}

#[derive(Default)]
struct Pages {
    text: String,
    seen: Vec<&'static str>,
    formats: Vec<&'static Format>,
}

impl Pages {
    fn mapping(&mut self, title: &str, shape: &MappingShape) {
        let _infallible = write!(
            self.text,
            "\n## {title}\n\n{}\n\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n",
            text(shape.documentation)
        );
        for key in &shape.keys {
            self.note_format(&key.kind);
            let default = match (key.required, key.default) {
                (true, _) => "required".to_owned(),
                (false, Some(default)) => default.to_owned(),
                (false, None) => String::new(),
            };
            let drives = key
                .drives
                .map(|drives| format!(" → {drives}"))
                .unwrap_or_default();
            let _infallible = writeln!(
                self.text,
                "| `{}` | {} | {} | {}{} |",
                key.name,
                described(&key.kind),
                cell(&default),
                cell(&text(key.documentation)),
                cell(&drives),
            );
        }
        for key in &shape.keys {
            if let Some(below) = below(&key.kind)
                && !self.seen.contains(&below.name)
            {
                self.seen.push(below.name);
                self.mapping(&title_of(below.name), &below);
            }
        }
    }

    fn note_format(&mut self, kind: &Kind) {
        match kind {
            Kind::Text(format) if !self.formats.iter().any(|known| known.name == format.name) => {
                self.formats.push(format);
            }
            Kind::List(kind) | Kind::Named(kind) => self.note_format(kind),
            _ => {}
        }
    }
}

/// A vertical bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn title_of(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if first != '`' => first.to_uppercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

fn described(kind: &Kind) -> String {
    match kind {
        Kind::Mapping(shape) => format!("mapping: {}", shape().name),
        Kind::List(kind) => format!("list of {}", described(kind)),
        Kind::Named(kind) => format!("names to {}", described(kind)),
        other => other.description(),
    }
}

fn below(kind: &Kind) -> Option<MappingShape> {
    match kind {
        Kind::Mapping(shape) => Some(shape()),
        Kind::List(kind) | Kind::Named(kind) => below(kind),
        _ => None,
    }
}
