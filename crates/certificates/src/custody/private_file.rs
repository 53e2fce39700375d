//! Reads and replaces a file that belongs to its owner alone.

use std::fs::{DirBuilder, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

use fs_err::os::unix::fs::OpenOptionsExt;
use fs_err::{File, OpenOptions};

use super::{CustodyError, io_error};

/// A ring of a thousand services is below 8 MiB: more is not ours, and is not read into memory.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;

/// Reads the file, unless others may read it too.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, CustodyError> {
    let failed = || io_error(path, "read");
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(CustodyError::Missing {
                path: path.to_owned(),
            });
        }
        opened => opened.map_err(failed())?,
    };
    let metadata = file.metadata().map_err(failed())?;
    check_folder(path)?;
    let mode = metadata.mode() & 0o7777;
    if !metadata.is_file() || metadata.len() > LARGEST_FILE {
        return Err(CustodyError::Foreign {
            path: path.to_owned(),
        });
    }
    if mode & 0o077 != 0 {
        return Err(CustodyError::LaxPermissions {
            path: path.to_owned(),
            mode,
        });
    }
    let mut content = Vec::new();
    file.take(LARGEST_FILE)
        .read_to_end(&mut content)
        .map_err(failed())?;
    Ok(content)
}

/// Refuses a folder in which others could put another file in the place of ours. In one with the sticky bit, such as
/// `/tmp`, they cannot.
pub(super) fn check_folder(path: &Path) -> Result<(), CustodyError> {
    const STICKY: u32 = 0o1000;
    let folder = folder_of(path);
    let mode = fs_err::metadata(folder)
        .map_err(io_error(path, "found a folder"))?
        .mode()
        & 0o7777;
    if mode & 0o022 != 0 && mode & STICKY == 0 {
        return Err(CustodyError::LaxFolder {
            path: path.to_owned(),
            folder: folder.to_owned(),
            mode,
        });
    }
    Ok(())
}

/// Makes the folder of a file where there is none.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes beside the file, then renames: who looks sees the old file or the new one. The lock makes the name
/// of the new file ours alone.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    match fs_err::remove_file(&beside) {
        // Left behind by a run that was killed.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let written = write_new(&beside, content).and_then(|()| fs_err::rename(&beside, path));
    if let Err(error) = written {
        // The first error is the one to tell.
        let _ = fs_err::remove_file(&beside);
        return Err(error);
    }
    File::open(folder_of(path))?.sync_all()
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options.mode(0o600);
    let mut file = options.open(path)?;
    // The process's umask may have taken bits away from the owner.
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(content)?;
    file.sync_all()
}
