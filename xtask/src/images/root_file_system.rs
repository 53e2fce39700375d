//! Programs that are run inside of a root file system while a layer is made.

use std::{path::Path, process::Command};

use anyhow::Result;

use super::{layer::Layer, recipe::Run, relative, tree::Tree};
use crate::progress::Stage;

/// Enters the root file system `$1` with what a JVM needs of the system, in a mount namespace that ends with it.
const ENTER: &str = r#"set -e
root=$1
shift
mkdir -p "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$root" /usr/bin/env -i "$@""#;

/// Unpacks the layers below and the unfinished layer, runs the program in them, and adds what is to be kept.
pub(crate) fn run(run: &Run, tree: &mut Tree, below: &[Layer], work: &Path, stage: &Stage<'_>) -> Result<()> {
    let root = work.join("root");
    fs_err::create_dir_all(&root)?;
    let unfinished = work.join("unfinished.tar");
    tree.pack(&unfinished)?;
    for tar in below
        .iter()
        .map(|layer| layer.tar.as_path())
        .chain([unfinished.as_path()])
    {
        stage.run(
            Command::new("tar")
                .args([
                    "--extract",
                    "--no-same-owner",
                    "--preserve-permissions",
                    "--keep-directory-symlink",
                ])
                .arg("--directory")
                .arg(&root)
                .arg("--file")
                .arg(tar),
        )?;
    }
    stage.now(&format!("running {}", run.command.join(" ")));
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    stage.run(
        command
            .args([
                "--mount",
                "--propagation",
                "private",
                "--pid",
                "--fork",
                "sh",
                "-c",
                ENTER,
                "sh",
            ])
            .arg(&root)
            .args(
                run.environment
                    .iter()
                    .map(|(name, value)| format!("{name}={value}")),
            )
            .args(&run.command),
    )?;
    for kept in &run.keep {
        tree.add_all(&root.join(relative(kept)), kept)?;
    }
    Ok(())
}
