//! Things made once: kept in the cache under the hash of what they were made from.

use std::{
    fmt::Write as _,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use crate::progress::output;

/// How many results of one kind are kept: the current one and some to go back to.
const KEPT: usize = 3;

/// The hash of everything that a result depends on.
#[derive(Debug, Default, Clone)]
pub(crate) struct Recipe(Sha256);

impl Recipe {
    /// Depends on a text: a version, flags, another result's hash.
    #[must_use]
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    /// Depends on the files below a directory: their names, contents and whether they are programs.
    pub(crate) fn files(mut self, directory: &Path) -> Result<Self> {
        for path in files_below(directory)? {
            let name = path
                .strip_prefix(directory)
                .expect("it was found below the directory");
            self.add(name.as_os_str().as_encoded_bytes());
            self.add(&fs_err::read(&path)?);
        }
        Ok(self)
    }

    pub(crate) fn hash(self) -> String {
        hex(&self.0.finalize()[..8])
    }

    fn add(&mut self, bytes: &[u8]) {
        // With its length before it no part can be mistaken for the end of another.
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
}

/// Returns `folder/hash` of the cache, calling `make` with a new empty directory when it is not there. A result that
/// was only half made is never seen, and two runs do not make the same thing twice: the second waits.
pub(crate) fn made_once(
    cache: &Path,
    folder: &str,
    hash: &str,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let folder = cache.join(folder);
    let result = folder.join(hash);
    if result.exists() {
        return Ok(result);
    }
    fs_err::create_dir_all(&folder)?;
    let _lock = lock(&folder)?;
    if result.exists() {
        return Ok(result);
    }
    prune(&folder)?;
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(&folder)
        .with_context(|| format!("make a directory in {}", folder.display()))?;
    make(unfinished.path())?;
    fs_err::rename(unfinished.keep(), &result)?;
    Ok(result)
}

/// Lets one run at a time make things in a folder. The lock goes with the process, however that ends.
fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    file.lock().with_context(|| format!("lock {}", path.display()))?;
    Ok(file)
}

const LOCK: &str = ".lock";

/// What directories of results that are being made begin with.
const UNFINISHED: &str = ".unfinished-";

/// The SHA-256 of a file, in hexadecimal. The system's program is faster than this one in its debug build.
pub(crate) fn file_digest(path: &Path) -> Result<String> {
    let printed = output(Command::new("sha256sum").arg("--binary").arg(path))?;
    let printed = String::from_utf8_lossy(&printed.stdout).into_owned();
    // A name with unusual characters makes it put a backslash before the digest.
    let digest = printed
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_start_matches('\\');
    Ok(digest.to_owned())
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// Removes the oldest results of a folder, and what runs that were killed have left there.
fn prune(folder: &Path) -> Result<()> {
    let mut results = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs_err::remove_dir_all(entry.path())?;
        } else if entry.file_name() != LOCK {
            results.push((
                entry.metadata()?.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                entry.path(),
            ));
        }
    }
    results.sort();
    let surplus = (results.len() + 1).saturating_sub(KEPT);
    for (_, path) in results.into_iter().take(surplus) {
        fs_err::remove_dir_all(path)?;
    }
    Ok(())
}

fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_depends_on_names_and_contents() {
        let directory = tempfile::tempdir().unwrap();
        let hash = || Recipe::default().files(directory.path()).unwrap().hash();
        fs_err::write(directory.path().join("a"), "one").unwrap();
        let first = hash();
        assert_eq!(first, hash());
        fs_err::write(directory.path().join("a"), "two").unwrap();
        let second = hash();
        assert_ne!(first, second);
        fs_err::rename(directory.path().join("a"), directory.path().join("b")).unwrap();
        assert_ne!(second, hash());
    }

    #[test]
    fn a_result_is_made_once_and_never_half() {
        let cache = tempfile::tempdir().unwrap();
        let failed = made_once(cache.path(), "things", "h", |directory| {
            fs_err::write(directory.join("half"), "")?;
            anyhow::bail!("in the middle")
        });
        assert!(failed.is_err());
        let made = made_once(cache.path(), "things", "h", |directory| {
            fs_err::write(directory.join("whole"), "")?;
            Ok(())
        })
        .unwrap();
        assert!(made.join("whole").exists() && !made.join("half").exists());
        made_once(cache.path(), "things", "h", |_| anyhow::bail!("not called")).unwrap();
    }

    #[test]
    fn old_results_go() {
        let cache = tempfile::tempdir().unwrap();
        for hash in ["a", "b", "c", "d", "e"] {
            made_once(cache.path(), "things", hash, |_| Ok(())).unwrap();
        }
        let entries = fs_err::read_dir(cache.path().join("things")).unwrap();
        let left = entries
            .filter(|entry| entry.as_ref().unwrap().file_name() != LOCK)
            .count();
        assert_eq!(left, KEPT);
        assert!(cache.path().join("things/e").exists());
    }
}
