//! A Docker engine of our own, where none runs: in a network and a mount namespace that end with it.
//!
//! Its firewall rules and mounts stay off the machine, and no packet of a container can leave: the only way out of
//! the network namespace leads nowhere. Whoever wants to reach the cluster enters that namespace.

use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use super::runtime;
use crate::{
    daemon,
    packages::Needed,
    places::{Places, create_private_directory},
    progress::Stage,
};

/// Debian's client: another one may come earlier in PATH and be of another version.
pub(super) const CLIENT: &str = "/usr/bin/docker";

pub(super) const NEEDED: &[Needed] = &[
    Needed {
        file: "/usr/sbin/dockerd",
        package: "docker.io",
    },
    Needed {
        file: "/usr/bin/nsenter",
        package: "util-linux",
    },
    Needed {
        file: "/usr/sbin/iptables",
        package: "iptables",
    },
    Needed {
        file: "/bin/ip",
        package: "iproute2",
    },
];

/// What prepares the namespaces and then becomes the engine. kind wants a default route to be there; TEST-NET-2 has
/// no hosts, and the bridge no members, so that it leads nowhere.
const PREPARE: &str = "set -e
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ip link set lo up
ip link add nowhere type bridge
ip address add 198.51.100.1/24 dev nowhere
ip link set nowhere up
ip route add default via 198.51.100.254
exec dockerd \"$@\"";

/// An engine that runs.
#[derive(Debug)]
pub(crate) struct PrivateEngine {
    process: u32,
    socket: PathBuf,
}

/// What belongs to the engine of one user. The mark keeps two of them apart.
struct Files {
    /// All containers' cgroups are below this one, so that they can be told from others.
    cgroup: String,
    /// Images and containers.
    data: PathBuf,
    /// Sockets: their paths must be short, so they are not below the user's directories.
    run: PathBuf,
    socket: PathBuf,
    process_id: PathBuf,
}

impl Files {
    fn of(places: &Places) -> Self {
        let mark = Sha256::digest(places.state.as_os_str().as_encoded_bytes());
        let name = format!("cordanetes-{:02x}{:02x}{:02x}", mark[0], mark[1], mark[2]);
        let run = Path::new("/run").join(&name);
        Self {
            cgroup: name,
            data: places.engine().join("data"),
            socket: run.join("docker.sock"),
            process_id: run.join("docker.pid"),
            run,
        }
    }
}

impl PrivateEngine {
    /// The engine that an earlier run started, if it still runs.
    pub(super) fn find(places: &Places) -> Result<Option<Self>> {
        let files = Files::of(places);
        let Ok(process) = std::fs::read_to_string(&files.process_id) else {
            return Ok(None);
        };
        let process = process
            .trim()
            .parse()
            .with_context(|| format!("{} holds no process id; remove it", files.process_id.display()))?;
        let is_ours = std::fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|arguments| {
            let data = files.data.as_os_str().as_encoded_bytes();
            arguments
                .split(|byte| *byte == 0)
                .any(|argument| argument == data)
        });
        Ok(is_ours.then_some(Self {
            process,
            socket: files.socket,
        }))
    }

    /// Starts one and waits until it answers.
    pub(super) fn start(places: &Places, stage: &Stage<'_>) -> Result<Self> {
        // What an engine that died has left cannot be used: its containers have no network any more.
        clean(places, stage)?;
        let files = Files::of(places);
        create_private_directory(&places.engine())?;
        create_private_directory(&files.run)?;
        let configuration = places.engine().join("daemon.json");
        // Without this the machine's own configuration would be read.
        fs_err::write(&configuration, "{}\n")?;
        let log_path = places.engine().join("dockerd.log");
        let log = File::create(&log_path).with_context(|| log_path.display().to_string())?;

        // A session of its own: it outlives this program and its terminal.
        let mut command = Command::new("setsid");
        command
            .args(["unshare", "--net", "--mount", "--propagation", "private", "--"])
            .args(["sh", "-c", PREPARE, "dockerd"])
            .arg("--config-file")
            .arg(&configuration)
            .arg("--host")
            .arg(format!("unix://{}", files.socket.display()))
            .arg("--data-root")
            .arg(&files.data)
            .arg("--exec-root")
            .arg(files.run.join("exec"))
            .arg("--pidfile")
            .arg(&files.process_id)
            .args([
                "--cgroup-parent",
                &format!("/{}", files.cgroup),
                "--log-level",
                "warn",
            ])
            .stdout(log.try_clone()?)
            .stderr(log);
        // The engine would use the proxy of whoever starts it, and kind would hand it on to the nodes.
        for variable in [
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
        ] {
            command.env_remove(variable);
        }
        if !runtime::has_resource_capability() {
            let wrapper = runtime::install(&places.engine())?;
            command
                .arg("--add-runtime")
                .arg(format!("{}={}", runtime::NAME, wrapper.display()))
                .args(["--default-runtime", runtime::NAME]);
            stage.note("CAP_SYS_RESOURCE is missing here: containers start without it");
        }
        stage.now("starting dockerd in namespaces of its own");
        let ready = files.run.join("ready.sock");
        let child =
            daemon::start(&mut command, &ready, &ready, Duration::from_mins(1)).with_context(|| {
                let log = fs_err::read_to_string(&log_path).unwrap_or_default();
                let last = log.lines().next_back().unwrap_or("it is empty");
                format!(
                    "dockerd did not start; the last line of its log {} is: {last}",
                    log_path.display()
                )
            })?;
        Ok(Self {
            process: child.id(),
            socket: files.socket,
        })
    }

    /// Ends the engine, if it runs, and removes everything that belongs to it.
    pub(crate) fn remove(places: &Places, stage: &Stage<'_>) -> Result<()> {
        if let Some(engine) = Self::find(places)? {
            stage.now("ending dockerd and its containers");
            daemon::end(engine.process, Duration::from_mins(1))?;
        }
        clean(places, stage)
    }

    pub(super) fn process(&self) -> u32 {
        self.process
    }

    /// A command in the engine's network namespace. Not `ip netns exec`: that hides the cgroups.
    pub(super) fn enter(&self, program: &OsStr) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net=/proc/{}/ns/net", self.process))
            .arg("--")
            .arg(program)
            .env("DOCKER_HOST", format!("unix://{}", self.socket.display()))
            .env_remove("DOCKER_CONTEXT");
        command
    }

    /// The beginning of a command line that enters the namespace, for people.
    pub(crate) fn enter_by_hand(&self) -> String {
        format!(
            "DOCKER_HOST=unix://{} nsenter --net=/proc/{}/ns/net --",
            self.socket.display(),
            self.process
        )
    }
}

