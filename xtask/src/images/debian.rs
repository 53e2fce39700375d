//! Debian packages as files, fetched and verified by apt without touching this machine's own packages.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use anyhow::{Context, Result, bail};

use crate::{progress::Stage, progress::output};

/// The release that images are made from. Other suites give only the packages that are asked of them by name.
pub(crate) const RELEASE: &str = "bookworm";

/// The suite that has what the release lacks.
const UNSTABLE: &str = "sid";

const KEY_RING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Names a Debian mirror where this machine's own sources have none: on a child of Debian.
const MIRROR_VARIABLE: &str = "CORDANETES_DEBIAN_MIRROR";

/// An apt of our own: other sources, no installed packages, its lists in the cache.
#[derive(Debug)]
pub(crate) struct Packages {
    directory: PathBuf,
    updated: OnceLock<()>,
}

impl Packages {
    pub(crate) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            updated: OnceLock::new(),
        }
    }

    /// Downloads packages by suite; returns their files in the order of their names.
    pub(crate) fn fetch(
        &self,
        by_suite: &BTreeMap<String, Vec<String>>,
        to: &Path,
        stage: &Stage<'_>,
    ) -> Result<Vec<PathBuf>> {
        if by_suite.is_empty() {
            return Ok(Vec::new());
        }
        if self.updated.get().is_none() {
            self.update(stage)?;
            // Another thread may have done the same, to the same effect.
            let _ = self.updated.set(());
        }
        fs_err::create_dir_all(to)?;
        let mut names = Vec::new();
        for (suite, packages) in by_suite {
            match suite.as_str() {
                RELEASE => names.extend(packages.iter().cloned()),
                UNSTABLE => names.extend(packages.iter().map(|package| format!("{package}/{UNSTABLE}"))),
                _ => bail!("packages come from {RELEASE} or {UNSTABLE}, not from '{suite}'"),
            }
        }
        stage.now(&format!("downloading {} packages", names.len()));
        stage.run(self.apt().arg("download").args(&names).current_dir(to))?;
        let mut files = Vec::new();
        for entry in fs_err::read_dir(to)? {
            files.push(entry?.path());
        }
        files.sort();
        if files.len() != names.len() {
            bail!("{} packages were asked for and {} came", names.len(), files.len());
        }
        Ok(files)
    }

    fn update(&self, stage: &Stage<'_>) -> Result<()> {
        stage.now("reading the lists of packages");
        for directory in ["state/lists/partial", "cache/archives/partial"] {
            fs_err::create_dir_all(self.directory.join(directory))?;
        }
        fs_err::write(self.directory.join("installed"), "")?;
        fs_err::write(
            self.directory.join("preferences"),
            format!("Package: *\nPin: release n={UNSTABLE}\nPin-Priority: 100\n"),
        )?;
        fs_err::write(self.directory.join("sources.list"), sources(&mirrors()?))?;
        stage.run(self.apt().arg("update"))
    }

    fn apt(&self) -> Command {
        let mut apt = Command::new("apt-get");
        apt.arg("--quiet");
        for (option, path) in [
            ("Dir::Etc::sourcelist", "sources.list"),
            ("Dir::Etc::preferences", "preferences"),
            ("Dir::State", "state"),
            ("Dir::State::status", "installed"),
            ("Dir::Cache", "cache"),
        ] {
            apt.arg("-o")
                .arg(format!("{option}={}", self.directory.join(path).display()));
        }
        for option in [
            "Dir::Etc::sourceparts=/dev/null",
            "Dir::Etc::preferencesparts=/dev/null",
            "Acquire::Languages=none",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            "Acquire::Retries=3",
            // The cache belongs to the user who runs this: apt's own user could not write to it.
            "APT::Sandbox::User=",
        ] {
            apt.arg("-o").arg(option);
        }
        apt
    }
}

/// Where the release and its security fixes are.
#[derive(Debug, PartialEq, Eq)]
struct Mirrors {
    main: String,
    security: Option<String>,
}

/// The mirrors that this machine uses itself.
fn mirrors() -> Result<Mirrors> {
    if let Ok(main) = std::env::var(MIRROR_VARIABLE) {
        return Ok(Mirrors { main, security: None });
    }
    let targets = output(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(ORIGIN)|$(LABEL)|$(REPO_URI)",
        "Created-By: Packages",
    ]))
    .context("apt does not tell this machine's package sources; images are made on Debian")?;
    parse(&String::from_utf8_lossy(&targets.stdout)).with_context(|| {
        format!("this machine has no source of Debian packages; set {MIRROR_VARIABLE} to the address of a Debian mirror")
    })
}

fn parse(targets: &str) -> Option<Mirrors> {
    let labelled = |label: &str| {
        targets.lines().find_map(|line| {
            line.strip_prefix("Debian|")?
                .strip_prefix(label)?
                .strip_prefix('|')
        })
    };
    Some(Mirrors {
        main: labelled("Debian")?.to_owned(),
        security: labelled("Debian-Security").map(str::to_owned),
    })
}

fn sources(mirrors: &Mirrors) -> String {
    let line = |mirror: &str, suite: &str| format!("deb [signed-by={KEY_RING}] {mirror} {suite} main\n");
    let mut text = String::new();
    for suite in [RELEASE, &format!("{RELEASE}-updates"), UNSTABLE] {
        text += &line(&mirrors.main, suite);
    }
    if let Some(security) = &mirrors.security {
        text += &line(security, &format!("{RELEASE}-security"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_are_those_of_this_machine() {
        let targets = "Other|Tools|http://tools.example/\n\
                       Debian|Debian-Security|http://security.example/debian-security/\n\
                       Debian|Debian|http://mirror.example/debian/\n";
        let mirrors = parse(targets).unwrap();
        assert_eq!(mirrors.main, "http://mirror.example/debian/");
        assert!(
            sources(&mirrors).contains("] http://security.example/debian-security/ bookworm-security main\n")
        );
        assert!(sources(&mirrors).contains("] http://mirror.example/debian/ sid main\n"));
        assert_eq!(parse("Ubuntu|Ubuntu|http://mirror.example/ubuntu/\n"), None);
    }
}
