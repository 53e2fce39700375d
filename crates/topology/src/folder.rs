//! A topology on disk: the root file and the folder that it may include files from.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::{
    include::{Files, Included, MOST_BYTES, NotIncluded},
    source::Source,
};

/// How deep folders are looked into, and how many files may lie there: a pattern that matches from the top
/// of a disk ends here.
const DEEPEST: usize = 16;
const MOST_FILES: usize = 100_000;

/// The folder of a root file. Nothing outside of it is read, by no path and by no link.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    canonical: PathBuf,
    root: String,
}

/// Reads a root file.
///
/// # Errors
/// It cannot be read. That it is too large or no text becomes a diagnostic later.
pub fn open(path: &Path) -> io::Result<(Source, Folder)> {
    let content = bytes(path)?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let folder = Folder {
        path: folder.to_owned(),
        canonical: fs_err::canonicalize(folder)?,
        root: identity(&fs_err::canonicalize(path)?),
    };
    Ok((Source::from_bytes(path.to_string_lossy(), content), folder))
}

fn identity(canonical: &Path) -> String {
    canonical.to_string_lossy().into_owned()
}

/// A file, or as much of it as tells that it is too large.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs_err::File::open(path)?
        .take(MOST_BYTES as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Files for Folder {
    fn root(&self) -> &str {
        &self.root
    }

    fn below(&self, folder: &str) -> io::Result<Vec<String>> {
        let top = self.path.join(folder);
        let mut paths = Vec::new();
        let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
        let walk = WalkDir::new(&top)
            .min_depth(1)
            .max_depth(DEEPEST)
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()));
        for entry in walk {
            let entry = entry?;
            // A link to a file is looked at when it is read; a link to a folder is not followed.
            if entry.file_type().is_dir() || entry.path().is_dir() {
                continue;
            }
            let relative = entry.path().strip_prefix(&self.path).map_err(io::Error::other)?;
            // A name that is not text matches no pattern.
            if let Some(path) = relative.to_str() {
                paths.push(path.to_owned());
            }
            if paths.len() > MOST_FILES {
                return Err(io::Error::other(format!(
                    "more than {MOST_FILES} files lie there"
                )));
            }
        }
        Ok(paths)
    }

    fn read(&self, path: &str) -> Result<Included, NotIncluded> {
        // Without the path in the error: the message names it already.
        let canonical = self.path.join(path).canonicalize()?;
        if !canonical.starts_with(&self.canonical) {
            return Err(NotIncluded::Outside);
        }
        // A pipe would be waited for.
        if !fs_err::metadata(&canonical)?.is_file() {
            return Err(NotIncluded::Unreadable(io::Error::other("it is no regular file")));
        }
        Ok(Included {
            bytes: bytes(&canonical)?,
            identity: identity(&canonical),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A folder with a root file, a participant, and one outside of it.
    fn place() -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in [
            ("network/topology.yaml", "name: trade"),
            ("network/banks/a.yaml", "participants: []"),
            ("network/.banks/b.yaml", ""),
            ("network/banks/.c.yaml", ""),
            ("secret.yaml", "participants: []"),
        ] {
            let path = place.path().join(path);
            fs_err::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            fs_err::write(path, text).expect("it can be written");
        }
        let (_, folder) = open(&place.path().join("network/topology.yaml")).expect("it is there");
        (place, folder)
    }

    #[test]
    fn hidden_files_do_not_count() {
        let (_place, folder) = place();
        let mut below = folder.below("").expect("it can be read");
        below.sort();
        assert_eq!(below, ["banks/a.yaml", "topology.yaml"]);
        let missing = folder.below("none").expect_err("it is not there");
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn links_lead_to_places_inside_only() {
        let (place, folder) = place();
        let network = place.path().join("network");
        symlink("banks/a.yaml", network.join("inside.yaml")).expect("it can be made");
        symlink("../secret.yaml", network.join("outside.yaml")).expect("it can be made");
        symlink("..", network.join("up")).expect("it can be made");
        let inside = folder.read("inside.yaml").expect("it lies inside");
        assert_eq!(
            inside.identity,
            folder.read("banks/a.yaml").expect("it is there").identity
        );
        for outside in ["outside.yaml", "up/secret.yaml", "../secret.yaml"] {
            assert!(
                matches!(folder.read(outside), Err(NotIncluded::Outside)),
                "{outside}"
            );
        }
        let below = folder.below("").expect("it can be read");
        assert!(!below.iter().any(|path| path.starts_with("up")), "{below:?}");
    }

    #[test]
    fn the_root_file_is_known_by_what_it_is() {
        let (place, folder) = place();
        symlink("topology.yaml", place.path().join("network/link.yaml")).expect("it can be made");
        assert_eq!(
            folder.read("link.yaml").expect("it lies inside").identity,
            folder.root()
        );
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let (place, folder) = place();
        let pipe = std::process::Command::new("mkfifo")
            .arg(place.path().join("network/pipe.yaml"))
            .status()
            .expect("mkfifo runs");
        assert!(pipe.success());
        assert!(matches!(
            folder.read("pipe.yaml"),
            Err(NotIncluded::Unreadable(_))
        ));
    }
}
