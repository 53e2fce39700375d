//! Each private key is in the Pods that the plan names, and nowhere else in the cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use certificates::{KeyRing, ReadContent, read_store};
use k8s_openapi::api::core::v1::{ConfigMap, Pod, Secret};
use kube::ResourceExt;
use secrecy::{ExposeSecret as _, SecretString};

use crate::World;

const NAME: &str = "app.kubernetes.io/name";

fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set"))
}

/// The file with the keys of the network on the cluster.
pub(crate) fn key_file() -> Result<PathBuf> {
    Ok(PathBuf::from(variable("CORDANETES_CUSTODY_DIRECTORY")?).join("quickstart.age"))
}

/// The keys that belong to the network on the cluster.
pub(crate) fn ring() -> Result<KeyRing> {
    let passphrase = std::fs::read_to_string(variable("CORDANETES_PASSPHRASE_FILE")?)?;
    Ok(certificates::custody::read(
        &key_file()?,
        &SecretString::from(passphrase.trim_end()),
    )?)
}

/// `NAMESPACE/SECRET` and file for each private key that a store in the cluster holds, by alias; whatever the
/// Secret, its labels, or the name of the file.
fn held(ring: &KeyRing, secrets: &[Secret]) -> BTreeMap<String, BTreeSet<(String, String, String)>> {
    let by_key: BTreeMap<&[u8], &str> = ring
        .aliases()
        .filter_map(|alias| Some((ring.private_key(alias).ok()?.expose_pkcs8(), alias)))
        .collect();
    let passwords: Vec<&SecretString> = ring
        .store_files()
        .filter_map(|file| ring.store(file).ok())
        .map(|store| store.password)
        .collect();
    let mut held: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
    for secret in secrets {
        for (file, content) in secret.data.iter().flatten() {
            let opened = passwords
                .iter()
                .find_map(|password| read_store(file, &content.0, password, password).ok());
            for entry in opened.into_iter().flat_map(|store| store.entries) {
                if let ReadContent::PrivateKey { key: Some(key), .. } = entry.content {
                    let alias = by_key
                        .get(key.expose_pkcs8())
                        .map_or_else(|| format!("unknown {}", entry.alias), ToString::to_string);
                    let place = (
                        secret.namespace().unwrap_or_default(),
                        secret.name_any(),
                        file.clone(),
                    );
                    held.entry(alias).or_default().insert(place);
                }
            }
        }
    }
    held
}

/// Names of the components whose Pods mount a file of a Secret.
fn mounted_by(pods: &[Pod], (namespace, secret, file): &(String, String, String)) -> BTreeSet<String> {
    pods.iter()
        .filter(|pod| pod.namespace().as_ref() == Some(namespace))
        .filter(|pod| {
            let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
            volumes.filter_map(|volume| volume.secret.as_ref()).any(|source| {
                let named = source.secret_name.as_ref() == Some(secret);
                // Without a list of items every file is mounted.
                named
                    && source
                        .items
                        .as_ref()
                        .is_none_or(|items| items.iter().any(|item| item.key == *file))
            })
        })
        .map(|pod| pod.labels().get(NAME).cloned().unwrap_or_else(|| pod.name_any()))
        .collect()
}

pub(crate) async fn every_key_is_where_the_plan_says(world: Arc<World>) -> Result<()> {
    let topology = world.deployer.topology("quickstart.yaml");
    let topology = topology.to_str().context("the path is UTF-8")?;
    let plan = world
        .deployer
        .run_without_cluster(&["certificates", "plan", topology, "-o", "json"])
        .await?;
    let plan = plan.events.first().context("the plan is printed")?;
    let ring = ring()?;
    let secrets: Vec<Secret> = world.cluster.everywhere().await?;
    let pods: Vec<Pod> = world.cluster.everywhere().await?;
    let held = held(&ring, &secrets);

    let mut told = BTreeMap::new();
    for entity in plan["entities"].as_array().context("it has entities")? {
        let alias = entity["alias"].as_str().context("it has an alias")?;
        let planned = match entity["holder"]["component"].as_str() {
            Some(component) => BTreeSet::from([component.to_owned()]),
            None => BTreeSet::new(),
        };
        let places = held.get(alias).cloned().unwrap_or_default();
        let found: BTreeSet<String> = places.iter().flat_map(|place| mounted_by(&pods, place)).collect();
        ensure!(
            found == planned,
            "the key of {alias} belongs to {planned:?} and is mounted by {found:?} from {places:?}"
        );
        ensure!(
            planned.is_empty() == places.is_empty(),
            "the key of {alias} lies in {places:?}"
        );
        let namespaces: BTreeSet<&String> = places.iter().map(|(namespace, _, _)| namespace).collect();
        ensure!(namespaces.len() <= 1, "the key of {alias} is in {namespaces:?}");
        told.insert(alias.to_owned(), found);
    }
    ensure!(
        held.keys().all(|alias| told.contains_key(alias)),
        "keys of nobody: {held:?}"
    );
    eprintln!("{} Secrets, {} Pods: {told:?}", secrets.len(), pods.len());
    no_key_lies_open(&ring, &secrets, &world.cluster.everywhere().await?)
}

/// Bytes of a PKCS#8 that only the private key has: a P-256 key lies behind a header of 36 bytes, before the public
/// half; an RSA key ends with numbers that are secret, and begins with its public half.
fn secret_part(pkcs8: &[u8]) -> &[u8] {
    let begin = if pkcs8.len() < 200 { 36 } else { pkcs8.len() - 100 };
    &pkcs8[begin..begin + 30]
}

/// No Secret and no ConfigMap holds a private key outside of a locked store.
fn no_key_lies_open(ring: &KeyRing, secrets: &[Secret], config_maps: &[ConfigMap]) -> Result<()> {
    let mut values: Vec<(String, Vec<u8>)> = Vec::new();
    for secret in secrets {
        for (file, content) in secret.data.iter().flatten() {
            values.push((format!("Secret {}/{file}", secret.name_any()), content.0.clone()));
        }
    }
    for map in config_maps {
        for (file, text) in map.data.iter().flatten() {
            values.push((
                format!("ConfigMap {}/{file}", map.name_any()),
                text.clone().into_bytes(),
            ));
        }
        for (file, content) in map.binary_data.iter().flatten() {
            values.push((format!("ConfigMap {}/{file}", map.name_any()), content.0.clone()));
        }
    }
    for alias in ring.aliases() {
        let secret = secret_part(ring.private_key(alias)?.expose_pkcs8());
        for (place, content) in &values {
            let open = content.windows(secret.len()).any(|part| part == secret);
            ensure!(!open, "the key of {alias} lies open in {place}");
        }
    }
    // Passwords are in Secrets only.
    for file in ring.store_files() {
        let password = ring.store(file)?.password.expose_secret().as_bytes();
        let open = values.iter().find(|(place, content)| {
            place.starts_with("ConfigMap") && content.windows(password.len()).any(|part| part == password)
        });
        ensure!(
            open.is_none(),
            "the password of {file} is in {:?}",
            open.map(|(place, _)| place)
        );
    }
    Ok(())
}
