//! A container runtime for machines whose root lacks `CAP_SYS_RESOURCE`: runc, asked for less.
//!
//! `docker run --privileged`, which kind needs, asks runc for every capability, for an OOM score below the engine's
//! and for limits above the engine's; without that capability the kernel refuses all three. This program stands in
//! for runc: it takes those wishes out of the container's configuration and then becomes runc. It is a copy of this
//! very program, told apart by the name that it is called by.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

/// The name that this program acts as a runtime by.
pub(crate) const NAME: &str = "runc-within-limits";

const RUNC: &str = "/usr/sbin/runc";
const CAPABILITY: &str = "CAP_SYS_RESOURCE";
/// That capability's bit in the masks of /proc.
const CAPABILITY_BIT: u64 = 1 << 24;

/// Whether this process, and so what it starts, has `CAP_SYS_RESOURCE`.
pub(super) fn has_resource_capability() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status
            .lines()
            .find_map(|line| line.strip_prefix("CapEff:"))
            .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .is_some_and(|mask| mask & CAPABILITY_BIT != 0)
    })
}

/// Puts the runtime into a directory.
pub(super) fn install(directory: &Path) -> Result<PathBuf> {
    let path = directory.join(NAME);
    fs_err::copy(std::env::current_exe()?, &path)?;
    Ok(path)
}

/// Acts as the runtime; returns only when that fails.
pub(crate) fn become_runc(arguments: Vec<OsString>) -> anyhow::Error {
    match lower_wishes(&arguments) {
        Ok(()) => {
            let error = Command::new(RUNC).args(arguments).exec();
            anyhow!(error).context(format!("cannot start {RUNC}"))
        }
        Err(error) => error,
    }
}

fn lower_wishes(arguments: &[OsString]) -> Result<()> {
    let words: Vec<_> = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .collect();
    let value_of = |names: [&str; 2]| {
        words.iter().enumerate().find_map(|(index, word)| {
            names.iter().find_map(|name| {
                word.strip_prefix(&format!("{name}="))
                    .map(PathBuf::from)
                    .or_else(|| {
                        (word == name).then(|| words.get(index + 1).map(|next| PathBuf::from(&**next)))?
                    })
            })
        })
    };
    let limits = hard_limits()?;
    if words.iter().any(|word| word == "create" || word == "run") {
        let bundle = value_of(["--bundle", "-b"]).unwrap_or_else(|| PathBuf::from("."));
        rewrite(&bundle.join("config.json"), |config| {
            if let Some(process) = config.get_mut("process") {
                lower(process, &limits);
            }
        })?;
    } else if words.iter().any(|word| word == "exec")
        && let Some(process) = value_of(["--process", "-p"])
    {
        rewrite(&process, |process| lower(process, &limits))?;
    }
    Ok(())
}

fn rewrite(path: &Path, change: impl FnOnce(&mut Value)) -> Result<()> {
    let text = fs_err::read(path)?;
    let mut value =
        serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    change(&mut value);
    fs_err::write(path, serde_json::to_vec(&value)?)?;
    Ok(())
}

/// Takes out of a process's description what this machine cannot give.
fn lower(process: &mut Value, limits: &BTreeMap<&'static str, u64>) {
    if let Some(sets) = process.get_mut("capabilities").and_then(Value::as_object_mut) {
        for (_, set) in sets {
            if let Some(capabilities) = set.as_array_mut() {
                capabilities.retain(|capability| capability != CAPABILITY);
            }
        }
    }
    if let Some(score) = process.get_mut("oomScoreAdj")
        && score.as_i64().is_some_and(|score| score < 0)
    {
        *score = 0.into();
    }
    for limit in process
        .get_mut("rlimits")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let Some(most) = limit
            .get("type")
            .and_then(Value::as_str)
            .and_then(|kind| limits.get(kind))
            .copied()
        else {
            continue;
        };
        for bound in ["hard", "soft"] {
            if limit
                .get(bound)
                .and_then(Value::as_u64)
                .is_some_and(|value| value > most)
            {
                limit[bound] = most.into();
            }
        }
    }
}

/// This process's hard limits by the names of the OCI configuration; those without a bound are left out.
fn hard_limits() -> Result<BTreeMap<&'static str, u64>> {
    let text = fs_err::read_to_string("/proc/self/limits")?;
    Ok(parse_hard_limits(&text))
}

fn parse_hard_limits(text: &str) -> BTreeMap<&'static str, u64> {
    const NAMES: [(&str, &str); 16] = [
        ("Max cpu time", "RLIMIT_CPU"),
        ("Max file size", "RLIMIT_FSIZE"),
        ("Max data size", "RLIMIT_DATA"),
        ("Max stack size", "RLIMIT_STACK"),
        ("Max core file size", "RLIMIT_CORE"),
        ("Max resident set", "RLIMIT_RSS"),
        ("Max processes", "RLIMIT_NPROC"),
        ("Max open files", "RLIMIT_NOFILE"),
        ("Max locked memory", "RLIMIT_MEMLOCK"),
        ("Max address space", "RLIMIT_AS"),
        ("Max file locks", "RLIMIT_LOCKS"),
        ("Max pending signals", "RLIMIT_SIGPENDING"),
        ("Max msgqueue size", "RLIMIT_MSGQUEUE"),
        ("Max nice priority", "RLIMIT_NICE"),
        ("Max realtime priority", "RLIMIT_RTPRIO"),
        ("Max realtime timeout", "RLIMIT_RTTIME"),
    ];
    text.lines()
        .filter_map(|line| {
            let (label, kind) = NAMES.iter().find(|(label, _)| line.starts_with(label))?;
            // The columns are the soft limit, the hard limit and the unit.
            let hard = line.get(label.len()..)?.split_whitespace().nth(1)?;
            Some((*kind, hard.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_process_is_asked_for_no_more_than_the_machine_gives() {
        let limits = parse_hard_limits(
            "Limit                     Soft Limit           Hard Limit           Units\n\
             Max open files            1024                 20000                files\n\
             Max processes             unlimited            unlimited            processes\n",
        );
        let mut process = json!({
            "capabilities": { "bounding": ["CAP_CHOWN", "CAP_SYS_RESOURCE"], "effective": ["CAP_SYS_RESOURCE"] },
            "oomScoreAdj": -500,
            "rlimits": [
                { "type": "RLIMIT_NOFILE", "hard": 1_048_576, "soft": 1024 },
                { "type": "RLIMIT_NPROC", "hard": 9_000_000, "soft": 9_000_000 },
            ],
        });
        lower(&mut process, &limits);
        assert_eq!(
            process,
            json!({
                "capabilities": { "bounding": ["CAP_CHOWN"], "effective": [] },
                "oomScoreAdj": 0,
                "rlimits": [
                    { "type": "RLIMIT_NOFILE", "hard": 20_000, "soft": 1024 },
                    { "type": "RLIMIT_NPROC", "hard": 9_000_000, "soft": 9_000_000 },
                ],
            })
        );
    }
}
