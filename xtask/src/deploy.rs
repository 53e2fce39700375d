//! Rolling a network out from this checkout, and taking it away.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus, Stdio},
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{
    cluster::{CONTEXT, Cluster},
    images,
    places::{Places, create_private_directory},
    progress::Progress,
};

/// `cargo xtask deploy`: on the development cluster, or on the one that `--context` names.
pub(crate) fn deploy(places: &Places, progress: &Progress, arguments: &[OsString]) -> Result<ExitCode> {
    if names_a_context(arguments) {
        return run_elsewhere(places, "deploy", arguments);
    }
    let prepared = prepare(places, progress, Build::Alone)?;
    run_on(&prepared.cluster, places, &prepared.deployer, "deploy", arguments)
}

/// `cargo xtask destroy`, likewise.
pub(crate) fn destroy(places: &Places, progress: &Progress, arguments: &[OsString]) -> Result<ExitCode> {
    if names_a_context(arguments) {
        return run_elsewhere(places, "destroy", arguments);
    }
    let Some(cluster) = Cluster::find(places)? else {
        progress.say("the development cluster is not up: there is nothing to destroy");
        return Ok(ExitCode::SUCCESS);
    };
    let deployer = progress.stage("deployer", |stage| {
        build(places, Build::Alone, |command| stage.run(command))
    })?;
    run_on(&cluster, places, &deployer, "destroy", arguments)
}

/// What a rollout on the development cluster needs.
pub(crate) struct Prepared {
    pub(crate) cluster: Cluster,
    pub(crate) deployer: PathBuf,
}

/// Makes the cluster, the images and the deployer, side by side, and loads the images.
pub(crate) fn prepare(places: &Places, progress: &Progress, how: Build) -> Result<Prepared> {
    let (cluster, images, deployer) = std::thread::scope(|scope| {
        let cluster = scope.spawn(|| Cluster::ensure(places, progress));
        let images = scope.spawn(|| images::ensure(places, progress));
        let deployer = progress.stage("deployer", |stage| {
            build(places, how, |command| stage.run(command))
        });
        (cluster.join(), images.join(), deployer)
    });
    let panicked = |_| anyhow!("a stage panicked");
    let (cluster, images, deployer) = (cluster.map_err(panicked)??, images.map_err(panicked)??, deployer?);
    cluster.load(&images, progress)?;
    Ok(Prepared { cluster, deployer })
}

/// Where the keys of networks on the development cluster are kept, and the file with their passphrase. Both go with
/// the cluster.
pub(crate) fn custody(places: &Places) -> Result<[(&'static str, PathBuf); 2]> {
    let directory = places.cluster().join("custody");
    create_private_directory(&directory)?;
    let passphrase = places.cluster().join("passphrase");
    if !passphrase.exists() {
        let mut random = [0; 32];
        File::open("/dev/urandom")
            .and_then(|mut source| source.read_exact(&mut random))
            .context("random numbers")?;
        let mut file = tempfile::Builder::new().make_in(places.cluster(), |path| {
            File::options()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(path)
        })?;
        writeln!(file, "{}", crate::store::hex(&random))?;
        file.persist(&passphrase)?;
    }
    Ok([
        ("CORDANETES_CUSTODY_DIRECTORY", directory),
        ("CORDANETES_PASSPHRASE_FILE", passphrase),
    ])
}

fn run_on(
    cluster: &Cluster,
    places: &Places,
    deployer: &Path,
    command: &str,
    arguments: &[OsString],
) -> Result<ExitCode> {
    let status = cluster
        .enter(deployer)?
        .arg(command)
        .args(arguments)
        .args(["--context", CONTEXT, "--kubeconfig"])
        .arg(places.kubeconfig())
        .envs(custody(places)?)
        // What the deployer's messages offer is then what works here.
        .env("CORDANETES_COMMAND", "cargo xtask")
        .env("CORDANETES_ENTER", "cargo xtask enter")
        .status()
        .with_context(|| format!("cannot start {}", deployer.display()))?;
    exit_code(status)
}

/// Only builds the deployer and runs it: nothing else of this machine is used or changed.
fn run_elsewhere(places: &Places, command: &str, arguments: &[OsString]) -> Result<ExitCode> {
    let deployer = build(places, Build::Alone, |command| {
        let status = command.status().context("cannot start cargo")?;
        if !status.success() {
            bail!("the deployer cannot be built: cargo ended with {status}");
        }
        Ok(())
    })?;
    let status = Command::new(&deployer)
        .arg(command)
        .args(arguments)
        .status()
        .with_context(|| format!("cannot start {}", deployer.display()))?;
    exit_code(status)
}

/// What is built together with the deployer.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// Nothing: the least work from nothing.
    Alone,
    /// All tests: the least work where they are built anyway, since cargo gives their libraries more features.
    WithTests,
}

/// Builds the deployer and returns the program.
fn build(places: &Places, how: Build, run: impl FnOnce(&mut Command) -> Result<()>) -> Result<PathBuf> {
    let what: &[&str] = match how {
        Build::Alone => &["--package", "deployer"],
        Build::WithTests => &["--workspace", "--tests"],
    };
    run(cargo(places).arg("build").args(what).stdin(Stdio::null()))?;
    // This program was built by the same rules into the same directory.
    Ok(std::env::current_exe()?.with_file_name("cordanetes"))
}

/// The cargo that runs this program, in the checkout.
pub(crate) fn cargo(places: &Places) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&places.checkout);
    command
}

/// A program's end as this program's end.
pub(crate) fn exit_code(status: ExitStatus) -> Result<ExitCode> {
    use std::os::unix::process::ExitStatusExt as _;
    // Shells tell an end by a signal in the same way.
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    let code = code.context("a program ended without a code")?;
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)))
}

fn names_a_context(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| {
        argument == OsStr::new("--context") || argument.as_encoded_bytes().starts_with(b"--context=")
    })
}
