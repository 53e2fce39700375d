//! The development cluster on this machine: made by kind, one for each user.

mod images;
mod make;
mod status;

use std::{
    ffi::OsStr,
    fs::File,
    io::{ErrorKind, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    engine::{Engine, PrivateEngine},
    images::BuiltImages,
    node_image::programs,
    places::{Places, create_private_directory},
    progress::{self, Progress, Stage},
};

pub(crate) use status::print as print_status;

/// kind's name for the cluster.
const NAME: &str = "cordanetes";
/// The context of the kubeconfig.
pub(crate) const CONTEXT: &str = "kind-cordanetes";
const CONTROL_PLANE: &str = "cordanetes-control-plane";
/// How long a cluster that is there may be silent.
const PATIENCE: Duration = Duration::from_mins(2);

/// A cluster that is up.
#[derive(Debug)]
pub(crate) struct Cluster {
    engine: Engine,
    places: Places,
}

impl Cluster {
    /// The cluster, made with one node if there is none.
    pub(crate) fn ensure(places: &Places, progress: &Progress) -> Result<Self> {
        Self::ensure_with_workers(places, progress, 0)
    }

    /// The cluster, made with so many nodes beside its control plane if there is none.
    pub(crate) fn ensure_with_workers(places: &Places, progress: &Progress, workers: u8) -> Result<Self> {
        let _lock = lock(places, progress)?;
        if let Some(cluster) = Self::find_whole(places)? {
            if !cluster.answers() {
                // Making it anew would lose what is on it, and a busy machine is no reason for that.
                progress.stage("waiting for the cluster to answer", |stage| {
                    cluster.wait_for_answer(stage)
                })?;
            }
            if make::is_outdated(places)? {
                progress.say(
                    "note: the cluster's node image was made by another recipe than this checkout's; `cargo xtask \
                     cluster down` and then `up` makes it anew",
                );
            }
            return Ok(cluster);
        }
        let engine = make::make(places, progress, workers)?;
        Ok(Self {
            engine,
            places: places.clone(),
        })
    }

    /// The cluster if it is up.
    pub(crate) fn find(places: &Places) -> Result<Option<Self>> {
        Ok(Self::find_whole(places)?.filter(Self::answers))
    }

    /// The cluster if it was made whole and is not stopped, whether it answers or not.
    fn find_whole(places: &Places) -> Result<Option<Self>> {
        if read_record(places)?.is_none() {
            return Ok(None);
        }
        let Some(engine) = Engine::find(places)? else {
            return Ok(None);
        };
        let cluster = Self {
            engine,
            places: places.clone(),
        };
        Ok(cluster.engine.runs(CONTROL_PLANE).then_some(cluster))
    }

    /// A command that reaches the cluster: in its network, with its kubeconfig and its programs in PATH.
    pub(crate) fn enter(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        let mut command = self.engine.enter(program);
        command
            .env("KUBECONFIG", self.places.kubeconfig())
            .env("PATH", self.engine.path(&self.places.programs())?);
        Ok(command)
    }

    /// Makes images known to the nodes. Those that are there already cost nothing.
    pub(crate) fn load(&self, images: &BuiltImages, progress: &Progress) -> Result<()> {
        let _lock = lock(&self.places, progress)?;
        images::load(self, images, progress)
    }

    /// Makes the images of a docker-archive known to the nodes.
    pub(crate) fn load_archive(&self, archive: &Path, progress: &Progress) -> Result<()> {
        let _lock = lock(&self.places, progress)?;
        images::load_archive(self, archive, progress)
    }

    /// kubectl as it is on the control plane, which every node image has.
    fn kubectl(&self) -> Command {
        let mut command = self.engine.docker();
        command.args([
            "exec",
            CONTROL_PLANE,
            "kubectl",
            "--kubeconfig",
            "/etc/kubernetes/admin.conf",
        ]);
        command
    }

    fn kind(&self, progress: &Progress) -> Result<Command> {
        make::kind_command(&self.places, &self.engine, progress)
    }

    fn answers(&self) -> bool {
        progress::output(
            self.kubectl()
                .args(["--request-timeout=10s", "get", "--raw", "/readyz"]),
        )
        .is_ok_and(|output| output.stdout == b"ok")
    }

    fn wait_for_answer(&self, stage: &Stage<'_>) -> Result<()> {
        let started = Instant::now();
        while !self.answers() {
            if started.elapsed() > PATIENCE {
                bail!(
                    "the API server of {CONTROL_PLANE} does not answer; free memory or processors, or take the \
                     cluster away with `cargo xtask cluster down`"
                );
            }
            stage.now("the API server does not answer yet");
            // A server that is away tells nobody when it is back.
            std::thread::sleep(Duration::from_millis(500));
        }
        Ok(())
    }
}

/// Takes the cluster away with the keys of the networks on it, and the engine if it was started here. What was
/// downloaded and built stays, unless `purge_cache`.
pub(crate) fn down(places: &Places, progress: &Progress, purge_cache: bool) -> Result<()> {
    let _lock = lock(places, progress)?;
    if let Some(engine) = Engine::find(places)? {
        make::delete(places, &engine, progress)?;
        if let Engine::Found { .. } = &engine {
            make::remove_node_images(&engine, progress)?;
        }
    }
    progress.stage("removing the engine", |stage| {
        PrivateEngine::remove(places, stage)
    })?;
    if purge_cache && places.cache.exists() {
        progress.stage("removing downloads and builds", |_| {
            Ok(fs_err::remove_dir_all(&places.cache)?)
        })?;
    }
    // From here on nothing is a stage: the stages' logs go as well.
    for directory in [places.cluster(), places.programs(), places.logs()] {
        if directory.exists() {
            fs_err::remove_dir_all(directory)?;
        }
    }
    fs_err::remove_file(lock_path(places))?;
    // Keys of networks on other clusters may be kept beside; then the directory stays.
    match std::fs::remove_dir(&places.state) {
        Err(error) if error.kind() != ErrorKind::DirectoryNotEmpty => {
            Err(error).with_context(|| places.state.display().to_string())
        }
        _ => Ok(()),
    }
}

/// Only one run at a time makes or changes the cluster. The lock goes with the process, however that ends.
fn lock(places: &Places, progress: &Progress) -> Result<File> {
    let path = lock_path(places);
    create_private_directory(&places.state)?;
    loop {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| path.display().to_string())?;
        if file.try_lock().is_err() {
            progress.say("another run is working on the cluster: waiting until it ends");
            file.lock().with_context(|| format!("lock {}", path.display()))?;
        }
        // Whoever took the cluster away has removed the file: its lock then locks nothing any more.
        if std::fs::metadata(&path)
            .is_ok_and(|current| file.metadata().is_ok_and(|own| own.ino() == current.ino()))
        {
            return Ok(file);
        }
    }
}

