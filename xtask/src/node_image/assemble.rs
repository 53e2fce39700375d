//! The node's root file system, put together from its parts.

use std::{
    fs::Permissions,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{archive, programs::KUBERNETES_VERSION};
use crate::{
    daemon::{self, remove_if_there},
    progress::Stage,
};

/// Changed whenever this module makes something else of the same parts.
pub(super) const VERSION: &str = "1";

pub(super) struct Parts {
    /// The tar of the base system.
    pub(super) base: PathBuf,
    pub(super) node_program: PathBuf,
    pub(super) pause: PathBuf,
    /// The directory of kind's module.
    pub(super) kind_sources: PathBuf,
    /// The directory with our own files for the image.
    pub(super) recipe: PathBuf,
}

/// Makes the tar of the node's root file system at `to`.
pub(super) fn assemble(parts: &Parts, to: &Path, stage: &Stage<'_>) -> Result<()> {
    let work = tempfile::tempdir_in(to.parent().context("the image's path has no directory")?)?;
    let root = work.path().join("root");
    fs_err::create_dir_all(&root)?;
    stage.now("unpacking the base system");
    stage.run(
        Command::new("tar")
            .args(["--extract", "--numeric-owner", "--xattrs", "--file"])
            .arg(&parts.base)
            .arg("--directory")
            .arg(&root),
    )?;
    stage.now("putting kind's files in their places");
    copy_files(&parts.kind_sources.join("images/base/files"), &root)?;
    quiet_down(&root)?;
    enable_units(&root)?;
    link_programs(&root, &parts.node_program)?;
    describe_containers(&root, stage)?;
    for manifest in ["default-cni.yaml", "default-storage.yaml"] {
        let to = root.join("kind/manifests").join(manifest);
        fs_err::create_dir_all(to.parent().expect("the path has a directory"))?;
        fs_err::copy(parts.recipe.join("manifests").join(manifest), to)?;
    }
    fs_err::write(root.join("kind/version"), KUBERNETES_VERSION)?;
    preload_images(parts, &root, work.path(), stage)?;
    clear_machine_identity(&root)?;
    stage.now("packing the image");
    stage.run(
        Command::new("tar")
            .args(["--create", "--numeric-owner", "--xattrs", "--file"])
            .arg(to)
            .arg("--directory")
            .arg(&root)
            .arg("."),
    )
}

/// kind's files have the places of the root file system; programs and scripts are those in a `bin` directory.
fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs_err::create_dir_all(&target)?;
            copy_files(&entry.path(), &target)?;
        } else {
            // What is there may be a symlink: it is replaced, not written through.
            remove_if_there(&target)?;
            fs_err::copy(entry.path(), &target)?;
            let is_program = from.ends_with("bin");
            fs_err::set_permissions(
                &target,
                Permissions::from_mode(if is_program { 0o755 } else { 0o644 }),
            )?;
        }
    }
    Ok(())
}

/// Takes away the units that make no sense in a container, as kind's recipe does.
fn quiet_down(root: &Path) -> Result<()> {
    let every = |_: &str| true;
    let of_devices = |name: &str| name.contains("udev") || name.contains("initctl");
    let of_files = |name: &str| name == "systemd-tmpfiles-setup.service";
    empty(&root.join("lib/systemd/system/sysinit.target.wants"), of_files)?;
    empty(&root.join("lib/systemd/system/multi-user.target.wants"), every)?;
    empty(&root.join("lib/systemd/system/local-fs.target.wants"), every)?;
    empty(&root.join("lib/systemd/system/basic.target.wants"), every)?;
    empty(&root.join("lib/systemd/system/sockets.target.wants"), of_devices)?;
    for entry in fs_err::read_dir(root.join("etc/systemd/system"))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".wants") {
            empty(&entry.path(), every)?;
        }
    }
    let journal = root.join("etc/systemd/journald.conf");
    let text = fs_err::read_to_string(&journal)?;
    // The kernel's messages are the machine's, not the node's.
    fs_err::write(&journal, format!("{text}ReadKMsg=no\n"))?;
    Ok(())
}

