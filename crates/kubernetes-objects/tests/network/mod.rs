//! A small network for tests: read, with keys, rendered.

use std::fmt::Write as _;

use certificates::{CertificatePlan, KeyRing, RequestedKey};
use kubernetes_objects::{RenderError, Rendered, given::GivenSecrets, key_request::key_request, render};
use serde_json::Value;
use topology::{Topology, source::Source};

/// Requests of keys that nobody has any more.
const REQUESTS: [&str; 2] = [
    include_str!("requests/request-1.pem"),
    include_str!("requests/request-2.pem"),
];

/// A network, rendered.
pub(crate) struct Network {
    pub(crate) topology: Topology,
    keys: KeyRing,
    provided: GivenSecrets,
    rendered: Option<Rendered>,
}

const HEAD: &str = "name: trade
domain: trade.example
operator: O=Trade Consortium, L=London, C=GB
profile: trial
";

const NOTARIES: &str = "notaries:
  - { name: notary, legalName: 'O=Notary, L=London, C=GB', serviceLegalName: 'O=Notary Service, L=London, C=GB' }
";

impl Network {
    /// A trial with one notary, unless the text has its own.
    pub(crate) fn trial(text: &str) -> Self {
        Self::trial_with_cenm(text, "")
    }

    /// As above, with keys of `cenm`.
    pub(crate) fn trial_with_cenm(text: &str, cenm: &str) -> Self {
        Self::example("trade.yaml", &trial_text(text, cenm))
    }

    /// The text of a trial whose participant says more.
    pub(crate) fn text(corda: &str, keys: &str) -> String {
        format!(
            "{HEAD}cenm:\n  version: '1.7'\n  image: registry.example/cenm:1.7.2\n  identityManager: {{ approval: automatic }}\ncorda: {corda}\n{NOTARIES}participants:\n  \
             - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n{keys}"
        )
    }

    /// A whole file.
    pub(crate) fn example(name: &str, text: &str) -> Self {
        let topology = topology::read(&Source::new(name, text)).unwrap_or_else(|diagnostics| {
            let told: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
            panic!("{name} is not valid: {told:?}")
        });
        let mut keys = KeyRing::new(topology.name.as_str());
        let plan = CertificatePlan::new(&key_request(&topology)).unwrap();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        keys.make_missing(&plan, now).unwrap();
        // Where keys are in an HSM, its tools have written a request of each.
        for (alias, request) in keys.awaited(&plan).into_iter().zip(REQUESTS) {
            let key = RequestedKey::read(request.as_bytes()).unwrap();
            keys.issue(&alias, &key, &plan, now).unwrap();
        }
        let provided = GivenSecrets::default();
        let rendered = render(&topology, &keys, &provided).ok();
        Self {
            topology,
            keys,
            provided,
            rendered,
        }
    }

    /// The same with secrets of the operator's side.
    pub(crate) fn with(mut self, provided: GivenSecrets) -> Self {
        self.rendered = Some(render(&self.topology, &self.keys, &provided).unwrap());
        self.provided = provided;
        self
    }

    /// Renders it again.
    pub(crate) fn try_render(&self, provided: &GivenSecrets) -> Result<Rendered, RenderError> {
        render(&self.topology, &self.keys, provided)
    }

    pub(crate) fn rendered(&self) -> &Rendered {
        self.rendered.as_ref().expect("it was rendered")
    }

