//! `include:` parts a topology into files: the lists of other files are put behind those of the root file,
//! in the order of the patterns and, within one, of the paths. What reads the files is a [`Files`], so that
//! tests need no disk.

mod pattern;

use std::collections::{BTreeMap, HashMap};
use std::io;

use pattern::Pattern;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    node::{Key, Node, Span, Value},
    reader,
    source::Source,
};

/// The key of the root file.
const INCLUDE: &str = "include";

/// What an included file may hold.
const INCLUDABLE: [&str; 3] = ["classes", "notaries", "participants"];

/// All files of a topology together, in bytes: a hundred thousand participants fit.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The folder that a topology may include files from. Paths are relative to it, with `/` between their parts.
pub trait Files {
    /// The identity of the root file, which is not included as well.
    fn root(&self) -> &str;

    /// Every file below a folder of it; `""` is itself. Hidden files and folders do not count.
    ///
    /// # Errors
    /// The folder is not there, or cannot be read.
    fn below(&self, folder: &str) -> io::Result<Vec<String>>;

    /// One file of it.
    ///
    /// # Errors
    /// It cannot be read, or lies elsewhere.
    fn read(&self, path: &str) -> Result<Included, NotIncluded>;
}

/// A file to include.
#[derive(Clone, Debug)]
pub struct Included {
    /// What it is, however it is called: two paths with one identity are one file.
    pub identity: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why a file is not included.
#[derive(Debug, thiserror::Error)]
pub enum NotIncluded {
    /// A link leads out of the folder.
    #[error("it is a link to a place outside of the topology's folder")]
    Outside,
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
}

/// Files in memory, each by its path.
#[derive(Clone, Debug, Default)]
pub struct Preloaded(pub BTreeMap<String, Vec<u8>>);

impl Files for Preloaded {
    fn root(&self) -> &'static str {
        // No path: the root is none of them.
        ""
    }

    fn below(&self, folder: &str) -> io::Result<Vec<String>> {
        let inside = |path: &&String| folder.is_empty() || path.starts_with(&format!("{folder}/"));
        Ok(self.0.keys().filter(inside).cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Included, NotIncluded> {
        let bytes = self
            .0
            .get(path)
            .ok_or(io::ErrorKind::NotFound)
            .map_err(io::Error::from)?;
        Ok(Included {
            identity: path.to_owned(),
            bytes: bytes.clone(),
        })
    }
}

/// Replaces `include:` of the root by the content of the files that it means.
pub(crate) fn resolve(root: &mut Node, files: &dyn Files, diagnostics: &mut Diagnostics) {
    let Value::Mapping(entries) = &mut root.value else {
        return;
    };
    let Some(position) = entries.iter().position(|(key, _)| key.text == INCLUDE) else {
        return;
    };
    let (_, include) = entries.remove(position);
    let mut reading = Reading {
        entries,
        files,
        read: HashMap::from([(files.root().to_owned(), None)]),
        diagnostics,
    };
    match include.value {
        Value::Null => {}
        Value::List(patterns) => {
            for pattern in patterns {
                reading.pattern(&pattern);
            }
        }
        other => reading.diagnostics.push(
            Diagnostic::new(
                "topology::wrong-type",
                include.span,
                format!("`include` must be a list, not {}", other.description()),
            )
            .label(format!("{} stands here", other.description()))
            .help("write `include: [participants/*.yaml]`"),
        ),
    }
}

struct Reading<'a> {
    entries: &'a mut Vec<(Key, Node)>,
    files: &'a dyn Files,
    /// By identity, the path under which a file was included; `None` for the root file.
    read: HashMap<String, Option<String>>,
    diagnostics: &'a mut Diagnostics,
}

impl Reading<'_> {
    fn note(&mut self, code: &'static str, span: Span, message: String, label: &str, help: &str) {
        self.diagnostics
            .push(Diagnostic::new(code, span, message).label(label).help(help));
    }

