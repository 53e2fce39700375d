//! Volumes that outlive Pods.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements},
    apimachinery::pkg::api::resource::Quantity,
};
use topology::model::{Component, Volume};

use crate::{manifest::Manifest, metadata::Owner};

/// A claim of a component that one Pod writes to.
pub fn claim(owner: Owner<'_>, component: &Component, name: &str, volume: &Volume) -> Manifest {
    Manifest::of(&PersistentVolumeClaim {
        metadata: owner.metadata(component, name),
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".into()]),
            storage_class_name: volume.class_name.clone(),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([(
                    "storage".to_owned(),
                    Quantity(volume.size.quantity()),
                )])),
                limits: None,
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        status: None,
    })
}
