//! Exposure: which keys each way in has, and who may have which.

use super::Scope;
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    language::Named,
    model::{Exposure, ExposureKind, GatewayReference, IssuerKind, TlsSource},
    node::Span,
};

/// What is exposed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    /// HTTP.
    Http,
    /// AMQP over mutual TLS.
    P2p,
}

/// The exposure of a component that may have one.
pub(super) fn exposure(
    declared: Option<&declared::Exposure>,
    speaks: Speaks,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Exposure> {
    let Some(declared) = declared else {
        return Some(default_of(speaks, scope));
    };
    let kind = declared.kind.as_ref()?;
    check_keys(declared, kind.value, speaks, diagnostics);
    if kind.value == ExposureKind::Ingress && speaks == Speaks::P2p {
        diagnostics.push(
            Diagnostic::new(
                "topology::ingress-not-http",
                kind.span,
                "P2P is AMQP over mutual TLS, which no Ingress carries",
            )
            .label("not HTTP")
            .help("use `loadBalancer`, `nodePort`, or `gateway` with a TLSRoute"),
        );
    }
    if let Some(tls) = (declared.gateway.as_ref())
        .filter(|_| speaks == Speaks::P2p)
        .and_then(|gateway| gateway.tls.as_ref())
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::not-for-this-kind",
                tls.span,
                "a listener passes the TLS of P2P through and serves no HTTPS",
            )
            .label("without effect")
            .help("remove `tls`"),
        );
    }
    let gateway = declared.gateway.as_ref().or(scope.file.gateway_api.as_ref());
    if kind.value == ExposureKind::Gateway && gateway.is_none() {
        diagnostics.push(
            Diagnostic::new("topology::no-gateway", kind.span, "no Gateway is named")
                .label("which Gateway?")
                .help("add `gateway:` here or `gatewayApi:` to the file"),
        );
        return None;
    }
    let common = scope.ingress;
    let is_ingress = kind.value == ExposureKind::Ingress;
    Some(Exposure {
        kind: kind.value,
        address: declared.address.as_ref().map(|address| address.value.0),
        node_port: declared
            .node_port
            .as_ref()
            .and_then(|port| u16::try_from(port.value.0).ok()),
        source_ranges: declared.source_ranges.iter().map(|range| range.value).collect(),
        port: declared
            .port
            .as_ref()
            .and_then(|port| u16::try_from(port.value.0).ok()),
        annotations: pairs(&declared.annotations),
        class_name: declared
            .class_name
            .as_ref()
            .map(|class| class.value.to_string())
            .or_else(|| common.filter(|_| is_ingress)?.class_name.clone()),
        gateway: gateway
            .filter(|_| kind.value == ExposureKind::Gateway)
            .and_then(gateway_reference),
        tls: match &declared.tls {
            Some(declared) => tls(declared, diagnostics),
            None => common
                .filter(|_| is_ingress)
                .and_then(|ingress| ingress.tls.clone()),
        },
    })
}

/// What holds when a component says nothing: HTTP follows the file, P2P stays inside.
fn default_of(speaks: Speaks, scope: Scope<'_>) -> Exposure {
    if speaks == Speaks::P2p {
        return Exposure::NONE;
    }
    if let Some(ingress) = scope.ingress {
        return Exposure {
            kind: ExposureKind::Ingress,
            class_name: ingress.class_name.clone(),
            tls: ingress.tls.clone(),
            ..Exposure::NONE
        };
    }
    match scope.file.gateway_api.as_ref().and_then(gateway_reference) {
        Some(gateway) => Exposure {
            kind: ExposureKind::Gateway,
            gateway: Some(gateway),
            ..Exposure::NONE
        },
        None => Exposure::NONE,
    }
}

