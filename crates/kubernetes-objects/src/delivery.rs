//! How what is made comes to the Pods: as Secrets, or by the operator's own store of secrets.
//!
//! Components render Secrets and know no other way. Where a topology wants another, passwords stand in their files as
//! placeholders ([`made`]), and what they rendered is turned over here, as a whole, once everything is there:
//!
//! - with External Secrets each Secret becomes an `ExternalSecret` of the same name; a configuration file stays a Secret
//!   whose passwords the engine reads from such a one right before it applies it;
//! - with Vault's agent no Secret is left: volumes of Secrets become folders in memory that the agent fills.
//!
//! The store holds one object for each of those Secrets ([`DeliveredSecret`]). Its name ends with a digest of its
//! content: what a running Pod was given stays where it is until somebody deletes it, new content never comes to a Pod
//! before the rollout that brings it, and what was not loaded is missed by name.

mod external_secrets;
pub(crate) mod made;
mod secret_object;
mod vault_agent;

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use topology::{
    Topology,
    model::{Component, Delivery, StoreLayout},
};

use self::made::MadeValues;
use crate::{bootstrap::StepKind, context::RenderError, metadata::checksum, step::Step};

/// On Secrets that others make of what the operator's store holds: the network whose keys they are.
pub const DELIVERED: &str = "cordanetes.dev/delivered";

/// What the operator's store must hold for one Secret.
#[derive(Debug)]
pub struct DeliveredSecret {
    /// Its name in the store; in Vault below the mount of the engine.
    pub path: String,
    /// The beginning of that name that does not change with the content.
    pub stable_path: String,
    /// Whose Pods it is for.
    pub component: Component,
    /// The Secret's namespace.
    pub namespace: String,
    /// The Secret that it stands for.
    pub secret: String,
    /// Values by name: text, or stores in Base64.
    pub properties: BTreeMap<String, SecretString>,
}

/// The role of Vault that a component's Pods log in with, and the name of its policy.
pub fn vault_role(namespace: &str, component: &str) -> String {
    format!("{namespace}-{component}")
}

/// Turns rendered steps over to the delivery that the topology wants.
pub(crate) fn deliver(
    topology: &Topology,
    made: Option<&MadeValues>,
    kinds: &[StepKind],
    steps: &mut [Step],
) -> Result<Vec<DeliveredSecret>, RenderError> {
    let Some(made) = made else {
        return Ok(Vec::new());
    };
    match &topology.delivery {
        Delivery::Secrets => Ok(Vec::new()),
        Delivery::ExternalSecrets(store) => external_secrets::deliver(topology, store, made, kinds, steps),
        Delivery::VaultAgent(vault) => vault_agent::deliver(topology, vault, made, kinds, steps),
    }
}

/// Whether the Secrets of a step are for the store as they are. Elsewhere they are configuration files, in which values
/// are put that exist only then.
const fn holds_whole_secrets(kind: &StepKind) -> bool {
    matches!(kind, StepKind::ComponentKeys(_) | StepKind::RpcClient { .. })
}

/// The component that an object belongs to.
fn component_of(topology: &Topology, namespace: &str, name: &str) -> Result<Component, RenderError> {
    topology
        .components()
        .into_iter()
        .find(|component| component.name() == name && component.namespace().name(&topology.name) == namespace)
        .ok_or_else(|| RenderError::Delivery(format!("no component `{name}` is in `{namespace}`")))
}

/// Names in a store.
struct Names<'a> {
    prefix: &'a str,
    layout: StoreLayout,
}

impl Names<'_> {
    /// The object of a Secret with this content.
    fn object(
        &self,
        made: &MadeValues,
        component: Component,
        [namespace, secret]: [&str; 2],
        properties: BTreeMap<String, SecretString>,
    ) -> DeliveredSecret {
        let separator = match self.layout {
            StoreLayout::Paths => "/",
            StoreLayout::Names => "-",
        };
        let stable_path = [self.prefix, namespace, secret].join(separator);
        let content = properties
            .iter()
            .flat_map(|(name, value)| [name.as_bytes(), value.expose_secret().as_bytes()]);
        let digest = checksum(std::iter::once(made.mark()).chain(content));
        DeliveredSecret {
            path: format!("{stable_path}{separator}{}", &digest[..16]),
            stable_path,
            component,
            namespace: namespace.to_owned(),
            secret: secret.to_owned(),
            properties,
        }
    }
}
