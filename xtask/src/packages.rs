//! Debian packages that the tasks need, installed when they are missing.

use std::{path::Path, process::Command, sync::Mutex};

use anyhow::{Result, bail};

use crate::progress::Progress;

/// A file that is there when its package is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needed {
    pub(crate) file: &'static str,
    pub(crate) package: &'static str,
}

/// Installs the packages whose file is missing. Needs Debian (or a child of it) and root.
pub(crate) fn ensure(progress: &Progress, needed: &[Needed]) -> Result<()> {
    // Stages run side by side, but only one of them can change the machine's packages.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME
        .lock()
        .expect("nothing panics while it holds this lock");
    let missing: Vec<_> = needed
        .iter()
        .filter(|needed| !Path::new(needed.file).exists())
        .map(|needed| needed.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !can_install() {
        bail!(
            "{} is missing and can only be installed by root on Debian; install it and run the command again",
            missing.join(", ")
        );
    }
    progress.stage(&format!("packages {}", missing.join(" ")), |stage| {
        stage.run(Command::new("apt-get").arg("update"))?;
        stage.run(
            Command::new("apt-get")
                .args(["install", "-y", "--no-install-recommends"])
                .args(&missing)
                .env("DEBIAN_FRONTEND", "noninteractive")
                // Where no systemd runs, init scripts would start services outside any namespace of ours.
                .envs((!Path::new("/run/systemd/system").exists()).then_some(("RUNLEVEL", "1"))),
        )
    })
}

/// Whether packages can be installed here.
pub(crate) fn can_install() -> bool {
    rustix::process::geteuid().is_root() && Path::new("/usr/bin/apt-get").exists()
}
