//! Ingress objects for the components that speak HTTP. They never redirect: a node takes a 301 for a failure
//! (reference §8.3, 2).

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
    IngressSpec, IngressTLS, ServiceBackendPort,
};
use topology::{
    connection::Port,
    model::{Component, Exposure, IssuerKind, TlsSource},
    names::DnsName,
};

use crate::{manifest::Manifest, metadata::Owner, names::public_certificate};

/// Annotations that switch redirects to HTTPS off in the controllers that do them by default.
const NO_REDIRECT: [(&str, &str); 3] = [
    ("nginx.ingress.kubernetes.io/ssl-redirect", "false"),
    ("nginx.ingress.kubernetes.io/force-ssl-redirect", "false"),
    ("haproxy.org/ssl-redirect", "false"),
];

/// The ingress of a component under its public host.
pub(super) fn ingress(
    owner: Owner<'_>,
    component: &Component,
    exposure: &Exposure,
    host: &DnsName,
    port: Port,
) -> Manifest {
    let mut metadata = owner.metadata(component, component.name().as_ref());
    let own = NO_REDIRECT
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let issuer = match &exposure.tls {
        Some(TlsSource::CertManager { issuer, kind }) => {
            let annotation = match kind {
                IssuerKind::ClusterIssuer => "cert-manager.io/cluster-issuer",
                IssuerKind::Issuer => "cert-manager.io/issuer",
            };
            Some((annotation.to_owned(), issuer.clone()))
        }
        _ => None,
    };
    metadata.annotations = Some(
        own.chain(issuer)
            .chain(exposure.annotations.iter().cloned())
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
            ingress_class_name: exposure.class_name.clone(),
            tls: tls(exposure, component, host),
            rules: Some(vec![IngressRule {
                host: Some(host.to_string()),
                http: Some(HTTPIngressRuleValue { paths: vec![path] }),
            }]),
            ..IngressSpec::default()
        }),
        status: None,
    })
}

/// The Secret with the public host's certificate: a given one, or the one that cert-manager or we put there.
fn tls(exposure: &Exposure, component: &Component, host: &DnsName) -> Option<Vec<IngressTLS>> {
    let secret = match exposure.tls.as_ref()? {
        TlsSource::Secret(name) => name.clone(),
        TlsSource::CertManager { .. } | TlsSource::Own => public_certificate(component),
    };
    Some(vec![IngressTLS {
        hosts: Some(vec![host.to_string()]),
        secret_name: Some(secret),
    }])
}