/// The directory to find the client in first.
pub(super) fn client_directory() -> PathBuf {
    Path::new(CLIENT)
        .parent()
        .expect("the client's path has a directory")
        .to_owned()
}

/// Removes what no process holds any more.
fn clean(places: &Places, stage: &Stage<'_>) -> Result<()> {
    let files = Files::of(places);
    end_leftovers(&files, stage)?;
    for directory in [&files.run, &places.engine()] {
        if directory.exists() {
            stage.now(&format!("removing {}", directory.display()));
            fs_err::remove_dir_all(directory)?;
        }
    }
    for cgroup in cgroups(&files.cgroup)? {
        fs_err::remove_dir(&cgroup)?;
    }
    Ok(())
}

/// Ends what an engine that was killed has left: its containerd and what watches over containers. Both carry the
/// engine's run directory in their arguments or environment; processes of containers end with their cgroup.
fn end_leftovers(files: &Files, stage: &Stage<'_>) -> Result<()> {
    let run = files.run.as_os_str().as_encoded_bytes();
    for process in processes()? {
        let arguments = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let is_ours = arguments
            .split(|byte| *byte == 0)
            .any(|argument| argument.windows(run.len()).any(|window| window == run));
        let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        if is_ours && name.starts_with("containerd") {
            stage.note(&format!("ending {} {process}", name.trim()));
            daemon::end(process, Duration::from_secs(10))?;
        }
    }
    for cgroup in cgroups(&files.cgroup)? {
        let members = std::fs::read_to_string(cgroup.join("cgroup.procs")).unwrap_or_default();
        for process in members.lines().filter_map(|line| line.parse().ok()) {
            stage.note(&format!("ending {process} of {}", cgroup.display()));
            daemon::end(process, Duration::ZERO)?;
        }
    }
    Ok(())
}

fn processes() -> Result<Vec<u32>> {
    let mut processes = Vec::new();
    for entry in fs_err::read_dir("/proc")? {
        if let Some(process) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) {
            processes.push(process);
        }
    }
    Ok(processes)
}

/// The cgroups of the engine's containers in every hierarchy, children before their parents.
fn cgroups(name: &str) -> Result<Vec<PathBuf>> {
    let root = Path::new("/sys/fs/cgroup");
    let mut hierarchies = vec![root.join(name)];
    if let Ok(entries) = std::fs::read_dir(root) {
        for entry in entries {
            hierarchies.push(entry?.path().join(name));
        }
    }
    let mut found = Vec::new();
    for hierarchy in hierarchies.into_iter().filter(|path| path.is_dir()) {
        collect_directories(&hierarchy, &mut found)?;
    }
    Ok(found)
}

fn collect_directories(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect_directories(&entry.path(), found)?;
        }
    }
    found.push(directory.to_owned());
    Ok(())
}
