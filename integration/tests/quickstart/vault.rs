//! What Vault's agent writes for each Pod, from a real Vault that has loaded what `certificates deliver` wrote. The agent's
//! injector cannot be had here: its part, to put the agent into Pods, is not in this test.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use integration::variation::Variation;
use integration::vault::Vault;
use serde_json::Value;

use crate::World;
use crate::rollout::succeeded;

/// Where files lie that the agent writes for variables.
const FOR_VARIABLES: &str = "/vault/secrets";

/// With the keys of the network on the cluster: each Pod's files are the ones that its Secrets hold, and its account reads
/// no other Pod's.
pub(crate) async fn agent_writes_what_secrets_hold(world: Arc<World>) -> Result<()> {
    let vault = Vault::start(&world.cluster).await?;
    let topology = Variation::of(
        &world.deployer.topology("quickstart.yaml"),
        &[("name: quickstart\n", &delivery(&vault)?)],
    )?;
    let folder = topology.beside("delivered")?;
    let arguments = ["certificates", "deliver", &topology.path()?, "--output", &folder];
    succeeded(&world.deployer.run_without_cluster(&arguments).await?)?;
    let folder = Path::new(&folder);
    vault.run_as_administrator(&folder.join("load.sh"), &[]).await?;

    let plain = rendered(&world, &world.deployer.topology("quickstart.yaml")).await?;
    let by_vault = rendered(&world, Path::new(&topology.path()?)).await?;
    let mut pods = Vec::new();
    for (place, workload) in &by_vault {
        if workload["spec"]["template"]["metadata"]["annotations"]["vault.hashicorp.com/agent-configmap"]
            .is_string()
        {
            let mut expected = files_of(&plain, &plain[place]);
            expected.extend(version_of_upload(workload));
            written(&vault, &by_vault, workload, &expected)
                .await
                .with_context(|| format!("{place:?}"))?;
            pods.push(format!("{} {}", place.0, place.2));
        }
    }
    eprintln!("the agent wrote the files of {pods:?}");
    ensure!(pods.len() > 10, "only {pods:?} have files of Vault");
    kept_apart(&vault, folder).await?;
    vault.stop().await
}

/// The topology's lines for a Vault in the cluster that shows this one's certificate.
fn delivery(vault: &Vault) -> Result<String> {
    let authority = serde_json::to_string(&vault.authority()?)?;
    Ok(format!(
        "name: quickstart\ndelivery:\n  vaultAgent:\n    address: https://vault.vault.svc:8200\n    signingService: true\n    \
         certificateAuthority: {authority}\n"
    ))
}

/// Objects by kind, namespace and name.
type Objects = BTreeMap<(String, String, String), Value>;

async fn rendered(world: &World, topology: &Path) -> Result<Objects> {
    let folder = tempfile::tempdir()?;
    let output = folder.path().join("objects");
    let path = |path: &Path| path.to_str().map(ToOwned::to_owned).context("the path is UTF-8");
    let arguments = ["render", &path(topology)?, "--output", &path(&output)?];
    succeeded(&world.deployer.run_without_cluster(&arguments).await?)?;
    let mut objects = Objects::new();
    for entry in fs::read_dir(output)? {
        let text = fs::read_to_string(entry?.path())?;
        for object in serde_saphyr::from_multiple::<Value>(&text)? {
            let text_at = |pointer: &str| {
                object
                    .pointer(pointer)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            let place = (
                text_at("/kind"),
                text_at("/metadata/namespace"),
                text_at("/metadata/name"),
            );
            objects.insert(place, object);
        }
    }
    Ok(objects)
}

fn secret<'a>(objects: &'a Objects, namespace: &str, name: &str) -> Option<&'a Value> {
    objects.get(&("Secret".to_owned(), namespace.to_owned(), name.to_owned()))
}

/// The values of a Secret.
fn values(secret: &Value) -> BTreeMap<String, Vec<u8>> {
    let map = |name: &str| secret[name].as_object().into_iter().flatten();
    let texts = map("stringData").map(|(key, text)| (key.clone(), text.as_str().unwrap_or_default().into()));
    let files = map("data").map(|(key, value)| {
        let bytes = STANDARD.decode(value.as_str().unwrap_or_default());
        (key.clone(), bytes.unwrap_or_default())
    });
    texts.chain(files).collect()
}

/// The files that a workload's Pod has of Secrets, by path; those that variables are of as the agent writes them.
fn files_of(objects: &Objects, workload: &Value) -> BTreeMap<String, Vec<u8>> {
    let namespace = workload["metadata"]["namespace"].as_str().unwrap_or_default();
    let pod = &workload["spec"]["template"]["spec"];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let volumes = list(&pod["volumes"]);
    let mut files = BTreeMap::new();
    for container in [&pod["initContainers"], &pod["containers"]]
        .into_iter()
        .flat_map(list)
    {
        for mount in list(&container["volumeMounts"]) {
            let volume = volumes.iter().find(|volume| volume["name"] == mount["name"]);
            let Some(source) = volume.map(|volume| &volume["secret"]) else {
                continue;
            };
            let found = source["secretName"]
                .as_str()
                .and_then(|name| secret(objects, namespace, name));
            for (key, content) in found.map(values).into_iter().flatten() {
                let items = source["items"].as_array();
                if items.is_some_and(|items| !items.iter().any(|item| item["key"] == key)) {
                    continue;
                }
                let folder = mount["mountPath"].as_str().unwrap_or_default();
                match mount["subPath"].as_str() {
                    None => files.insert(format!("{folder}/{key}"), content),
                    Some(part) if part == key => files.insert(folder.to_owned(), content),
                    Some(_) => None,
                };
            }
        }
        for variable in list(&container["env"]) {
            let reference = &variable["valueFrom"]["secretKeyRef"];
            let (Some(name), Some(key)) = (reference["name"].as_str(), reference["key"].as_str()) else {
                continue;
            };
            let content = secret(objects, namespace, name).and_then(|secret| values(secret).remove(key));
            files.extend(content.map(|content| (format!("{FOR_VARIABLES}/{name}.{key}"), content)));
        }
    }
    files
}

