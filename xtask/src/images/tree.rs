//! The files of a layer before they are packed, and the packing.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use tar::{Builder, EntryType, Header};

use super::relative;

/// The user that every image runs as.
pub(crate) const USER: u64 = 1000;

/// The time that every file has: a program that compares times finds nothing newer than anything else.
const MODIFIED: u64 = 1_767_225_600;

/// What lies at a path.
#[derive(Debug)]
enum Node {
    Directory {
        mode: u32,
        owner: u64,
    },
    File {
        mode: u32,
        contents: PathBuf,
    },
    Symlink(PathBuf),
    /// Another name of a file of the same layer.
    Hardlink(PathBuf),
}

/// The files of a layer. Contents lie in a directory of their own until the layer is packed.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: BTreeMap<PathBuf, Node>,
    contents: PathBuf,
    files: u64,
}

impl Tree {
    /// An empty layer that keeps contents below `contents`.
    pub(crate) fn new(contents: &Path) -> Result<Self> {
        fs_err::create_dir_all(contents)?;
        Ok(Self {
            nodes: BTreeMap::new(),
            contents: contents.to_owned(),
            files: 0,
        })
    }

    /// Adds the entries of a tar whose path `wanted` accepts.
    pub(crate) fn add_tar(&mut self, tar: impl Read, wanted: impl Fn(&Path) -> bool) -> Result<()> {
        for entry in tar::Archive::new(tar).entries()? {
            let mut entry = entry?;
            let path = merged(&relative(&entry.path()?));
            if path.as_os_str().is_empty() || !wanted(&path) {
                continue;
            }
            // No program of an image needs more rights than the one that starts it.
            let mode = entry.header().mode()? & 0o1777;
            match entry.header().entry_type() {
                EntryType::Directory => {
                    self.nodes
                        .entry(path)
                        .or_insert(Node::Directory { mode, owner: 0 });
                }
                EntryType::Regular | EntryType::Continuous => {
                    let contents = self.next_contents();
                    std::io::copy(&mut entry, &mut fs_err::File::create(&contents)?)?;
                    self.nodes.insert(path, Node::File { mode, contents });
                }
                EntryType::Symlink => {
                    let to = entry
                        .link_name()?
                        .context("a symbolic link without its end")?
                        .into_owned();
                    self.nodes.insert(path, Node::Symlink(to));
                }
                EntryType::Link => {
                    let to = entry.link_name()?.context("a hard link without its end")?;
                    self.nodes.insert(path, Node::Hardlink(merged(&relative(&to))));
                }
                other => bail!(
                    "{} is of the kind {other:?}, which no layer may hold",
                    path.display()
                ),
            }
        }
        Ok(())
    }

    /// Adds a file of this machine.
    pub(crate) fn add_file(&mut self, from: &Path, to: &Path, mode: u32) -> Result<()> {
        if !from.is_file() {
            bail!("{} is missing", from.display());
        }
        let contents = self.next_contents();
        fs_err::copy(from, &contents)?;
        self.nodes.insert(relative(to), Node::File { mode, contents });
        Ok(())
    }

    /// Adds a file, or a directory with all below it, keeping which files can be executed.
    pub(crate) fn add_all(&mut self, from: &Path, to: &Path) -> Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs_err::symlink_metadata(from)?;
        if metadata.is_dir() {
            self.nodes.insert(
                relative(to),
                Node::Directory {
                    mode: 0o755,
                    owner: 0,
                },
            );
            for entry in fs_err::read_dir(from)? {
                let entry = entry?;
                self.add_all(&entry.path(), &to.join(entry.file_name()))?;
            }
            return Ok(());
        }
        if metadata.is_symlink() {
            self.add_symlink(to, fs_err::read_link(from)?);
            return Ok(());
        }
        let mode = if metadata.permissions().mode() & 0o111 == 0 {
            0o644
        } else {
            0o755
        };
        self.add_file(from, to, mode)
    }

    pub(crate) fn add_symlink(&mut self, path: &Path, to: PathBuf) {
        self.nodes.insert(relative(path), Node::Symlink(to));
    }

    /// Adds an empty directory of the image's user.
    pub(crate) fn add_own_directory(&mut self, path: &Path) {
        self.nodes.insert(
            relative(path),
            Node::Directory {
                mode: 0o755,
                owner: USER,
            },
        );
    }

    /// Adds a file made of all files below a directory of this layer, in the order of their paths.
    pub(crate) fn concatenate(&mut self, directory: &Path, to: &Path) -> Result<()> {
        let directory = relative(directory);
        let contents = self.next_contents();
        let mut whole = fs_err::File::create(&contents)?;
        for (_, node) in self
            .nodes
            .range(directory.clone()..)
            .take_while(|(path, _)| path.starts_with(&directory))
        {
            if let Node::File { contents, .. } = node {
                std::io::copy(&mut fs_err::File::open(contents)?, &mut whole)?;
            }
        }
        self.nodes.insert(
            relative(to),
            Node::File {
                mode: 0o644,
                contents,
            },
        );
        Ok(())
    }

    /// Packs the layer. Directories that nothing described are there too, readable by all.
    pub(crate) fn pack(&self, to: &Path) -> Result<()> {
        let mut nodes: BTreeMap<&Path, &Node> = BTreeMap::new();
        let plain = Node::Directory {
            mode: 0o755,
            owner: 0,
        };
        for path in self.nodes.keys() {
            for above in path
                .ancestors()
                .skip(1)
                .filter(|above| !above.as_os_str().is_empty())
            {
                nodes.entry(above).or_insert(&plain);
            }
        }
        nodes.extend(self.nodes.iter().map(|(path, node)| (path.as_path(), node)));

        let mut tar = Builder::new(std::io::BufWriter::new(fs_err::File::create(to)?));
        // A hard link needs its file before it.
        let (links, others): (Vec<_>, Vec<_>) = nodes
            .into_iter()
            .partition(|(_, node)| matches!(node, Node::Hardlink(_)));
        for (path, node) in others.into_iter().chain(links) {
            append(&mut tar, path, node).with_context(|| format!("pack {}", path.display()))?;
        }
        tar.into_inner()?
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .sync_all()?;
        Ok(())
    }

    fn next_contents(&mut self) -> PathBuf {
        self.files += 1;
        self.contents.join(self.files.to_string())
    }
}

