//! How what is made comes to the Pods.

use super::endpoint::{Addresses, Caller, endpoint};
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Delivery, DeliveryStore, ExternalStoreKind, StoreLayout, VaultAgent},
    scalar::StorePath,
};

const PREFIX: &str = "cordanetes";

pub(super) fn delivery(
    declared: Option<&declared::Delivery>,
    diagnostics: &mut Diagnostics,
) -> Option<Delivery> {
    let Some(declared) = declared else {
        return Some(Delivery::Secrets);
    };
    if let Some(external) = &declared.external_secrets {
        return external_secrets(external, diagnostics).map(Delivery::ExternalSecrets);
    }
    vault_agent(declared.vault_agent.as_ref()?, diagnostics).map(Delivery::VaultAgent)
}

fn external_secrets(
    declared: &declared::DeliveryStore,
    diagnostics: &mut Diagnostics,
) -> Option<DeliveryStore> {
    let layout = declared
        .layout
        .as_ref()
        .map_or(StoreLayout::Paths, |layout| layout.value);
    if let Some(prefix) = &declared.prefix
        && layout == StoreLayout::Names
        && prefix.value.as_str().contains(['/', '.', '_'])
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::store-path",
                prefix.span,
                format!(
                    "`{}` is a path, and names have letters, digits and `-`",
                    prefix.value
                ),
            )
            .label("not with `layout: names`")
            .help("write a word, e.g. `corda`"),
        );
        return None;
    }
    Some(DeliveryStore {
        store: declared.store.as_ref()?.value.to_string(),
        kind: declared
            .kind
            .as_ref()
            .map_or(ExternalStoreKind::ClusterSecretStore, |kind| kind.value),
        prefix: path(declared.prefix.as_ref(), PREFIX),
        layout,
    })
}

fn vault_agent(declared: &declared::VaultAgent, diagnostics: &mut Diagnostics) -> Option<VaultAgent> {
    let address = declared.address.as_ref()?;
    let signing_service = declared.signing_service.as_ref().is_some_and(|it| it.value);
    let endpoint = endpoint(
        address.value.host_port(),
        address.span,
        Addresses::of(&declared.addresses, &declared.written),
        if signing_service {
            Caller::SigningService
        } else {
            Caller::Other
        },
        diagnostics,
    );
    let authority = declared.certificate_authority.as_ref();
    if let Some(authority) = authority.filter(|it| !is_certificate(&it.value)) {
        diagnostics.push(
            Diagnostic::new(
                "topology::certificate-authority",
                authority.span,
                "this is not a certificate in PEM form",
            )
            .label("not a certificate")
            .help("write the text from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`"),
        );
        return None;
    }
    Some(VaultAgent {
        address: address.value.clone(),
        endpoint,
        mount: path(declared.mount.as_ref(), "secret"),
        prefix: path(declared.prefix.as_ref(), PREFIX),
        auth_path: path(declared.auth_path.as_ref(), "auth/kubernetes"),
        audience: declared
            .audience
            .as_ref()
            .map_or_else(|| "vault".to_owned(), |audience| audience.value.to_string()),
        namespace: declared
            .namespace
            .as_ref()
            .map(|namespace| namespace.value.to_string()),
        certificate_authority: authority.map(|authority| authority.value.clone()),
        signing_service,
    })
}

fn path(declared: Option<&Located<StorePath>>, default: &str) -> String {
    declared.map_or_else(|| default.to_owned(), |path| path.value.to_string())
}

fn is_certificate(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("-----BEGIN CERTIFICATE-----") && text.ends_with("-----END CERTIFICATE-----")
}
