//! A Pod whose files the agent writes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use topology::{Topology, model::VaultAgent};

use super::super::{component_of, vault_role};
use super::{AUTHORITY, Replacements, agent_config};
use crate::{
    context::RenderError,
    manifest::Manifest,
    metadata::{NAME, Owner},
    step::Step,
};

const ANNOTATION: &str = "vault.hashicorp.com";
const POD: &str = "/spec/template/spec";
const TOKEN_VOLUME: &str = "vault-token";
/// Where the injector mounts a folder in memory in any case: for what is no file of a volume.
const SECRETS_FOLDER: &str = "/vault/secrets";

/// Rewrites the workloads of a step; beside each, the agent's configuration.
pub(super) fn inject(
    topology: &Topology,
    step: &mut Step,
    replacements: &Replacements,
) -> Result<(), RenderError> {
    let mut manifests = Vec::with_capacity(step.manifests.len());
    for manifest in step.manifests.drain(..) {
        let key = manifest.key();
        let namespace = key.namespace.unwrap_or_default();
        let mut value = manifest.value().clone();
        let Some(changes) = Changes::of(&mut value, &namespace, replacements)? else {
            manifests.push(manifest);
            continue;
        };
        let labelled = value["metadata"]["labels"][NAME].as_str().unwrap_or_default();
        let component = component_of(topology, &namespace, labelled)?;
        let vault = topology.vault_of(&component).ok_or_else(|| {
            RenderError::Delivery(format!("{component} has files of Vault and may not call it"))
        })?;
        let role = vault_role(&namespace, &component.name());
        let config_map = format!("{}-vault-agent", key.name);
        let given = changes.given()?;
        changes.annotate(&mut value, vault, &config_map, given);
        let owner = Owner {
            topology,
            step: &step.id,
        };
        manifests.push(Manifest::from(json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": owner.metadata(&component, config_map),
            "data": { "config-init.hcl": agent_config::config(vault, &role, &changes.files) },
        })));
        manifests.push(Manifest::from(value));
    }
    step.manifests = manifests;
    Ok(())
}

/// The members of a list, if there is one; asking by index would make it.
fn array_mut<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    let list = value.get_mut(name).and_then(Value::as_array_mut);
    list.into_iter().flatten()
}

/// What the agent writes in a Pod, and where.
#[derive(Default)]
struct Changes {
    files: Vec<(String, String)>,
    folders: BTreeSet<String>,
    given: BTreeSet<String>,
}

impl Changes {
    /// Takes volumes and variables of Secrets that are no more out of a workload; `None` if it has none.
    fn of(
        workload: &mut Value,
        namespace: &str,
        replacements: &Replacements,
    ) -> Result<Option<Self>, RenderError> {
        let Some(pod) = workload.pointer_mut(POD) else {
            return Ok(None);
        };
        let mut changes = Self::default();
        let volumes = pod["volumes"].as_array().cloned().unwrap_or_default();
        let (mut kept, mut gone) = (Vec::new(), BTreeMap::new());
        for volume in volumes {
            let secret = volume["secret"]["secretName"].as_str().unwrap_or_default();
            if replacements.contains_key(&(namespace.to_owned(), secret.to_owned())) {
                let name = volume["name"].as_str().unwrap_or_default().to_owned();
                gone.insert(name, volume);
            } else {
                kept.push(volume);
            }
        }
        for container in array_mut(pod, "initContainers") {
            changes.of_container(container, &gone, namespace, replacements);
            if !changes.files.is_empty() {
                let name = container["name"].as_str().unwrap_or_default();
                return Err(RenderError::Delivery(format!(
                    "`{name}` runs before the agent, and reads what that writes"
                )));
            }
        }
        for container in array_mut(pod, "containers") {
            changes.of_container(container, &gone, namespace, replacements);
        }
        if changes.files.is_empty() {
            return Ok(None);
        }
        pod["volumes"] = json!(kept);
        Ok(Some(changes))
    }

