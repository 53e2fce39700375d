//! `cargo xtask bench`: what networks of many participants cost, by library and by program.

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    deploy::cargo,
    packages::{self, Needed},
    places::Places,
    progress::{Progress, output},
};

#[path = "../../crates/kubernetes-objects/benches/network.rs"]
mod network;

const NEEDED: &[Needed] = &[
    Needed {
        file: "/usr/bin/time",
        package: "time",
    },
    Needed {
        file: "/usr/bin/openssl",
        package: "openssl",
    },
];

/// Sizes, each twice the one before it, so that what grows faster is seen.
const PARTICIPANTS: [usize; 4] = [250, 500, 1000, 2000];

/// The size that the aims are for.
const AIMED_AT: usize = 1000;

/// A program's run that is measured.
struct Case {
    name: &'static str,
    /// Arguments; `FILE`, `DIRECTORY` and `OTHER`, a folder that is not there, are replaced.
    arguments: &'static [&'static str],
    /// For [`AIMED_AT`] participants: seconds, then MiB at the peak.
    aim: Option<(f64, u64)>,
}

/// In this order: the first rendering makes the keys, the second finds them.
const CASES: &[Case] = &[
    Case {
        name: "validate",
        arguments: &["validate", "FILE"],
        aim: Some((1.0, 300)),
    },
    Case {
        name: "certificates plan",
        arguments: &["certificates", "plan", "FILE", "--output", "json"],
        aim: Some((5.0, 300)),
    },
    Case {
        name: "render, keys made",
        arguments: &["render", "FILE", "--output", "DIRECTORY"],
        aim: Some((5.0, 300)),
    },
    Case {
        name: "render",
        arguments: &["render", "FILE", "--output", "OTHER"],
        aim: Some((1.0, 300)),
    },
    Case {
        name: "render, all as before",
        arguments: &["render", "FILE", "--output", "DIRECTORY"],
        aim: Some((1.0, 300)),
    },
    Case {
        name: "graph, network",
        arguments: &["graph", "FILE", "--format", "svg"],
        aim: None,
    },
    Case {
        name: "graph, rollout",
        arguments: &["graph", "FILE", "--view", "rollout", "--format", "svg"],
        aim: None,
    },
];

/// What a run took.
struct Cost {
    seconds: f64,
    mebibytes: u64,
}

/// Runs the benchmarks of the libraries, then the program on networks of several sizes.
pub(crate) fn bench(places: &Places, progress: &Progress) -> Result<ExitCode> {
    packages::ensure(progress, NEEDED)?;
    // Of the whole workspace, as the tests are: for a part of it cargo would build the libraries anew, with fewer features.
    for bench in ["limits", "scale"] {
        progress.say(&format!("$ cargo bench --workspace --bench {bench}"));
        let status = cargo(places)
            .args(["bench", "--workspace", "--bench", bench])
            .status()?;
        if !status.success() {
            bail!("the benchmark `{bench}` ended with {status}: see above");
        }
    }
    progress.stage("deployer, as released", |stage| {
        stage.run(cargo(places).args(["build", "--release", "--package", "deployer"]))
    })?;
    let program = places.checkout.join("target/release/cordanetes");
    let scratch = tempfile::tempdir()?;
    programs(&program, scratch.path())
}

/// The table of the program's runs, and whether every aim was met.
fn programs(program: &Path, scratch: &Path) -> Result<ExitCode> {
    let mut is_within = true;
    let mut head = format!("{:<26}", "cordanetes, participants");
    for participants in PARTICIPANTS {
        write!(head, "{participants:>19}  ")?;
    }
    anstream::println!("{head}   the last by the one before");
    let files = PARTICIPANTS
        .iter()
        .map(|participants| {
            let file = scratch.join(format!("{participants}.yaml"));
            // One network each, so that each has keys of its own.
            let text =
                network::of(*participants).replacen("name: large", &format!("name: n{participants}"), 1);
            fs_err::write(&file, text)?;
            Ok(file)
        })
        .collect::<Result<Vec<PathBuf>>>()?;
    for case in CASES {
        let mut row = format!("{:<26}", case.name);
        let mut costs = Vec::new();
        for (participants, file) in PARTICIPANTS.iter().zip(&files) {
            let cost = run(program, case, file, scratch)?;
            write!(row, "{:>9.2} s {:>4} MiB", cost.seconds, cost.mebibytes)?;
            let missed = case.aim.filter(|(seconds, mebibytes)| {
                *participants == AIMED_AT && (cost.seconds > *seconds || cost.mebibytes > *mebibytes)
            });
            row.push_str(if missed.is_some() { " !" } else { "  " });
            is_within &= missed.is_none();
            costs.push(cost);
        }
        if let [.., before, last] = costs.as_slice() {
            write!(row, "   × {:.1}", last.seconds / before.seconds.max(0.01))?;
        }
        anstream::println!("{row}");
    }
    let peer = openssl(scratch)?;
    anstream::println!("openssl, 20 EC keys and certificates in a process each: {peer:.2} s");
    if is_within {
        return Ok(ExitCode::SUCCESS);
    }
    anstream::println!("! misses its aim for {AIMED_AT} participants");
    Ok(ExitCode::FAILURE)
}

fn run(program: &Path, case: &Case, file: &Path, scratch: &Path) -> Result<Cost> {
    let directory = file.with_extension("rendered");
    let arguments = case.arguments.iter().map(|argument| match *argument {
        "FILE" => file.as_os_str().to_owned(),
        "DIRECTORY" => directory.clone().into_os_string(),
        "OTHER" => file.with_extension("other").into_os_string(),
        other => other.into(),
    });
    let figures = scratch.join("figures");
    let passphrase = scratch.join("passphrase");
    if !passphrase.exists() {
        write_passphrase(&passphrase)?;
    }
    let told = scratch.join("told");
    let status = Command::new("/usr/bin/time")
        .args(["--format", "%e %M", "--output"])
        .arg(&figures)
        .arg(program)
        .args(arguments)
        .env("CORDANETES_CUSTODY_DIRECTORY", scratch.join("custody"))
        .env("CORDANETES_PASSPHRASE_FILE", &passphrase)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs_err::File::create(&told)?.into_parts().0)
        .status()
        .context("cannot start /usr/bin/time")?;
    if !status.success() {
        bail!(
            "`cordanetes {}` ended with {status}: {}",
            case.arguments.join(" "),
            fs_err::read_to_string(&told)?
        );
    }
    let text = fs_err::read_to_string(&figures)?;
    let mut words = text.split_whitespace();
    let (Some(seconds), Some(kibibytes)) = (words.next(), words.next()) else {
        bail!("/usr/bin/time told {text:?}, not seconds and KiB");
    };
    Ok(Cost {
        seconds: seconds.parse()?,
        mebibytes: kibibytes.parse::<u64>()? / 1024,
    })
}

fn write_passphrase(path: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path).with_context(|| path.display().to_string())?;
    io::Write::write_all(&mut file, b"for measurements only\n")?;
    Ok(())
}

/// The peer of issuing: as many keys and certificates as a network has authorities and services.
fn openssl(scratch: &Path) -> Result<f64> {
    let begun = std::time::Instant::now();
    for _ in 0..20 {
        output(
            Command::new("/usr/bin/openssl")
                .args([
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                ])
                .args([
                    "-nodes",
                    "-subj",
                    "/C=GB/L=London/O=Peer",
                    "-days",
                    "30",
                    "-keyout",
                ])
                .arg(scratch.join("peer.key"))
                .arg("-out")
                .arg(scratch.join("peer.pem")),
        )?;
    }
    Ok(begun.elapsed().as_secs_f64())
}