    /// Every object with the step that applies it.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.rendered().steps.iter().flat_map(|step| {
            step.manifests
                .iter()
                .map(|manifest| (step.id.as_str(), manifest.value()))
        })
    }

    /// The one object of a kind that a step applies.
    pub(crate) fn object(&self, step: &str, kind: &str) -> Value {
        self.objects()
            .find(|(id, object)| *id == step && object["kind"] == kind)
            .map_or_else(
                || panic!("{step} applies no {kind}"),
                |(_, object)| object.clone(),
            )
    }

    /// The steps of nodes in the order of the rollout: what each waits for, applies and hands over.
    pub(crate) fn steps(&self) -> String {
        let rendered = self.rendered();
        let mut list = String::new();
        for node in rendered.graph.order() {
            let step = rendered.steps.iter().find(|step| step.id == node.id).unwrap();
            let is_ours = step.id.contains('.') || step.id == "initial-parameters";
            if !is_ours {
                continue;
            }
            writeln!(list, "{} {}", step.stage, step.id).unwrap();
            for edge in rendered.graph.prerequisites(&node.id) {
                writeln!(list, "    after {}: {}", edge.prerequisite.id, edge.reason).unwrap();
            }
            for manifest in &step.manifests {
                writeln!(list, "    {}", manifest.key()).unwrap();
            }
            for gate in &step.gates {
                writeln!(list, "    → {gate:?}").unwrap();
            }
            for file in step.outputs.iter().flat_map(|outputs| &outputs.files) {
                writeln!(list, "    ← {} {}", file.target, file.key).unwrap();
            }
        }
        list
    }

    /// What the containers of steps run.
    pub(crate) fn scripts(&self, steps: &[&str]) -> String {
        let mut list = String::new();
        for (step, object) in self.objects().filter(|(step, _)| steps.contains(step)) {
            let pod = &object["spec"]["template"]["spec"];
            for container in ["initContainers", "containers"]
                .iter()
                .filter_map(|key| pod[key].as_array())
                .flatten()
            {
                writeln!(list, "── {step} {} ({})", container["name"], container["image"]).unwrap();
                let words = container["command"].as_array().unwrap();
                writeln!(list, "{}", words.last().unwrap().as_str().unwrap()).unwrap();
            }
        }
        list
    }

    /// The policies of namespaces: who may call whom.
    pub(crate) fn policies(&self, namespaces: &[&str]) -> String {
        let mut list = String::new();
        for (_, object) in self
            .objects()
            .filter(|(_, object)| object["kind"] == "NetworkPolicy")
        {
            if namespaces.contains(&object["metadata"]["namespace"].as_str().unwrap_or_default()) {
                writeln!(list, "{} {}", object["metadata"]["name"], object["spec"]).unwrap();
            }
        }
        list
    }
}

/// The text of a trial with keys of its own and of `cenm`; with one notary, unless it has its own.
pub(crate) fn trial_text(text: &str, cenm: &str) -> String {
    let notaries = if text.contains("notaries:") { "" } else { NOTARIES };
    format!(
        "{HEAD}cenm:\n  version: '1.7'\n  image: registry.example/cenm:1.7.2\n  identityManager: {{ approval: automatic }}\n  {cenm}\n{text}{notaries}"
    )
}

/// The texts of a Secret, without what is generated.
pub(crate) fn config(secret: &Value) -> String {
    let mut text = String::new();
    for (file, content) in secret["stringData"].as_object().into_iter().flatten() {
        writeln!(text, "── {file}\n{}", content.as_str().unwrap()).unwrap();
    }
    text.lines()
        .fold(String::new(), |text, line| text + &hidden(line) + "\n")
}

/// A line without what differs from key ring to key ring: a password, which is 32 letters and digits in quotation marks or
/// as an argument, and the version of what holds one, which is a SHA-256.
fn hidden(line: &str) -> String {
    let is_generated =
        |word: &str| matches!(word.len(), 32 | 64) && word.chars().all(|it| it.is_ascii_alphanumeric());
    line.split_inclusive(['"', '='])
        .map(|part| {
            let word = part.trim_end_matches(['"', '=']);
            if is_generated(word) {
                part.replace(word, "[generated]")
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// The lines of a block or list of HOCON that begins at the left.
pub(crate) fn block(conf: &str, name: &str) -> String {
    let mut lines = conf.lines().skip_while(|line| !line.starts_with(name));
    let mut text = String::new();
    for line in lines.by_ref() {
        writeln!(text, "  {line}").unwrap();
        let opens = line.ends_with(['{', '[']);
        if matches!(line, "}" | "]") || !opens && text.lines().count() == 1 {
            break;
        }
    }
    text
}

/// What is wrong with a text, as `line:column code message`.
pub(crate) fn problems(text: &str, rules: &topology::Rules) -> Vec<String> {
    let folder = std::env::temp_dir().join(format!("cordanetes-nodes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("trade.yaml");
    std::fs::write(&path, text).unwrap();
    let read = topology::read_file_with(&path, rules);
    std::fs::remove_dir_all(&folder).unwrap();
    match read {
        Err(topology::ReadError::Invalid(diagnostics)) => diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.place().unwrap();
                format!("{}:{} {} {diagnostic}", place.line, place.column, diagnostic.code)
            })
            .collect(),
        Ok(_) => Vec::new(),
        Err(error) => panic!("{error}"),
    }
}
