//! The `ExternalSecret` objects of the quick start against External Secrets' own definition of the kind, from its Go
//! module. The API server prunes what a schema does not have without a word: here every unknown field is an error.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use certificates::{CertificatePlan, KeyRing};
use kubernetes_objects::given::GivenSecrets;
use kubernetes_objects::key_request::key_request;
use serde_json::{Value, json};
use topology::source::Source;

/// The module and its hash in Go's checksum database.
const MODULE: &str = include_str!("../secret-stores/external-secrets/module.json");
const DEFINITION: &str = "config/crds/bases/external-secrets.io_externalsecrets.yaml";

/// Fetches the module by the ordinary client; where it lies.
fn module() -> Result<PathBuf> {
    let expected: Value = serde_json::from_str(MODULE)?;
    let module = expected["module"].as_str().context("no module is named")?;
    let folder = tempfile::tempdir()?;
    let output = Command::new("go")
        .args(["mod", "download", "-json", module])
        .current_dir(&folder)
        .output()
        .context("`go` cannot be started; it fetches the definition")?;
    ensure!(
        output.status.success(),
        "`go mod download {module}`: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let found: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(
        found["Sum"] == expected["sum"],
        "the module is not the one that is expected: {found}"
    );
    Ok(Path::new(found["Dir"].as_str().context("go tells no folder")?).to_owned())
}

/// The schema of version `v1`, closed.
fn schema() -> Result<Value> {
    let text = std::fs::read_to_string(module()?.join(DEFINITION))?;
    let definition: Value = serde_saphyr::from_str(&text)?;
    let versions = definition["spec"]["versions"]
        .as_array()
        .context("it has no versions")?;
    let version = versions
        .iter()
        .find(|version| version["name"] == "v1")
        .context("it has no v1")?;
    let mut schema = version["schema"]["openAPIV3Schema"].clone();
    close(&mut schema);
    // The API server checks metadata itself.
    schema["properties"]["metadata"] = json!({});
    Ok(schema)
}

/// Forbids what a structural schema would prune.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            let is_open = map.contains_key("additionalProperties")
                || map.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true));
            if map.get("type") == Some(&json!("object")) && map.contains_key("properties") && !is_open {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// What is rendered: what is made, and a password of a store that the topology names.
fn rendered() -> Result<Vec<Value>> {
    let text = include_str!("../../topologies/quickstart.yaml");
    let text = text.replace(
        "    legalName: O=PartyB, L=New York, C=US\n",
        "    legalName: O=PartyB, L=New York, C=US\n    rpcUsers:\n      - name: reader\n        password: { external: \
         { store: bank, key: readers, property: password } }\n",
    );
    let mut objects = Vec::new();
    for layout in ["paths", "names"] {
        let text = format!("{text}\ndelivery: {{ externalSecrets: {{ store: bank, layout: {layout} }} }}\n");
        let topology = topology::read(&Source::new("quickstart.yaml", text))
            .map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
        let plan = CertificatePlan::new(&key_request(&topology))?;
        let mut ring = KeyRing::new("quickstart");
        ring.make_missing(&plan, jiff::Timestamp::now())?;
        let network = kubernetes_objects::render(&topology, &ring, &GivenSecrets::default())?;
        let manifests = network.steps.iter().flat_map(|step| &step.manifests);
        objects.extend(
            manifests
                .filter(|manifest| manifest.key().kind == "ExternalSecret")
                .map(|manifest| manifest.value().clone()),
        );
    }
    Ok(objects)
}

#[test]
fn every_object_is_one_of_the_kind() -> Result<()> {
    let validator = jsonschema::validator_for(&schema()?)?;
    let objects = rendered()?;
    assert_eq!(objects.len(), 2 * 24);
    for object in &objects {
        let problems: Vec<String> = validator
            .iter_errors(object)
            .map(|error| error.to_string())
            .collect();
        ensure!(
            problems.is_empty(),
            "{}: {problems:?}",
            object["metadata"]["name"]
        );
    }
    // The schema would find a slip of the pen.
    let broken = |pointer: &str, value: Value| {
        let mut object = objects[0].clone();
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(place) = object.pointer_mut(parent)
        {
            place[name] = value;
        }
        validator.is_valid(&object)
    };
    assert!(!broken("/spec/refreshPolicy", json!("Never")));
    assert!(!broken("/spec/target/creationPolice", json!("Owner")));
    assert!(!broken("/spec/data/0/remoteRef/propery", json!("password")));
    assert!(!broken(
        "/spec/data/0/remoteRef/decodingStrategy",
        json!("base64")
    ));
    Ok(())
}