fn lock_path(places: &Places) -> PathBuf {
    places.state.join("lock")
}

/// What the cluster was made from; there once it was made whole.
fn read_record(places: &Places) -> Result<Option<Value>> {
    let path = places.cluster().join(RECORD);
    match std::fs::read(&path) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text).with_context(|| {
            format!("{} is damaged; run `cargo xtask cluster down`", path.display())
        })?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

fn write_record(places: &Places, node_image: &str, took: Duration) -> Result<()> {
    let record = json!({ "nodeImage": node_image, "madeInSeconds": took.as_secs() });
    write_whole(&places.cluster().join(RECORD), record.to_string().as_bytes())
}

const RECORD: &str = "record.json";

/// Writes a file so that it is there whole or not at all.
fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let directory = path.parent().context("a file needs a directory")?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}

/// Puts the programs that people use with the cluster into one directory.
fn link_programs(places: &Places, kind: &Path) -> Result<()> {
    use std::os::unix::fs::symlink;
    let directory = places.programs();
    fs_err::create_dir_all(&directory)?;
    let mut programs = vec![("kind", kind.to_owned())];
    if let Some(program) = programs::built_node_program(&places.cache, &places.integration().join("kind"))? {
        programs.push(("kubectl", program));
    }
    for (name, program) in programs {
        let link = directory.join(name);
        crate::daemon::remove_if_there(&link)?;
        symlink(program, link)?;
    }
    Ok(())
}
