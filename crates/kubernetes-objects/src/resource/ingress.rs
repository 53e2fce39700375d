//! Ingress objects for the components that speak HTTP. They never redirect: a node takes a 301 for a failure
//! (reference §8.3, 2).

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
    IngressSpec, ServiceBackendPort,
};
use topology::{connection::Port, model::Component, names::DnsName};

use crate::{manifest::Manifest, metadata::Owner};

/// Annotations that switch redirects to HTTPS off in the controllers that do them by default.
const NO_REDIRECT: [(&str, &str); 3] = [
    ("nginx.ingress.kubernetes.io/ssl-redirect", "false"),
    ("nginx.ingress.kubernetes.io/force-ssl-redirect", "false"),
    ("haproxy.org/ssl-redirect", "false"),
];

/// The ingress of a component under its public host.
pub fn ingress(owner: Owner<'_>, component: &Component, host: &DnsName, port: Port) -> Manifest {
    let mut metadata = owner.metadata(component, component.name().as_ref());
    metadata.annotations = Some(
        NO_REDIRECT
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect::<BTreeMap<_, _>>(),
    );
    let backend = IngressBackend {
        service: Some(IngressServiceBackend {
            name: component.name().into_owned(),
            port: Some(ServiceBackendPort {
                name: Some(port.name().to_owned()),
                number: None,
            }),
        }),
        resource: None,
    };
    let path = HTTPIngressPath {
        path: Some("/".into()),
        path_type: "Prefix".into(),
        backend,
    };
    Manifest::of(&Ingress {
        metadata,
        spec: Some(IngressSpec {
            ingress_class_name: owner
                .topology
                .ingress
                .as_ref()
                .and_then(|ingress| ingress.class_name.clone()),
            rules: Some(vec![IngressRule {
                host: Some(host.to_string()),
                http: Some(HTTPIngressRuleValue { paths: vec![path] }),
            }]),
            ..IngressSpec::default()
        }),
        status: None,
    })
}
