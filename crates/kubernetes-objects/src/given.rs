//! Secrets that are given and not made: a topology refers to them, and they never stand in it.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret as _, SecretString};
use topology::{
    Topology,
    model::{Approval, Component, Database, HsmKind, SecretReference, Service, SigningKeys},
};

use crate::{
    binding,
    context::{Context, RenderError},
    delivery::made::Source,
    manifest::Manifest,
    metadata::{Owner, checksum},
};

/// The key under which External Secrets puts a value.
const EXTERNAL_KEY: &str = "value";

/// What the operator's side was asked for: environment variables and files.
#[derive(Debug, Default)]
pub struct GivenSecrets(BTreeMap<SecretReference, SecretString>);

impl GivenSecrets {
    /// Takes one.
    pub fn insert(&mut self, reference: SecretReference, value: SecretString) {
        self.0.insert(reference, value);
    }

    /// The value of one, if it was read.
    pub fn get(&self, reference: &SecretReference) -> Option<&SecretString> {
        self.0.get(reference)
    }
}

impl Context<'_> {
    /// A secret that is given, for a quoted string in a config of a component: its value, or a binding that the engine
    /// fills in.
    pub fn given(
        &self,
        component: &Component,
        reference: &SecretReference,
    ) -> Result<SecretString, RenderError> {
        self.given_by(true, component, reference)
    }

    /// As above, for a place where nothing is quoted: an argument, which must be one line.
    pub fn given_unquoted(
        &self,
        component: &Component,
        reference: &SecretReference,
    ) -> Result<SecretString, RenderError> {
        self.given_by(false, component, reference)
    }

    /// Where a file of the cluster is that is given: a Secret of the component's namespace and its key.
    pub fn given_file(
        &self,
        component: &Component,
        reference: &SecretReference,
    ) -> Result<(String, String), RenderError> {
        match reference {
            SecretReference::Secret { name, key } => Ok((name.clone(), key.clone())),
            SecretReference::External { .. } => {
                Ok((external_name(component, reference), EXTERNAL_KEY.to_owned()))
            }
            SecretReference::Environment(_) | SecretReference::File(_) => {
                Err(RenderError::NotGiven(describe(reference)))
            }
        }
    }

    fn given_by(
        &self,
        is_quoted: bool,
        component: &Component,
        reference: &SecretReference,
    ) -> Result<SecretString, RenderError> {
        let namespace = self.namespace(component);
        let bind = if is_quoted {
            binding::quoted_secret
        } else {
            binding::secret
        };
        match reference {
            SecretReference::Secret { name, key } => Ok(bind(&namespace, name, key).into()),
            SecretReference::External { .. } => {
                let name = external_name(component, reference);
                Ok(bind(&namespace, &name, EXTERNAL_KEY).into())
            }
            SecretReference::Environment(_) | SecretReference::File(_) => {
                let value = self
                    .given
                    .get(reference)
                    .ok_or_else(|| RenderError::NotGiven(describe(reference)))?;
                if !is_quoted && value.expose_secret().contains(['\n', '\r']) {
                    return Err(RenderError::LineBreak(describe(reference)));
                }
                Ok(self.or_placeholder(&Source::Given(reference), value, is_quoted))
            }
        }
    }
}

/// Every reference of a topology, with the component whose config needs it.
pub fn references(topology: &Topology) -> Vec<(Component, &SecretReference)> {
    let of = |component: Component| {
        let references = references_of(topology, &component);
        references
            .into_iter()
            .map(move |reference| (component.clone(), reference))
    };
    topology.components().into_iter().flat_map(of).collect()
}

/// The references that one component's config needs.
fn references_of<'a>(topology: &'a Topology, component: &Component) -> Vec<&'a SecretReference> {
    let mut references = Vec::new();
    if let Some(service) = topology.cenm_service(component)
        && let Database::Server(server) = &service.database
    {
        references.push(&server.password);
    }
    if let Some(node) = topology.node(component) {
        if let Database::Server(server) = &node.database {
            references.push(&server.password);
        }
        references.extend(node.rpc_users.iter().map(|user| &user.password));
    }
    let cenm = &topology.cenm;
    match component {
        Component::NotaryWorker { notary, .. } => {
            let shared = topology
                .notary_service(notary)
                .and_then(|service| service.high_availability.as_ref()?.database.server());
            references.extend(shared.map(|server| &server.password));
        }
        Component::Cenm(Service::IdentityManager) => {
            if let Approval::Jira { password, .. } = &cenm.approval {
                references.push(password);
            }
        }
        Component::Cenm(Service::SigningService) => {
            if let SigningKeys::Hsm(hsm) = &cenm.signing_keys {
                references.push(&hsm.password);
                if let HsmKind::AzureKeyVault { key_store, .. } = &hsm.kind {
                    references.push(key_store);
                }
            }
        }
        _ => {}
    }
    references
}

/// What a person reads of a reference.
pub fn describe(reference: &SecretReference) -> String {
    match reference {
        SecretReference::Secret { name, key } => format!("key `{key}` of the Secret `{name}`"),
        SecretReference::External { store, key, .. } => format!("`{key}` of the store `{store}`"),
        SecretReference::Environment(variable) => format!("the environment variable {variable}"),
        SecretReference::File(path) => format!("the file {path}"),
    }
}

/// The name of what External Secrets makes for a component.
fn external_name(component: &Component, reference: &SecretReference) -> String {
    let text = format!("{reference:?}");
    let digest = checksum([text.as_bytes()]);
    format!(
        "{}-given-{}",
        component.name(),
        digest.get(..8).unwrap_or_default()
    )
}

/// The `ExternalSecret` of each external reference of a component (external-secrets.io/v1).
pub fn external_secrets(owner: Owner<'_>, component: &Component) -> Vec<Manifest> {
    let mut manifests: Vec<(String, Manifest)> = Vec::new();
    for reference in references_of(owner.topology, component) {
        let SecretReference::External {
            store,
            kind,
            key,
            property,
        } = reference
        else {
            continue;
        };
        let name = external_name(component, reference);
        if manifests.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let mut remote = serde_json::json!({ "key": key });
        if let (Some(property), Some(remote)) = (property, remote.as_object_mut()) {
            remote.insert("property".to_owned(), serde_json::json!(property));
        }
        let object = serde_json::json!({
            "apiVersion": "external-secrets.io/v1",
            "kind": "ExternalSecret",
            "metadata": owner.metadata(component, name.clone()),
            "spec": {
                "secretStoreRef": { "kind": kind.word(), "name": store },
                "target": { "name": name, "creationPolicy": "Owner" },
                "data": [{ "secretKey": EXTERNAL_KEY, "remoteRef": remote }],
            },
        });
        manifests.push((name, Manifest::from(object)));
    }
    manifests.into_iter().map(|(_, manifest)| manifest).collect()
}
