//! The Debian system that the node image is built on.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::{
    progress::Progress,
    store::{Recipe, made_once},
};

const SUITE: &str = "bookworm";

/// What kind's own recipe installs, and what it builds from source but Debian has.
const PACKAGES: &[&str] = &[
    // The system.
    "systemd",
    "systemd-sysv",
    "dbus",
    "hostname",
    "libnss-myhostname",
    "kmod",
    "mount",
    "util-linux",
    "procps",
    // Containers.
    "containerd",
    "runc",
    "containernetworking-plugins",
    "libseccomp2",
    "pigz",
    // The network of pods.
    "conntrack",
    "iptables",
    "nftables",
    "ebtables",
    "ipset",
    "iproute2",
    "ethtool",
    "socat",
    // What kubelet, kind's scripts and people call.
    "bash",
    "ca-certificates",
    "curl",
    "e2fsprogs",
    "jq",
];

pub(super) fn hash() -> String {
    PACKAGES
        .iter()
        .fold(Recipe::default().text(SUITE), |recipe, package| {
            recipe.text(package)
        })
        .hash()
}

/// The tar of the base system.
pub(super) fn ensure(cache: &Path, progress: &Progress) -> Result<PathBuf> {
    let made = made_once(cache, "node-base", &hash(), |directory| {
        progress.stage("debian base system", |stage| {
            let root = directory.join("root");
            let mut packages = 0;
            stage.run_showing(
                // Its mounts go with it, however it ends.
                Command::new("unshare")
                    .args(["--mount", "--propagation", "private", "--", "debootstrap"])
                    .arg("--variant=minbase")
                    .arg(format!("--include={}", PACKAGES.join(",")))
                    .arg(SUITE)
                    .arg(&root),
                |line| {
                    let step = line.strip_prefix("I: ")?;
                    packages += usize::from(step.starts_with("Configuring "));
                    Some(match packages {
                        0 => step.to_owned(),
                        count => format!("{count} packages configured: {step}"),
                    })
                },
            )?;
            stage.now("packing");
            stage.run(
                Command::new("tar")
                    .args(["--create", "--numeric-owner", "--xattrs", "--file"])
                    .arg(directory.join(ARCHIVE))
                    .arg("--directory")
                    .arg(&root)
                    .args(["--exclude=./var/cache/apt/*", "--exclude=./var/lib/apt/lists/*"])
                    .args(["--exclude=./usr/share/doc/*", "--exclude=./usr/share/man/*"])
                    .args(["--exclude=./usr/share/locale/*", "--exclude=./dev/*", "."]),
            )?;
            fs_err::remove_dir_all(root)?;
            Ok(())
        })
    })?;
    Ok(made.join(ARCHIVE))
}

const ARCHIVE: &str = "base.tar";