fn append<W: std::io::Write>(tar: &mut Builder<W>, path: &Path, node: &Node) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_mtime(MODIFIED);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header.set_mode(0o777);
    match node {
        Node::Directory { mode, owner } => {
            header.set_entry_type(EntryType::Directory);
            header.set_mode(*mode);
            header.set_uid(*owner);
            header.set_gid(*owner);
            tar.append_data(&mut header, path.join(""), std::io::empty())?;
        }
        Node::File { mode, contents } => {
            let file = fs_err::File::open(contents)?;
            header.set_entry_type(EntryType::Regular);
            header.set_mode(*mode);
            header.set_size(file.metadata()?.len());
            tar.append_data(&mut header, path, file)?;
        }
        Node::Symlink(to) => {
            header.set_entry_type(EntryType::Symlink);
            tar.append_link(&mut header, path, to)?;
        }
        Node::Hardlink(to) => {
            header.set_entry_type(EntryType::Link);
            tar.append_link(&mut header, path, to)?;
        }
    }
    Ok(())
}

/// The path after Debian's merge of `/bin`, `/lib` and the like into `/usr`, which packages of this age still name.
fn merged(path: &Path) -> PathBuf {
    const MERGED: [&str; 4] = ["bin", "sbin", "lib", "lib64"];
    match path.iter().next() {
        Some(first) if MERGED.iter().any(|name| *name == first) => Path::new("usr").join(path),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(tree: &Tree, directory: &Path) -> Vec<u8> {
        let file = directory.join("layer.tar");
        tree.pack(&file).unwrap();
        fs_err::read(file).unwrap()
    }

    fn package() -> Vec<u8> {
        let mut tar = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_size(5);
        header.set_mode(0o4755);
        header.set_mtime(123);
        tar.append_data(&mut header, "./bin/su", b"hello".as_slice())
            .unwrap();
        header.set_size(3);
        tar.append_data(&mut header, "./usr/share/doc/su/copyright", b"law".as_slice())
            .unwrap();
        tar.into_inner().unwrap()
    }

    #[test]
    fn layers_have_fixed_times_merged_paths_and_no_set_uid() {
        let directory = tempfile::tempdir().unwrap();
        let mut tree = Tree::new(&directory.path().join("contents")).unwrap();
        tree.add_tar(package().as_slice(), |path| !path.starts_with("usr/share/doc"))
            .unwrap();
        tree.add_own_directory(Path::new("/opt/corda"));
        let bytes = packed(&tree, directory.path());
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                assert_eq!(header.mtime().unwrap(), MODIFIED);
                let path = entry.path().unwrap().display().to_string();
                (path, header.mode().unwrap(), header.uid().unwrap())
            })
            .collect();
        let expected = [
            ("opt/", 0o755, 0),
            ("opt/corda/", 0o755, 1000),
            ("usr/", 0o755, 0),
            ("usr/bin/", 0o755, 0),
            ("usr/bin/su", 0o755, 0),
        ];
        assert_eq!(
            entries,
            expected.map(|(path, mode, owner)| (path.to_owned(), mode, owner))
        );
    }

    #[test]
    fn the_same_contents_have_the_same_bytes() {
        let directory = tempfile::tempdir().unwrap();
        let bytes: Vec<_> = ["one", "two"]
            .iter()
            .map(|name| {
                let mut tree = Tree::new(&directory.path().join(name)).unwrap();
                tree.add_tar(package().as_slice(), |_| true).unwrap();
                tree.concatenate(Path::new("usr"), Path::new("all")).unwrap();
                packed(&tree, directory.path())
            })
            .collect();
        assert_eq!(bytes[0], bytes[1]);
    }
}
