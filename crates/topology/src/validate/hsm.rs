//! HSMs of the Signing Service.

use super::{exposure::address_of, secret};
use crate::{
    declared,
    diagnostic::Diagnostics,
    model::{Hsm, HsmKind},
};

pub(super) fn hsm(declared: &declared::Hsm, diagnostics: &mut Diagnostics) -> Option<Hsm> {
    if let Some(it) = &declared.azure_key_vault {
        let vault = &it.vault.as_ref()?.value;
        return Some(Hsm {
            address: address_of(vault),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::AzureKeyVault {
                vault: vault.as_str().to_owned(),
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
            address: it.address.as_ref()?.value.clone(),
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
            address: it.address.as_ref()?.value.clone(),
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
            address: it.address.as_ref()?.value.clone(),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::Gemalto {
                slot: it.slot.as_ref()?.value.clone(),
            },
        });
    }
    let it = declared.securosys.as_ref()?;
    Some(Hsm {
        address: it.address.as_ref()?.value.clone(),
        password: secret::reference(it.password.as_ref()?)?,
        library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
        kind: HsmKind::Securosys {
            user: it.user.as_ref()?.value.clone(),
        },
    })
}
