//! The images that a node has from the start, as one docker-archive.

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use serde_json::{Value, json};

use super::programs::KUBERNETES_VERSION;
use crate::{progress::Stage, store::file_digest};

/// The names that the node program is called by inside of images.
const NAMES: &[&str] = &[
    "coredns",
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-proxy",
    "kube-router",
    "kube-scheduler",
    "pod-network",
    "volume-provisioner",
];

/// The name and tag of the sandbox image, as kubeadm of this version expects it.
pub(super) const PAUSE_IMAGE: &str = "localhost/pause:3.10.1";

struct Layer {
    file: String,
    digest: String,
}

/// Makes the archive at `to`, working in `directory`. `root` is the node's root file system.
pub(super) fn make(
    directory: &Path,
    root: &Path,
    node_program: &Path,
    pause: &Path,
    to: &Path,
    stage: &Stage<'_>,
) -> Result<()> {
    stage.now("packing the preloaded images");
    let program = layer(directory, "program", stage, |layer| {
        let programs = layer.join("usr/local/bin");
        fs_err::create_dir_all(&programs)?;
        // A temporary directory is part of what programs may expect.
        fs_err::create_dir_all(layer.join("tmp"))?;
        fs_err::copy(node_program, programs.join("node-program"))?;
        for name in NAMES {
            symlink("node-program", programs.join(name))?;
        }
        // CoreDNS is called by this path.
        symlink("usr/local/bin/node-program", layer.join("coredns"))?;
        Ok(())
    })?;
    let network = layer(directory, "network", stage, |layer| {
        copy_network_tools(root, layer, stage)
    })?;
    let sandbox = layer(directory, "pause", stage, |layer| {
        fs_err::copy(pause, layer.join("pause"))?;
        Ok(())
    })?;

    let version = |name: &str| format!("localhost/{name}:{KUBERNETES_VERSION}");
    let images: [(String, &[&Layer], Value); 8] = [
        (version("kube-apiserver"), &[&program], Value::Null),
        (version("kube-controller-manager"), &[&program], Value::Null),
        (version("kube-scheduler"), &[&program], Value::Null),
        (version("kube-proxy"), &[&program, &network], Value::Null),
        (
            "localhost/node-program:v1".to_owned(),
            &[&program, &network],
            Value::Null,
        ),
        // The tags are those that kubeadm of this Kubernetes version asks for.
        ("localhost/etcd:3.6.5-0".to_owned(), &[&program], Value::Null),
        (
            "localhost/coredns:v1.12.1".to_owned(),
            &[&program],
            json!(["/coredns"]),
        ),
        (PAUSE_IMAGE.to_owned(), &[&sandbox], json!(["/pause"])),
    ];
    let mut manifest = Vec::new();
    for (index, (tag, layers, entry_point)) in images.iter().enumerate() {
        let configuration = format!("{index}.json");
        fs_err::write(
            directory.join(&configuration),
            image_configuration(layers, entry_point).to_string(),
        )?;
        manifest.push(json!({
            "Config": configuration,
            "RepoTags": [tag],
            "Layers": layers.iter().map(|layer| layer.file.as_str()).collect::<Vec<_>>(),
        }));
    }
    fs_err::write(directory.join("manifest.json"), Value::from(manifest).to_string())?;
    stage.run(
        Command::new("sh")
            .current_dir(directory)
            .args([
                "-c",
                "exec tar --create --file \"$0\" manifest.json ./?.json ./*.tar",
            ])
            .arg(to)
            .env("LC_ALL", "C"),
    )
}

fn image_configuration(layers: &[&Layer], entry_point: &Value) -> Value {
    json!({
        "architecture": match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        },
        "os": "linux",
        "config": {
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "Entrypoint": entry_point,
        },
        "rootfs": {
            "type": "layers",
            "diff_ids": layers.iter().map(|layer| format!("sha256:{}", layer.digest)).collect::<Vec<_>>(),
        },
    })
}

fn layer(
    directory: &Path,
    name: &str,
    stage: &Stage<'_>,
    fill: impl FnOnce(&Path) -> Result<()>,
) -> Result<Layer> {
    let content = directory.join(name);
    fs_err::create_dir_all(&content)?;
    fill(&content)?;
    let layer_file = format!("{name}.tar");
    let archive = directory.join(&layer_file);
    stage.run(
        Command::new("tar")
            .args([
                "--create",
                "--sort=name",
                "--mtime=@0",
                "--owner=0",
                "--group=0",
                "--numeric-owner",
                "--file",
            ])
            .arg(&archive)
            .arg("--directory")
            .arg(&content)
            .arg("."),
    )?;
    fs_err::remove_dir_all(content)?;
    Ok(Layer {
        digest: file_digest(&archive)?,
        file: layer_file,
    })
}

/// What kube-proxy and the enforcement of policies call: iptables, ipset, conntrack and nft, with their libraries.
fn copy_network_tools(root: &Path, layer: &Path, stage: &Stage<'_>) -> Result<()> {
    let tools =
        ["xtables-nft-multi", "ipset", "conntrack", "nft"].map(|tool| PathBuf::from("/usr/sbin").join(tool));
    let modules = stage.output(Command::new("chroot").arg(root).args([
        "sh",
        "-c",
        "ls -d /usr/lib/*/xtables /usr/lib/*/xtables/*.so",
    ]))?;
    let (module_directories, modules): (Vec<_>, Vec<_>) = modules
        .lines()
        .map(PathBuf::from)
        .partition(|path| path.extension().is_none());
    let linked = stage.output(
        Command::new("chroot")
            .arg(root)
            .arg("ldd")
            .args(&tools)
            .args(&modules),
    )?;
    let libraries = linked
        .lines()
        .flat_map(str::split_whitespace)
        .filter(|word| word.starts_with('/') && !word.ends_with(':'));

    for (link, target) in [
        ("bin", "usr/bin"),
        ("sbin", "usr/sbin"),
        ("lib", "usr/lib"),
        ("lib64", "usr/lib64"),
    ] {
        fs_err::create_dir_all(layer.join(target))?;
        symlink(target, layer.join(link))?;
    }
    let copy = |path: &Path| -> Result<()> {
        let relative = path.strip_prefix("/").unwrap_or(path);
        let to = layer.join(relative);
        if let Some(directory) = to.parent() {
            fs_err::create_dir_all(directory)?;
        }
        fs_err::copy(root.join(relative), to)?;
        Ok(())
    };
    for directory in &module_directories {
        fs_err::create_dir_all(layer.join(directory.strip_prefix("/").unwrap_or(directory)))?;
    }
    tools.iter().chain(&modules).try_for_each(|path| copy(path))?;
    libraries.map(Path::new).try_for_each(copy)?;
    for name in ["iptables", "ip6tables"] {
        for action in ["", "-save", "-restore"] {
            symlink(
                "xtables-nft-multi",
                layer.join(format!("usr/sbin/{name}{action}")),
            )?;
        }
    }
    Ok(())
}
