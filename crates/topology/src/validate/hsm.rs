//! HSMs of the Signing Service.

use super::{
    endpoint::{Addresses, Caller, endpoint},
    secret,
};
use crate::{
    declared,
    decode::Located,
    diagnostic::Diagnostics,
    model::{Endpoint, Hsm, HsmKind},
    node::Span,
    scalar::HostPort,
};

pub(super) fn hsm(declared: &declared::Hsm, diagnostics: &mut Diagnostics) -> Option<Hsm> {
    if let Some(it) = &declared.azure_key_vault {
        let vault = it.vault.as_ref()?;
        return Some(Hsm {
            endpoint: signers(
                vault.value.host_port(),
                vault.span,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::AzureKeyVault {
                vault: vault.value.as_str().to_owned(),
                client_id: it.client_id.as_ref()?.value.clone(),
                tenant_id: it.tenant_id.as_ref()?.value.clone(),
                alias: it.alias.as_ref()?.value.clone(),
                key_store: secret::reference(it.key_store.as_ref()?)?,
                hardware: it.hardware.as_ref().is_none_or(|hardware| hardware.value),
            },
        });
    }
    if let Some(it) = &declared.aws_cloud_hsm {
        return Some(Hsm {
            endpoint: at(
                it.address.as_ref()?,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::AwsCloudHsm {
                user: it.user.as_ref()?.value.clone(),
                partition: it
                    .partition
                    .as_ref()
                    .map_or_else(|| "PARTITION_1".to_owned(), |partition| partition.value.clone()),
            },
        });
    }
    if let Some(it) = &declared.utimaco {
        return Some(Hsm {
            endpoint: at(
                it.address.as_ref()?,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::Utimaco {
                user: it.user.as_ref()?.value.clone(),
                key_group: it
                    .key_group
                    .as_ref()
                    .map_or_else(|| "*".to_owned(), |group| group.value.clone()),
                key_specifier: it
                    .key_specifier
                    .as_ref()
                    .and_then(|specifier| u32::try_from(specifier.value.0).ok())
                    .unwrap_or(1),
            },
        });
    }
    if let Some(it) = &declared.gemalto {
        return Some(Hsm {
            endpoint: at(
                it.address.as_ref()?,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::Gemalto {
                slot: it.slot.as_ref()?.value.clone(),
            },
        });
    }
    let it = declared.securosys.as_ref()?;
    Some(Hsm {
        endpoint: at(
            it.address.as_ref()?,
            Addresses::of(&it.addresses, &it.written),
            diagnostics,
        ),
        password: secret::reference(it.password.as_ref()?)?,
        library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
        kind: HsmKind::Securosys {
            user: it.user.as_ref()?.value.clone(),
        },
    })
}

fn at(address: &Located<HostPort>, declared: Addresses<'_>, diagnostics: &mut Diagnostics) -> Endpoint {
    signers(address.value.clone(), address.span, declared, diagnostics)
}

fn signers(
    address: HostPort,
    span: Span,
    declared: Addresses<'_>,
    diagnostics: &mut Diagnostics,
) -> Endpoint {
    endpoint(address, span, declared, Caller::SigningService, diagnostics)
}