/// The version that a Job waits for before it uploads: of what is rendered, which by Vault has no passwords in it.
fn version_of_upload(workload: &Value) -> Option<(String, Vec<u8>)> {
    let containers = workload["spec"]["template"]["spec"]["containers"].as_array()?;
    let variables = containers
        .iter()
        .filter_map(|container| container["env"].as_array());
    let version = variables
        .flatten()
        .find(|variable| variable["name"] == "UPLOAD_VERSION")?;
    Some(("/upload/version".to_owned(), version["value"].as_str()?.into()))
}

/// The agent writes the expected files and no others, for nobody else to read.
async fn written(
    vault: &Vault,
    objects: &Objects,
    workload: &Value,
    expected: &BTreeMap<String, Vec<u8>>,
) -> Result<()> {
    let namespace = workload["metadata"]["namespace"].as_str().unwrap_or_default();
    let template = &workload["spec"]["template"];
    let annotation =
        |name: &str| template["metadata"]["annotations"][format!("vault.hashicorp.com/{name}")].as_str();
    let config_map = annotation("agent-configmap").context("it names its configuration")?;
    let place = (
        "ConfigMap".to_owned(),
        namespace.to_owned(),
        config_map.to_owned(),
    );
    let config = objects[&place]["data"]["config-init.hcl"]
        .as_str()
        .context("it has one")?;
    let config: Value = serde_json::from_str(config)?;
    let root = tempfile::tempdir()?;
    if let Some(given) = annotation("agent-extra-secret") {
        let folder = root.path().join("vault/custom");
        fs::create_dir_all(&folder)?;
        let given = secret(objects, namespace, given).context("what the agent alone sees is rendered")?;
        for (key, value) in values(given) {
            fs::write(folder.join(key), value)?;
        }
    }
    let account = template["spec"]["serviceAccountName"]
        .as_str()
        .context("it has an account")?;
    let token = vault
        .token(namespace, account, Some(&audience(template)?))
        .await?;
    vault.run_agent(&config, &token, root.path()).await?;

    let destinations: Vec<&str> = config["template"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|template| template["destination"].as_str())
        .collect();
    let mut missing: Vec<&String> = expected.keys().collect();
    missing.retain(|path| !destinations.contains(&path.as_str()));
    ensure!(missing.is_empty(), "the agent does not write {missing:?}");
    for path in destinations {
        let file = root.path().join(path.trim_start_matches('/'));
        let content = fs::read(&file).with_context(|| format!("{path} is not written"))?;
        let wanted = expected
            .get(path)
            .with_context(|| format!("no Secret has {path}"))?;
        ensure!(content == *wanted, "{path} is not what the Secret holds");
        let mode = fs::metadata(&file)?.permissions().mode() & 0o777;
        ensure!(mode == 0o440, "{path} has mode {mode:o}");
    }
    Ok(())
}

/// For whom the Pod's token is, of which the agent logs in.
fn audience(template: &Value) -> Result<String> {
    let volumes = template["spec"]["volumes"].as_array().context("it has volumes")?;
    volumes
        .iter()
        .filter_map(|volume| volume["projected"]["sources"].as_array())
        .flatten()
        .find_map(|source| source["serviceAccountToken"]["audience"].as_str())
        .map(ToOwned::to_owned)
        .context("it has a token for Vault")
}

/// An account logs in as its own role only, which reads its own objects only; Vault's own word for it.
async fn kept_apart(vault: &Vault, folder: &Path) -> Result<()> {
    const NAMESPACE: &str = "quickstart-network";
    let index = fs::read_to_string(folder.join("index.csv"))?;
    let object = |secret: &str| {
        let named = index
            .lines()
            .find(|line| line.contains(&format!("/{NAMESPACE}/{secret}/")));
        let name = named.and_then(|line| line.split(',').next());
        name.with_context(|| format!("nothing is delivered for {secret}"))
    };
    let account = vault.token(NAMESPACE, "auth", Some("vault")).await?;
    let own = vault.log_in(&format!("{NAMESPACE}-auth"), &account).await?;
    vault.read(own.trim(), object("auth-keys")?).await?;
    for (what, refused) in [
        (
            "another's object",
            vault.read(own.trim(), object("zone-keys")?).await,
        ),
        (
            "another's role",
            vault.log_in(&format!("{NAMESPACE}-zone"), &account).await,
        ),
        (
            "a token for somebody else",
            vault
                .log_in(
                    &format!("{NAMESPACE}-auth"),
                    &vault.token(NAMESPACE, "auth", None).await?,
                )
                .await,
        ),
    ] {
        let error = refused
            .err()
            .with_context(|| format!("{what} is given to the Auth Service"))?;
        let told = format!("{error:#}");
        ensure!(
            told.contains("403") || told.contains("not authorized") || told.contains("audience"),
            "{what}: {told}"
        );
    }
    Ok(())
}