fn empty(directory: &Path, which: impl Fn(&str) -> bool) -> Result<()> {
    if !directory.exists() {
        return Ok(());
    }
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        if which(&entry.file_name().to_string_lossy()) {
            fs_err::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn enable_units(root: &Path) -> Result<()> {
    let units = root.join("etc/systemd/system");
    let wanted = units.join("multi-user.target.wants");
    fs_err::create_dir_all(&wanted)?;
    for unit in [
        "kubelet.service",
        "containerd.service",
        "undo-mount-hacks.service",
    ] {
        symlink(format!("/etc/systemd/system/{unit}"), wanted.join(unit))?;
    }
    // It would change what the kernel of the machine runs.
    symlink("/dev/null", units.join("systemd-binfmt.service"))?;
    fs_err::create_dir_all(root.join("etc/kubernetes/manifests"))?;
    Ok(())
}

fn link_programs(root: &Path, node_program: &Path) -> Result<()> {
    fs_err::copy(node_program, root.join("usr/bin/kubelet"))?;
    for name in ["kubeadm", "kubectl"] {
        symlink("kubelet", root.join("usr/bin").join(name))?;
    }
    // kind's units and scripts look for Debian's programs where kind builds its own.
    symlink("/usr/bin/containerd", root.join("usr/local/bin/containerd"))?;
    symlink("/usr/sbin/runc", root.join("usr/local/sbin/runc"))?;
    let plugins = root.join("opt/cni/bin");
    fs_err::create_dir_all(&plugins)?;
    for name in ["host-local", "loopback", "ptp", "portmap"] {
        symlink(format!("/usr/lib/cni/{name}"), plugins.join(name))?;
    }
    Ok(())
}

/// The template that containerd makes containers from, with the two changes of kind's recipe, and the name of the
/// sandbox image.
fn describe_containers(root: &Path, stage: &Stage<'_>) -> Result<()> {
    let template = stage.output(Command::new("chroot").arg(root).args(["ctr", "oci", "spec"]))?;
    let mut template: Value = serde_json::from_str(&template).context("ctr printed no container template")?;
    template["hooks"]["createContainer"] = json!([{ "path": "/kind/bin/mount-product-files.sh" }]);
    if let Some(process) = template.get_mut("process").and_then(Value::as_object_mut) {
        process.shift_remove("rlimits");
    }
    fs_err::write(root.join("etc/containerd/cri-base.json"), template.to_string())?;

    let path = root.join("etc/containerd/config.toml");
    let configuration: Vec<_> = fs_err::read_to_string(&path)?
        .lines()
        .map(|line| {
            if line.trim_start().starts_with("sandbox_image") {
                format!("  sandbox_image = {:?}", archive::PAUSE_IMAGE)
            } else {
                line.to_owned()
            }
        })
        .collect();
    fs_err::write(&path, configuration.join("\n") + "\n")?;
    Ok(())
}

/// Puts the images that Kubernetes itself needs where the node's containerd finds them.
fn preload_images(parts: &Parts, root: &Path, work: &Path, stage: &Stage<'_>) -> Result<()> {
    let images = work.join("images");
    fs_err::create_dir_all(&images)?;
    let archive = root.join("images.tar");
    archive::make(&images, root, &parts.node_program, &parts.pause, &archive, stage)?;
    fs_err::remove_dir_all(images)?;

    stage.now("importing the preloaded images");
    let configuration = "import.toml";
    fs_err::copy(
        parts.recipe.join("containerd-import.toml"),
        root.join(configuration),
    )?;
    // The mounts live in a namespace that ends with containerd.
    let mut containerd = Command::new("unshare");
    containerd
        .args(["--mount", "--propagation", "private", "--", "sh", "-c"])
        .arg("mount -t proc proc \"$0/proc\" && exec chroot \"$0\" /usr/bin/containerd --config /\"$1\"")
        .arg(root)
        .arg(configuration)
        .stdout(stage.log_file()?)
        .stderr(stage.log_file()?);
    let mut daemon = daemon::start(
        &mut containerd,
        &root.join("ready.sock"),
        Path::new("/ready.sock"),
        Duration::from_mins(1),
    )
    .context("containerd of the node image")?;
    let imported = import_images(root, stage);
    daemon::end(daemon.id(), Duration::from_secs(20))?;
    daemon.wait()?;
    imported?;
    fs_err::remove_file(archive)?;
    fs_err::remove_file(root.join(configuration))?;
    for left in ["run/containerd", "var/lib/containerd/tmpmounts"] {
        if root.join(left).exists() {
            fs_err::remove_dir_all(root.join(left))?;
        }
    }
    Ok(())
}

fn import_images(root: &Path, stage: &Stage<'_>) -> Result<()> {
    let images = || {
        let mut command = Command::new("chroot");
        command.arg(root).args(["ctr", "--namespace", "k8s.io", "images"]);
        command
    };
    stage.run(images().args(["import", "--no-unpack", "/images.tar"]))?;
    // Without this label the kubelet's runtime would not list them.
    for image in stage.output(images().args(["list", "--quiet"]))?.lines() {
        stage.run(images().args(["label", image, "io.cri-containerd.image=managed"]))?;
    }
    Ok(())
}

/// Each node gets an identity of its own when it starts.
fn clear_machine_identity(root: &Path) -> Result<()> {
    fs_err::write(root.join("etc/machine-id"), "")?;
    for file in ["etc/hostname", "etc/resolv.conf", "var/lib/dbus/machine-id"] {
        remove_if_there(&root.join(file))?;
    }
    Ok(())
}
