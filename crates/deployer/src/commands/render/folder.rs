//! The folder of a rendering: closed to others, and without what an earlier rendering alone had.

use std::collections::HashSet;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use super::MARK;

/// Makes the folder, closed to others, or takes away from it what only an earlier rendering had.
pub(super) fn open(directory: &Path, names: &[Option<String>]) -> io::Result<()> {
    // As `mkdir -p`, and closed to others when it is new.
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    fs_err::create_dir_all(directory.parent().unwrap_or(directory))?;
    builder.create(directory)?;
    let names: HashSet<&str> = names.iter().flatten().map(String::as_str).collect();
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        let current = entry
            .file_name()
            .to_str()
            .is_some_and(|name| names.contains(name));
        if !current && path.extension().is_some_and(|extension| extension == "yaml") && is_ours(&path)? {
            fs_err::remove_file(path)?;
        }
    }
    Ok(())
}

fn is_ours(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    fs_err::File::open(path)?
        .take(MARK.len() as u64)
        .read_to_end(&mut start)?;
    Ok(start == MARK.as_bytes())
}

/// Writes a file for its owner only. One that says the same already is left as it is.
pub(super) fn place(path: &Path, content: &str) -> io::Result<()> {
    match fs_err::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut options = fs_err::OpenOptions::new();
            options.write(true).create_new(true);
            options.options_mut().mode(0o600);
            options.open(path)?.write_all(content.as_bytes())
        }
        Ok(before) if before == content.as_bytes() && !is_open_to_others(path)? => Ok(()),
        // Readable or not: who looks sees the old file or the new one, which is its owner's alone.
        Ok(_) | Err(_) => {
            let folder = path.parent().unwrap_or_else(|| Path::new("."));
            // One that a killed run leaves goes with the next rendering, by its name.
            let mut beside = tempfile::Builder::new().suffix(".yaml").tempfile_in(folder)?;
            beside.write_all(content.as_bytes())?;
            beside.persist(path)?;
            Ok(())
        }
    }
}

fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(fs_err::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn what_an_earlier_rendering_left_is_taken_away_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = folder.path().join("a/b");
        let [gone, kept, foreign] =
            ["001-gone.yaml", "002-zone.yaml", "mine.yaml"].map(|name| target.join(name));
        open(&target, &[]).expect("it can be made");
        for ours in [&gone, &kept] {
            place(ours, &format!("{MARK} zone: Zone\n")).expect("it can be written");
        }
        fs_err::write(&foreign, "mine: true\n").expect("it can be written");
        open(&target, &[Some("002-zone.yaml".to_owned()), None]).expect("it can be opened");
        assert_eq!(
            [gone.exists(), kept.exists(), foreign.exists()],
            [false, true, true]
        );
        let mode = |path: &Path| fs_err::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!([mode(&target), mode(&kept)], [0o700, 0o600]);
    }

    #[test]
    fn a_file_is_written_where_it_says_something_else_or_is_open_to_others() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (after, mode, is_replaced) in [
            ("before", 0o600, false),
            ("before", 0o644, true),
            ("after", 0o600, true),
            ("after", 0o000, true),
        ] {
            let path = folder.path().join("zone.yaml");
            place(&path, "before").expect("it can be written");
            fs_err::set_permissions(&path, Permissions::from_mode(mode)).expect("it is ours");
            let inode = fs_err::metadata(&path).expect("it is there").ino();
            place(&path, after).expect("it can be written");
            let metadata = fs_err::metadata(&path).expect("it is there");
            assert_eq!(metadata.ino() != inode, is_replaced, "{after} {mode:o}");
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{after} {mode:o}");
            assert_eq!(fs_err::read_to_string(&path).expect("it is text"), after);
            fs_err::remove_file(path).expect("it is ours");
        }
        let left = fs_err::read_dir(folder.path()).expect("it is there").count();
        assert_eq!(left, 0);
    }
}
