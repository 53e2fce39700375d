//! Whether an object has arrived where it should: pure functions of the object, so that the engine only has to
//! watch and ask.

mod claim;
mod condition;
mod daemon_set;
mod deployment;
mod disruption_budget;
mod job;
mod namespace;
pub mod pod;
mod service;
mod stateful_set;

use kubernetes_objects::manifest::ObjectKey;

use crate::cause::{self, Blame, Cause};
use crate::object::Object;

/// How far an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// As it should be.
    Current,
    /// On its way; why it is not there yet.
    InProgress(String),
    /// It will not get there without help; why.
    Failed(String),
}

/// Judges an object by the rules of its kind; kinds without rules are current as soon as they exist.
pub fn of(object: &Object) -> Readiness {
    let kind = object.text("/kind").unwrap_or_default();
    if object.is_leaving() && kind != "Namespace" {
        return Readiness::InProgress(format!("{} is being deleted", object.key()));
    }
    let version = object.text("/apiVersion").unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let judged = match (group, kind) {
        ("apps", "Deployment") => object.typed().map(|live| deployment::readiness(&live)),
        ("apps", "StatefulSet") => object.typed().map(|live| stateful_set::readiness(&live)),
        ("apps", "DaemonSet") => object.typed().map(|live| daemon_set::readiness(&live)),
        ("batch", "Job") => object.typed().map(|live| job::readiness(&live)),
        ("", "Pod") => object.typed().map(|live| pod::readiness(&live)),
        ("", "PersistentVolumeClaim") => object.typed().map(|live| claim::readiness(&live)),
        ("", "Namespace") => object.typed().map(|live| namespace::readiness(&live)),
        ("", "Service") => object.typed().map(|live| service::readiness(&live)),
        ("", "Endpoints") => object.typed().map(|live| service::endpoints(&live)),
        ("discovery.k8s.io", "EndpointSlice") => object.typed().map(|live| service::slice(&live)),
        ("networking.k8s.io", "Ingress") => object.typed().map(|live| service::ingress(&live)),
        ("policy", "PodDisruptionBudget") => object.typed().map(|live| disruption_budget::readiness(&live)),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Some(condition::definition(object)),
        ("apiregistration.k8s.io", "APIService") => Some(condition::extension(object)),
        ("gateway.networking.k8s.io", "Gateway") => Some(condition::gateway(object)),
        ("gateway.networking.k8s.io", "HTTPRoute" | "TLSRoute" | "TCPRoute" | "GRPCRoute") => {
            Some(condition::route(object))
        }
        ("cert-manager.io", "Certificate") => Some(condition::certificate(object)),
        ("cert-manager.io", "Issuer" | "ClusterIssuer")
        | ("external-secrets.io", "SecretStore" | "ClusterSecretStore") => {
            Some(condition::said_ready(object))
        }
        ("external-secrets.io", "ExternalSecret") => Some(condition::external_secret(object)),
        ("autoscaling.k8s.io", "VerticalPodAutoscaler") => Some(condition::autoscaler(object)),
        _ => Some(condition::usual(object)),
    };
    judged.unwrap_or_else(|| Readiness::InProgress(format!("{} has an unreadable state", object.key())))
}

/// What is to blame for an object that has failed for this reason.
pub(crate) fn blame(object: &Object, reason: &str) -> Blame {
    let otherwise = match object.text("/kind").unwrap_or_default() {
        "PersistentVolumeClaim" => Cause::Volume,
        "Certificate" => Cause::Certificate,
        _ => Cause::Configuration,
    };
    cause::refused(reason).unwrap_or_else(|| Blame::new(otherwise, object.key().to_string()))
}

/// Whether Pods are made for objects of this kind, which then say what keeps them.
pub(crate) fn has_pods(key: &ObjectKey) -> bool {
    matches!(
        key.kind.as_str(),
        "Deployment" | "StatefulSet" | "DaemonSet" | "Job"
    )
}

/// Whether a controller has acted on the newest generation of its object.
fn is_seen(generation: Option<i64>, observed: Option<i64>) -> bool {
    observed.unwrap_or_default() >= generation.unwrap_or_default()
}

fn of_pods(count: i32, wanted: i32, what: &str) -> Readiness {
    Readiness::InProgress(format!("{count} of {wanted} Pods {what}"))
}

#[cfg(test)]
mod tests;
