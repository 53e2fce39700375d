//! `cordanetes render`: one file a step, in the order of the rollout.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use dependency_graph::DependencyGraph;
use kubernetes_objects::step::Step;

use crate::arguments::RenderArguments;
use crate::failure::Failure;
use crate::figures;
use crate::keys::Keys;
use crate::printer::Printer;
use crate::{plan, topology_file};

/// First line of every file, by which files of an earlier rendering are known.
const MARK: &str = "# Rendered by cordanetes.";

/// Writes the objects.
pub(crate) fn run(arguments: &RenderArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let prepared = plan::prepare(&topology, &arguments.topology, &mut keys)?;
    keys.save()?;
    let files = files(&prepared.graph, &prepared.steps)?;
    let directory = &arguments.output;
    write(directory, &files).map_err(|error| {
        Failure::failed(
            "the objects cannot be written",
            error,
            "give another folder with `--output`",
        )
    })?;
    let count = figures::count(files.len(), "file");
    printer.message(&format!(
        "wrote {count} to `{}`; they hold secrets",
        directory.display()
    ));
    Ok(())
}

struct File {
    name: String,
    content: String,
}

fn files(graph: &DependencyGraph, steps: &[Step]) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    let by_id: HashMap<&str, &Step> = steps.iter().map(|step| (step.id.as_str(), step)).collect();
    for (position, node) in graph.order().into_iter().enumerate() {
        let Some(step) = by_id
            .get(node.id.as_str())
            .filter(|step| !step.manifests.is_empty())
        else {
            continue;
        };
        let mut content = format!("{MARK} {}: {}\n", step.id, step.title);
        for edge in graph.prerequisites(&step.id) {
            let _infallible = writeln!(content, "# After {}: {}", edge.prerequisite.id, edge.reason);
        }
        for manifest in &step.manifests {
            let yaml = serde_saphyr::to_string(manifest.value()).map_err(|error| {
                Failure::internal(format!("{} cannot be written as YAML", manifest.key()), error)
            })?;
            content.push_str("---\n");
            content.push_str(&yaml);
        }
        if content.contains("@{") {
            content.insert_str(
                content.find('\n').map_or(0, |end| end + 1),
                "# `@{…}` stands for a value that exists only in the cluster; `cordanetes deploy` fills it in.\n",
            );
        }
        files.push(File {
            name: format!("{:03}-{}.yaml", position + 1, step.id),
            content,
        });
    }
    Ok(files)
}

/// Writes the files, for their owner only, and takes away those of an earlier rendering that are gone now.
fn write(directory: &Path, files: &[File]) -> io::Result<()> {
    // As `mkdir -p`, and closed to others when it is new.
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    fs_err::create_dir_all(directory.parent().unwrap_or(directory))?;
    builder.create(directory)?;
    let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        let current = entry
            .file_name()
            .to_str()
            .is_some_and(|name| names.contains(name));
        if !current && path.extension().is_some_and(|extension| extension == "yaml") && is_ours(&path)? {
            fs_err::remove_file(path)?;
        }
    }
    for file in files {
        let mut options = fs_err::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        options.options_mut().mode(0o600);
        let mut output = options.open(directory.join(&file.name))?;
        io::Write::write_all(&mut output, file.content.as_bytes())?;
    }
    Ok(())
}

fn is_ours(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    fs_err::File::open(path)?
        .take(MARK.len() as u64)
        .read_to_end(&mut start)?;
    Ok(start == MARK.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Duration;

    use dependency_graph::Node;
    use kubernetes_objects::manifest::Manifest;
    use serde_json::json;

    use super::*;

    fn step(id: &str, manifests: Vec<Manifest>) -> Step {
        Step {
            id: id.into(),
            stage: "",
            title: format!("{id} runs"),
            manifests,
            gates: Vec::new(),
            outputs: None,
            deadline: Duration::from_secs(1),
        }
    }

    fn rendered() -> Vec<File> {
        let node = |id: &str| Node {
            id: id.into(),
            stage: String::new(),
            title: format!("{id} runs"),
            group: "network".into(),
        };
        let graph = DependencyGraph::builder()
            .step(node("zone"))
            .step(node("wait"))
            .step(node("auth"))
            .edge("auth", "zone", "it checks tokens")
            .build()
            .expect("there is no ring");
        let object = |name: &str, host: &str| {
            Manifest::from(json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": { "name": name, "namespace": "bank" }, "spec": { "host": host },
            }))
        };
        let zone = vec![object("zone", "@{service-ip:bank/auth}"), object("admin", "no")];
        let steps = [
            step("zone", zone),
            step("wait", Vec::new()),
            step("auth", vec![object("auth", "a")]),
        ];
        files(&graph, &steps).expect("they serialise")
    }

    #[test]
    fn a_file_for_each_step_that_has_objects() {
        let files = rendered();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let zone = files
            .iter()
            .find(|file| file.name.ends_with("zone.yaml"))
            .expect("it is there");
        assert_eq!(names.len(), 2, "{names:?}");
        insta::assert_snapshot!(zone.content);
    }

    #[test]
    fn what_an_earlier_rendering_left_is_taken_away_and_nothing_else() {
        let directory = tempfile::tempdir().expect("a temporary folder");
        let target = directory.path().join("a/b");
        let (old, foreign) = (target.join("001-gone.yaml"), target.join("mine.yaml"));
        fs_err::create_dir_all(&target).expect("it can be made");
        fs_err::write(&old, format!("{MARK} gone\n")).expect("it can be written");
        fs_err::write(&foreign, "mine: true\n").expect("it can be written");
        write(&target, &rendered()).expect("it can be written");
        write(&target, &rendered()).expect("twice, too");
        assert!(!old.exists() && foreign.exists());
        for file in rendered() {
            let mode = fs_err::metadata(target.join(&file.name))
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
