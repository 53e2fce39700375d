//! The certificate of a public host, where it is issued here.

use certificates::aliases;
use k8s_openapi::{ByteString, api::core::v1::Secret};
use secrecy::ExposeSecret;
use topology::model::Component;

use crate::{
    context::{Context, RenderError},
    key_request::public_host,
    manifest::Manifest,
    names,
};

/// A Secret of type `kubernetes.io/tls` where the component's Ingress looks for it; `ca.crt` is what callers trust. Nothing
/// where the certificate comes from elsewhere.
pub fn public_certificate(
    context: &Context<'_>,
    step: &str,
    component: &Component,
) -> Result<Option<Manifest>, RenderError> {
    let Some(host) = public_host(context.topology, component) else {
        return Ok(None);
    };
    let alias = host.alias();
    let private_key = context.keys.private_key_pem(&alias)?;
    let files = [
        ("tls.crt", context.keys.chain_pem(&alias)?.into_bytes()),
        ("tls.key", private_key.expose_secret().as_bytes().to_vec()),
        (
            "ca.crt",
            context.keys.certificate_pem(aliases::PUBLIC_ROOT)?.into_bytes(),
        ),
    ];
    Ok(Some(Manifest::of(&Secret {
        metadata: context
            .owner(step)
            .metadata(component, names::public_certificate(component)),
        type_: Some("kubernetes.io/tls".into()),
        data: Some(
            files
                .into_iter()
                .map(|(file, bytes)| (file.to_owned(), ByteString(bytes)))
                .collect(),
        ),
        ..Secret::default()
    })))
}
