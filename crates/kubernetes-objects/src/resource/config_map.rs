//! Files without secrets.

use k8s_openapi::api::core::v1::ConfigMap;
use topology::model::Component;

use crate::{manifest::Manifest, metadata::Owner};

/// Text files of a component.
pub fn config_map<'a>(
    owner: Owner<'_>,
    component: &Component,
    name: &str,
    files: impl IntoIterator<Item = (&'a str, String)>,
) -> Manifest {
    Manifest::of(&ConfigMap {
        metadata: owner.metadata(component, name),
        data: Some(
            files
                .into_iter()
                .map(|(file, text)| (file.to_owned(), text))
                .collect(),
        ),
        ..ConfigMap::default()
    })
}