    fn of_container(
        &mut self,
        container: &mut Value,
        gone: &BTreeMap<String, Value>,
        namespace: &str,
        replacements: &Replacements,
    ) {
        if let Some(mounts) = container.get_mut("volumeMounts").and_then(Value::as_array_mut) {
            mounts.retain(|mount| {
                let volume = mount["name"].as_str().and_then(|name| gone.get(name));
                if let Some(volume) = volume {
                    let folder = mount["mountPath"].as_str().unwrap_or_default();
                    self.mount(volume, folder, namespace, replacements);
                }
                volume.is_none()
            });
        }
        let mut exported = Vec::new();
        if let Some(variables) = container.get_mut("env").and_then(Value::as_array_mut) {
            variables.retain(|variable| {
                let source = &variable["valueFrom"]["secretKeyRef"];
                let (Some(secret), Some(key)) = (source["name"].as_str(), source["key"].as_str()) else {
                    return true;
                };
                let Some(replaced) = replacements.get(&(namespace.to_owned(), secret.to_owned())) else {
                    return true;
                };
                let path = format!("{SECRETS_FOLDER}/{secret}.{key}");
                let file = replaced.files.iter().find(|file| file.name == key);
                self.files
                    .extend(file.map(|file| (path.clone(), file.contents.clone())));
                exported.push(format!(
                    "export {}=\"$(cat {path})\"; ",
                    variable["name"].as_str().unwrap_or_default()
                ));
                false
            });
        }
        if !exported.is_empty() {
            let script = format!("{}exec \"$0\" \"$@\"", exported.concat());
            let own = container["command"].as_array().cloned().unwrap_or_default();
            let command: Vec<Value> = [json!("sh"), json!("-euc"), json!(script)]
                .into_iter()
                .chain(own)
                .collect();
            container["command"] = json!(command);
        }
    }

    /// The files of a volume, in the folder where a container saw it.
    fn mount(&mut self, volume: &Value, folder: &str, namespace: &str, replacements: &Replacements) {
        let secret = volume["secret"]["secretName"].as_str().unwrap_or_default();
        let Some(replaced) = replacements.get(&(namespace.to_owned(), secret.to_owned())) else {
            return;
        };
        self.given.extend(replaced.given.clone());
        if !self.folders.insert(folder.to_owned()) {
            return;
        }
        let items = volume["secret"]["items"].as_array();
        let is_wanted = |file: &str| {
            items.is_none_or(|items| items.iter().any(|item| item["key"].as_str() == Some(file)))
        };
        self.files.extend(
            replaced
                .files
                .iter()
                .filter(|file| is_wanted(&file.name))
                .map(|file| (format!("{folder}/{}", file.name), file.contents.clone())),
        );
    }

    /// The one Secret that the agent sees beside Vault.
    fn given(&self) -> Result<Option<&str>, RenderError> {
        if self.given.len() > 1 {
            let names: Vec<_> = self.given.iter().map(String::as_str).collect();
            return Err(RenderError::Delivery(format!(
                "the agent's injector mounts one Secret, not {}",
                names.join(" and ")
            )));
        }
        Ok(self.given.first().map(String::as_str))
    }

    fn annotate(&self, workload: &mut Value, vault: &VaultAgent, config_map: &str, given: Option<&str>) {
        let Some(template) = workload.pointer_mut("/spec/template") else {
            return;
        };
        let user = |field: &str| {
            let id = template["spec"]["securityContext"][field].as_i64();
            id.map(|id| id.to_string())
        };
        let mut annotations: Vec<(String, Option<String>)> = vec![
            ("agent-inject".into(), Some("true".into())),
            ("agent-pre-populate-only".into(), Some("true".into())),
            ("agent-configmap".into(), Some(config_map.into())),
            (
                "agent-service-account-token-volume-name".into(),
                Some(TOKEN_VOLUME.into()),
            ),
            // Where the platform chooses the user, the injector must not.
            (
                "agent-set-security-context".into(),
                user("runAsUser").is_none().then(|| "false".into()),
            ),
            ("agent-run-as-user".into(), user("runAsUser")),
            ("agent-run-as-group".into(), user("runAsGroup")),
            ("agent-requests-cpu".into(), Some("50m".into())),
            ("agent-extra-secret".into(), given.map(str::to_owned)),
            ("namespace".into(), vault.namespace.clone()),
            (
                "tls-secret".into(),
                vault.certificate_authority.as_ref().map(|_| AUTHORITY.into()),
            ),
        ];
        // What the configuration writes to must be mounted, and only these two say so.
        for (position, folder) in self.folders.iter().enumerate() {
            annotations.push((
                format!("agent-inject-secret-folder-{position}"),
                Some("config-init.hcl".into()),
            ));
            annotations.push((
                format!("secret-volume-path-folder-{position}"),
                Some(folder.clone()),
            ));
        }
        for (name, value) in annotations {
            if let Some(value) = value {
                template["metadata"]["annotations"][format!("{ANNOTATION}/{name}")] = json!(value);
            }
        }
        let token = json!({
            "name": TOKEN_VOLUME,
            "projected": { "sources": [
                { "serviceAccountToken": { "path": "token", "audience": vault.audience, "expirationSeconds": 600 } },
            ] },
        });
        if let Some(volumes) = template
            .pointer_mut("/spec/volumes")
            .and_then(Value::as_array_mut)
        {
            volumes.push(token);
        }
    }
}