    fn pattern(&mut self, node: &Node) {
        let span = node.span;
        let Value::Text(text) = &node.value else {
            let message = format!("a pattern must be a string, not {}", node.value.description());
            return self.note(
                "topology::wrong-type",
                span,
                message,
                "not a string",
                "put it in quotation marks",
            );
        };
        let pattern = match Pattern::new(text) {
            Ok(pattern) => pattern,
            Err((message, help)) => {
                return self.note("topology::include-pattern", span, message, "not accepted", help);
            }
        };
        let mut paths = match self.files.below(pattern.folder()) {
            Ok(paths) => paths,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                let message = format!("the folder of `{text}` cannot be read: {error}");
                return self.note(
                    "topology::include-unreadable",
                    span,
                    message,
                    "asked for here",
                    "check that you may read it",
                );
            }
        };
        paths.retain(|path| pattern.matches(path));
        paths.sort();
        if paths.is_empty() {
            let message = format!("no file matches `{text}`");
            return self.note(
                "topology::include-nothing",
                span,
                message,
                "matches nothing",
                "patterns are relative to the folder of the topology file; hidden files do not count",
            );
        }
        for path in paths {
            if !self.file(&path, span) {
                return;
            }
        }
    }

    /// Reads a file; `false` when there is no use in reading further ones.
    fn file(&mut self, path: &str, pattern: Span) -> bool {
        let included = match self.files.read(path) {
            Ok(included) => included,
            Err(NotIncluded::Outside) => {
                let message = format!("`{path}` is a link to a place outside of the topology's folder");
                self.note(
                    "topology::include-outside",
                    pattern,
                    message,
                    "asked for here",
                    "copy the file into the folder, so that one review sees all of the topology",
                );
                return true;
            }
            Err(NotIncluded::Unreadable(error)) => {
                let message = format!("`{path}` cannot be read: {error}");
                self.note(
                    "topology::include-unreadable",
                    pattern,
                    message,
                    "asked for here",
                    "check that it is a file which you may read",
                );
                return true;
            }
        };
        if let Some(before) = self.read.get(&included.identity) {
            let message = match before {
                None => format!("`{path}` is the topology file itself"),
                Some(before) if before == path => format!("`{path}` is included twice"),
                Some(before) => format!("`{path}` is the same file as `{before}`, which is included already"),
            };
            self.note(
                "topology::include-twice",
                pattern,
                message,
                "once more here",
                "let every file match one pattern",
            );
            return true;
        }
        if self.diagnostics.bytes() + included.bytes.len() > MOST_BYTES {
            self.note(
                "topology::too-large",
                pattern,
                too_large(path),
                "while reading these",
                "check what the pattern matches",
            );
            return false;
        }
        self.read.insert(included.identity, Some(path.to_owned()));
        let source = Source::from_bytes(self.name(path), included.bytes);
        let start = self.diagnostics.add_source(source.clone());
        if let Some(node) = reader::parse(&source, start, self.diagnostics) {
            self.merge(node);
        }
        true
    }

    /// A path as the operator would write it, seen from where the root file is named.
    fn name(&self, path: &str) -> String {
        match self.diagnostics.source_name().rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path.to_owned(),
        }
    }

    /// Puts the lists of an included file behind those that are there.
    fn merge(&mut self, node: Node) {
        let Value::Mapping(found) = node.value else {
            let message = format!(
                "an included file must be a mapping of keys, not {}",
                node.value.description()
            );
            return self.note(
                "topology::wrong-type",
                node.span,
                message,
                "begins here",
                "begin it with `participants:`",
            );
        };
        for (key, value) in found {
            if key.text == INCLUDE {
                self.note("topology::nested-include", key.span, "an included file cannot include others".into(), "in an included file", "name all files in the root file; `participants/**/*.yaml` takes those of folders in folders as well");
            } else if !INCLUDABLE.contains(&key.text.as_str()) {
                let message = format!("an included file cannot hold `{}`", key.text);
                self.note(
                    "topology::not-includable",
                    key.span,
                    message,
                    "belongs into the root file",
                    "included files may hold `participants`, `notaries` and `classes`",
                );
            } else {
                self.put(key, value);
            }
        }
    }

    fn put(&mut self, key: Key, value: Node) {
        if matches!(value.value, Value::Null) {
            return;
        }
        let Some((_, there)) = self.entries.iter_mut().find(|(there, _)| there.text == key.text) else {
            self.entries.push((key, value));
            return;
        };
        match (&mut there.value, value.value) {
            (Value::Null, new) => {
                *there = Node {
                    value: new,
                    span: value.span,
                }
            }
            (Value::List(items), Value::List(more)) => items.extend(more),
            (Value::Mapping(entries), Value::Mapping(more)) => {
                entries.extend(more);
                reader::duplicate_keys(entries, self.diagnostics);
            }
            // The root file's own value has the wrong type, which is told when it is decoded.
            (
                Value::Text(_) | Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Alias,
                _,
            ) => {}
            (there, new) => {
                let message = format!(
                    "`{}` is {} in the other files, and {} here",
                    key.text,
                    there.description(),
                    new.description()
                );
                self.note(
                    "topology::wrong-type",
                    value.span,
                    message,
                    "differs",
                    "write it as in the root file",
                );
            }
        }
    }
}

fn too_large(path: &str) -> String {
    format!(
        "with `{path}` the topology is larger than {} MiB",
        MOST_BYTES / 1024 / 1024
    )
}