/// Keys that the chosen way does not have.
fn check_keys(
    declared: &declared::Exposure,
    kind: ExposureKind,
    speaks: Speaks,
    diagnostics: &mut Diagnostics,
) {
    use ExposureKind::{Gateway, Ingress, LoadBalancer, NodePort};
    let outside: &[ExposureKind] = &[Gateway, Ingress, LoadBalancer, NodePort];
    let keys: [(Option<Span>, &str, &[ExposureKind]); 8] = [
        (
            declared.address.as_ref().map(|it| it.span),
            "address",
            &[LoadBalancer],
        ),
        (
            declared.node_port.as_ref().map(|it| it.span),
            "nodePort",
            &[NodePort],
        ),
        (
            declared.source_ranges.first().map(|it| it.span),
            "sourceRanges",
            &[LoadBalancer, NodePort],
        ),
        (
            declared.port.as_ref().map(|it| it.span),
            "port",
            if speaks == Speaks::P2p { outside } else { &[] },
        ),
        (
            declared.annotations.0.first().map(|(name, _)| name.span),
            "annotations",
            outside,
        ),
        (
            declared.class_name.as_ref().map(|it| it.span),
            "className",
            &[Ingress],
        ),
        (declared.gateway.as_ref().map(|it| it.span), "gateway", &[Gateway]),
        (declared.tls.as_ref().map(|it| it.span), "tls", &[Ingress]),
    ];
    for (span, key, kinds) in keys {
        if let Some(span) = span
            && !kinds.contains(&kind)
        {
            diagnostics.push(
                Diagnostic::new(
                    "topology::not-for-this-kind",
                    span,
                    format!("an exposure of type `{kind}` has no `{key}` here"),
                )
                .label("without effect")
                .help(format!("remove `{key}`, or choose another `type`")),
            );
        }
    }
}

/// Refuses an exposure, or a public host, of what is never public.
pub(super) fn never(
    exposure: Option<&declared::Exposure>,
    host: Option<Span>,
    name: &str,
    diagnostics: &mut Diagnostics,
) {
    let exposed = exposure
        .filter(|exposure| {
            exposure
                .kind
                .as_ref()
                .is_some_and(|kind| kind.value != ExposureKind::None)
        })
        .map(|exposure| exposure.span);
    for (span, what) in [(host, "have a public host"), (exposed, "be exposed")] {
        if let Some(span) = span {
            diagnostics.push(
                Diagnostic::new("topology::never-public", span, format!("`{name}` cannot {what}"))
                    .label("never exposed")
                    .help("only Identity Manager, Network Map and Gateway speak HTTP to the outside"),
            );
        }
    }
}

pub(super) fn tls(declared: &declared::Tls, diagnostics: &mut Diagnostics) -> Option<TlsSource> {
    if let Some(own) = &declared.own {
        if !own.value {
            diagnostics.push(
                Diagnostic::new("topology::one-of", own.span, "`own: false` names no source")
                    .label("no source")
                    .help("remove `tls`, or name another source"),
            );
            return None;
        }
        return Some(TlsSource::Own);
    }
    if let Some(manager) = &declared.cert_manager {
        return Some(TlsSource::CertManager {
            issuer: manager.issuer.as_ref()?.value.to_string(),
            kind: manager
                .kind
                .as_ref()
                .map_or(IssuerKind::ClusterIssuer, |kind| kind.value),
        });
    }
    declared
        .secret
        .as_ref()
        .map(|secret| TlsSource::Secret(secret.value.to_string()))
}

fn gateway_reference(declared: &declared::GatewayReference) -> Option<GatewayReference> {
    let namespace = declared.namespace.as_ref()?.value.to_string();
    Some(GatewayReference {
        name: declared.name.as_ref()?.value.to_string(),
        section: declared.section.as_ref().map(|section| section.value.to_string()),
        tls: declared.tls.as_ref().is_none_or(|tls| tls.value),
        proxy_namespace: declared
            .proxy_namespace
            .as_ref()
            .map_or_else(|| namespace.clone(), |proxies| proxies.value.to_string()),
        proxy_labels: pairs(&declared.proxy_labels),
        namespace,
    })
}

/// Nodes are told `http://` addresses, and so are the readers of revocation lists: a listener of HTTPS alone, which is
/// all that a route with a `section` belongs to, would answer none of them.
pub(super) fn check_plain_http(
    exposure: &Exposure,
    declared: Option<&declared::Exposure>,
    key: &str,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(section) = exposure
        .gateway
        .as_ref()
        .filter(|gateway| gateway.tls)
        .and_then(|gateway| gateway.section.as_deref())
    else {
        return;
    };
    let span = declared
        .and_then(|declared| declared.gateway.as_ref())
        .or(scope.file.gateway_api.as_ref())
        .map_or(Span::default(), |gateway| {
            gateway.section.as_ref().map_or(gateway.span, |it| it.span)
        });
    diagnostics.push(
        Diagnostic::new(
            "topology::https-only",
            span,
            format!("nodes call `{key}` by plain HTTP, and the listener `{section}` serves HTTPS only"),
        )
        .label("no node would be answered")
        .help(format!(
            "name a listener of plain HTTP with `tls: false` under `cenm.{key}.exposure.gateway`, or leave `section` out"
        )),
    );
}

fn pairs<T: ToString>(named: &Named<Located<T>>) -> Vec<(String, String)> {
    named
        .0
        .iter()
        .map(|(name, value)| (name.value.clone(), value.value.to_string()))
        .collect()
}
