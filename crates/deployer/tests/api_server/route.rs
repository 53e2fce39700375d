//! What a request is about, by its address.

use hyper::Uri;
use kubernetes_objects::manifest::ObjectKey;
use rollout::cluster::{ClusterError, PodRef};
use rollout::kinds::{KINDS, Kind};

/// The parts of an address such as `/apis/apps/v1/namespaces/bank/deployments/auth?force=true`.
pub(super) struct Route {
    api_version: String,
    namespace: Option<String>,
    pub(super) plural: String,
    pub(super) name: String,
    pub(super) subresource: String,
    query: Vec<(String, String)>,
}

impl Route {
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        let parts: Vec<&str> = uri.path().trim_start_matches('/').split('/').collect();
        let (api_version, rest) = match parts.as_slice() {
            ["api", version, rest @ ..] => ((*version).to_owned(), rest),
            ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
            _ => return None,
        };
        let (namespace, rest) = match rest {
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (Some((*namespace).to_owned()), rest),
            rest => (None, rest),
        };
        let part = |at: usize| rest.get(at).copied().unwrap_or_default().to_owned();
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Some(Self {
            api_version,
            namespace,
            plural: part(0),
            name: part(1),
            subresource: part(2),
            query: query.into_owned().collect(),
        })
    }

    pub(super) fn kind(&self) -> Result<&'static Kind, ClusterError> {
        let found = KINDS
            .iter()
            .find(|kind| kind.api_version == self.api_version && kind.plural == self.plural);
        found.copied().ok_or_else(|| ClusterError::NotFound {
            cause: "the server could not find the requested resource".to_owned(),
        })
    }

    pub(super) fn key(&self, kind: &Kind) -> ObjectKey {
        kind.key(self.namespace.as_deref(), &self.name)
    }

    pub(super) fn pod(&self) -> PodRef {
        PodRef {
            namespace: self.namespace.clone().unwrap_or_default(),
            name: self.name.clone(),
        }
    }

    /// The first value of a parameter.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        self.all(name).next().map(str::to_owned)
    }

    /// Every value of a parameter.
    pub(super) fn all<'route>(&'route self, name: &'route str) -> impl Iterator<Item = &'route str> {
        self.query
            .iter()
            .filter(move |(of, _)| of == name)
            .map(|(_, value)| value.as_str())
    }
}
