//! References to secrets and to files in images.

use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{ExternalStoreKind, ImageVolume, SecretReference},
};

/// The reference, if it is whole; a missing part was told when it was decoded.
pub(super) fn reference(declared: &declared::SecretReference) -> Option<SecretReference> {
    if let Some(secret) = &declared.secret {
        return Some(SecretReference::Secret {
            name: secret.name.as_ref()?.value.to_string(),
            key: secret.key.as_ref()?.value.to_string(),
        });
    }
    if let Some(external) = &declared.external {
        return Some(SecretReference::External {
            store: external.store.as_ref()?.value.to_string(),
            kind: external
                .kind
                .as_ref()
                .map_or(ExternalStoreKind::ClusterSecretStore, |kind| kind.value),
            key: external.key.as_ref()?.value.clone(),
            property: external.property.as_ref().map(|property| property.value.clone()),
        });
    }
    if let Some(variable) = &declared.environment {
        return Some(SecretReference::Environment(variable.value.to_string()));
    }
    declared
        .file
        .as_ref()
        .map(|file| SecretReference::File(file.value.clone()))
}

/// A reference that only the deployer's own side can follow.
pub(super) fn operator_side(
    declared: &declared::SecretReference,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<SecretReference> {
    let reference = reference(declared)?;
    match reference {
        SecretReference::Environment(_) | SecretReference::File(_) => Some(reference),
        SecretReference::Secret { .. } | SecretReference::External { .. } => {
            diagnostics.push(
                Diagnostic::new(
                    "topology::operator-side-secret",
                    declared.span,
                    format!("{what} is needed on the operator's side, where no cluster is asked"),
                )
                .label("in the cluster")
                .help("use `environment` or `file`"),
            );
            None
        }
    }
}

/// Files in an image.
pub(super) fn image_volume(
    declared: &declared::ImageVolume,
    diagnostics: &mut Diagnostics,
) -> Option<ImageVolume> {
    if let Some(path) = &declared.path
        && (path.value.starts_with('/') || path.value.split('/').any(|part| part == ".." || part.is_empty()))
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::image-path",
                path.span,
                format!("`{}` is not a path below the image's root", path.value),
            )
            .label("not a relative path")
            .help("write it without a leading `/` and without `..`, e.g. `opt/drivers`"),
        );
        return None;
    }
    Some(ImageVolume {
        image: declared.image.as_ref()?.value.clone(),
        path: declared.path.as_ref().map(|path| path.value.clone()),
    })
}
