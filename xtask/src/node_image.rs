//! The image of a cluster's node, made here where kind's published one cannot be had.
//!
//! It is what kind's own recipe makes: a Debian system that runs systemd, containerd and the kubelet. Only its
//! sources differ: Debian's packages, kind's files from its Go module, and Kubernetes itself from its Go modules,
//! linked into one program.

mod archive;
mod assemble;
mod base;
pub(crate) mod programs;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    packages::{self, Needed},
    places::Places,
    progress::Progress,
    store::{Recipe, made_once},
};

const NEEDED: &[Needed] = &[
    Needed {
        file: "/usr/sbin/debootstrap",
        package: "debootstrap",
    },
    Needed {
        file: "/usr/share/keyrings/debian-archive-keyring.gpg",
        package: "debian-archive-keyring",
    },
];

/// The hash of everything that the image is made from.
pub(crate) fn hash(places: &Places) -> Result<String> {
    let kind = places.integration().join("kind");
    Ok(Recipe::default()
        .text(&base::hash())
        .text(&programs::node_program_hash(&kind)?)
        .text(programs::KIND_VERSION)
        .text(programs::KUBERNETES_VERSION)
        .text(assemble::VERSION)
        .files(&kind.join("node-image"))?
        .files(&kind.join("pause"))?
        .hash())
}

/// The image as the tar of its root file system, for `docker import`.
pub(crate) fn ensure(places: &Places, progress: &Progress) -> Result<PathBuf> {
    let made = made_once(&places.cache, "node-image", &hash(places)?, |directory| {
        packages::ensure(progress, NEEDED)?;
        let kind = places.integration().join("kind");
        let (base, programs) = std::thread::scope(|scope| {
            // The one waits for the network, the other for the processors.
            let base = scope.spawn(|| base::ensure(&places.cache, progress));
            let programs = build_programs(places, progress, &kind);
            (base.join(), programs)
        });
        let base = base.map_err(|_| anyhow::anyhow!("the thread that made the base system panicked"))??;
        let (node_program, pause, kind_sources) = programs?;
        progress.stage("node image", |stage| {
            let parts = assemble::Parts {
                base,
                node_program,
                pause,
                kind_sources,
                recipe: kind.join("node-image"),
            };
            assemble::assemble(&parts, &directory.join(ARCHIVE), stage)
        })
    })?;
    Ok(made.join(ARCHIVE))
}

const ARCHIVE: &str = "node.tar";

fn build_programs(places: &Places, progress: &Progress, kind: &Path) -> Result<(PathBuf, PathBuf, PathBuf)> {
    Ok((
        programs::node_program(&places.cache, kind, progress)?,
        programs::pause(&places.cache, kind, progress)?,
        programs::kind_sources()?,
    ))
}
