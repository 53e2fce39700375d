//! A pattern of `include:`.

use std::sync::OnceLock;

use globset::{Glob, GlobBuilder, GlobMatcher};

/// In bytes; longer than a path of Linux may be.
const LONGEST: usize = 4096;

/// Which files are meant: a path relative to the root file's folder in which `*`, `?`, `[…]` and `{a,b}` match
/// within one name and `**` matches folders in folders.
pub(super) struct Pattern {
    folder: String,
    glob: Glob,
    /// Made for the first path: most of the time goes there, and below most wrong patterns nothing lies.
    matcher: OnceLock<GlobMatcher>,
}

impl Pattern {
    /// Takes a pattern, or says what is wrong with it and what to do.
    pub(super) fn new(text: &str) -> Result<Self, (String, &'static str)> {
        let relative = "patterns are relative to the folder of the topology file, and stay in it";
        if text.is_empty() {
            return Err(("a pattern must not be empty".into(), relative));
        }
        if text.len() > LONGEST {
            let message = format!("a pattern may have {LONGEST} characters, this has {}", text.len());
            return Err((message, relative));
        }
        if text.contains('\\') {
            return Err((format!("`{text}` holds a backslash"), "write `/` between folders"));
        }
        if text.starts_with('/') {
            return Err((format!("`{text}` is an absolute path"), relative));
        }
        if text.split('/').any(|part| part == "..") {
            return Err((format!("`{text}` leads out of the topology's folder"), relative));
        }
        let text = text.strip_prefix("./").unwrap_or(text);
        let glob = GlobBuilder::new(text)
            .literal_separator(true)
            .build()
            .map_err(|error| {
                let message = format!("`{text}` is not a pattern: {}", error.kind());
                (message, "write it like `participants/*.yaml`")
            })?;
        // Only what lies below the last folder without a wildcard needs to be looked at.
        let literal = text
            .split('/')
            .take_while(|part| !part.contains(['*', '?', '[', '{']));
        let literal: Vec<&str> = literal.collect();
        let folders = literal.len().min(text.split('/').count() - 1);
        Ok(Self {
            folder: literal[..folders].join("/"),
            glob,
            matcher: OnceLock::new(),
        })
    }

    /// The folder below which everything lies that can match.
    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    /// Whether a path matches.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.matcher
            .get_or_init(|| self.glob.compile_matcher())
            .is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_within_names_and_folders() {
        for (pattern, path, matches) in [
            ("participants/*.yaml", "participants/a.yaml", true),
            ("participants/*.yaml", "participants/a.yml", false),
            ("participants/*.yaml", "participants/eu/a.yaml", false),
            ("participants/**/*.yaml", "participants/eu/a.yaml", true),
            ("participants/**/*.yaml", "participants/a.yaml", true),
            ("./a.yaml", "a.yaml", true),
            ("{eu,us}/?.yaml", "us/a.yaml", true),
        ] {
            let pattern = Pattern::new(pattern).expect("it is one");
            assert_eq!(pattern.matches(path), matches, "{path}");
        }
    }

    #[test]
    fn only_the_folder_before_the_first_wildcard_is_looked_at() {
        for (pattern, folder) in [
            ("a.yaml", ""),
            ("*.yaml", ""),
            ("eu/bank.yaml", "eu"),
            ("eu/banks/*/x.yaml", "eu/banks"),
            ("eu/{a,b}/x.yaml", "eu"),
        ] {
            assert_eq!(
                Pattern::new(pattern).expect("it is one").folder(),
                folder,
                "{pattern}"
            );
        }
    }

    #[test]
    fn what_leads_out_of_the_folder_is_no_pattern() {
        for pattern in [
            "",
            "/etc/*.yaml",
            "../a.yaml",
            "a/../../b.yaml",
            "a\\b.yaml",
            "a[.yaml",
        ] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
