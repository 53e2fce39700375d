//! What reads the stores of secrets that a topology may name, from Go modules, for the live tests of delivery: the
//! controller of External Secrets, and Vault.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tempfile::TempDir;

use crate::{
    go::{self, Program},
    places::Places,
    progress::{Progress, Stage},
    store::{Recipe, made_once},
};

/// Another one whenever what is done here gives another result.
const RECIPE: &str = "1";

/// Files that say what is compiled in, and what the checkout has in their place.
const LISTS_OF_EXTERNAL_SECRETS: [(&str, &str); 2] = [
    ("pkg/provider/register/register.go", "providers.go"),
    ("pkg/generator/register/register.go", "generators.go"),
];
/// Where the definitions of its kinds are.
const DEFINITIONS: &str = "config/crds/bases";

const LISTS_OF_VAULT: [(&str, &str); 1] = [("helper/builtinplugins/registry_min.go", "plugins.go")];
/// Parts of Vault that are modules of their own; its sources expect them beside it.
const PARTS_OF_VAULT: [&str; 5] = [
    "api",
    "api/auth/approle",
    "api/auth/kubernetes",
    "api/auth/userpass",
    "sdk",
];

/// What is wanted of them, as the variables by which the live tests find it.
pub(crate) fn ensure(
    places: &Places,
    progress: &Progress,
    with_vault: bool,
) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut variables = vec![("CORDANETES_EXTERNAL_SECRETS", external_secrets(places, progress)?)];
    if with_vault {
        variables.push(("CORDANETES_VAULT", vault(places, progress)?));
    }
    Ok(variables)
}

/// A directory with the program `external-secrets` and the definitions as `definitions/*.yaml`.
fn external_secrets(places: &Places, progress: &Progress) -> Result<PathBuf> {
    made(
        places,
        progress,
        "external-secrets",
        |sources, directory, stage| {
            let work = unpacked(sources, stage)?;
            replace(work.path(), sources, &LISTS_OF_EXTERNAL_SECRETS)?;
            go::build(
                stage,
                &Program::of(work.path()),
                &directory.join("external-secrets"),
            )?;
            let definitions = directory.join("definitions");
            fs_err::create_dir(&definitions)?;
            for entry in fs_err::read_dir(work.path().join(DEFINITIONS))? {
                let entry = entry?;
                if entry.file_name() != "kustomization.yaml" {
                    fs_err::copy(entry.path(), definitions.join(entry.file_name()))?;
                }
            }
            Ok(())
        },
    )
}

/// A directory with the program `vault`: server, agent and command line.
fn vault(places: &Places, progress: &Progress) -> Result<PathBuf> {
    made(places, progress, "vault", |sources, directory, stage| {
        let work = unpacked(sources, stage)?;
        replace(work.path(), sources, &LISTS_OF_VAULT)?;
        for part in PARTS_OF_VAULT {
            let part = format!("-dropreplace=github.com/hashicorp/vault/{part}");
            stage.run(
                go::command()
                    .current_dir(work.path())
                    .args(["mod", "edit", &part]),
            )?;
        }
        let program = Program {
            tags: "minimal",
            // Its list of hashes lacks those of its own parts: they come from Go's checksum database.
            may_add_hashes: true,
            ..Program::of(work.path())
        };
        go::build(stage, &program, &directory.join("vault"))
    })
}

fn made(
    places: &Places,
    progress: &Progress,
    name: &str,
    make: impl FnOnce(&Path, &Path, &Stage<'_>) -> Result<()>,
) -> Result<PathBuf> {
    let sources = places.integration().join("secret-stores").join(name);
    let hash = Recipe::default().text(RECIPE).files(&sources)?.hash();
    made_once(&places.cache, name, &hash, |directory| {
        progress.stage(&format!("{name} from its modules"), |stage| {
            go::require()?;
            make(&sources, directory, stage)
        })
    })
}

/// `module.json`.
#[derive(Deserialize)]
struct Module {
    /// Path and version, as `go` takes them.
    module: String,
    /// Its hash in Go's checksum database.
    sum: String,
}

/// A copy of a module that can be written to: Go's own is read-only.
fn unpacked(sources: &Path, stage: &Stage<'_>) -> Result<TempDir> {
    let named = sources.join("module.json");
    let text = fs_err::read_to_string(&named)?;
    let Module { module, sum } = serde_json::from_str(&text).with_context(|| named.display().to_string())?;
    let fetched = go::fetch(&module)?;
    if fetched.sum != sum {
        bail!(
            "{module} has the hash {}, not the one of {}",
            fetched.sum,
            named.display()
        );
    }
    let work = tempfile::tempdir()?;
    stage.run(
        Command::new("cp")
            .args(["--recursive", "--no-preserve=mode", "--no-target-directory"])
            .arg(&fetched.directory)
            .arg(work.path()),
    )?;
    Ok(work)
}

fn replace(work: &Path, sources: &Path, lists: &[(&str, &str)]) -> Result<()> {
    for (file, ours) in lists {
        let file = work.join(file);
        if !file.exists() {
            bail!("the module has no {}: is it another version?", file.display());
        }
        fs_err::copy(sources.join(ours), file)?;
    }
    Ok(())
}
