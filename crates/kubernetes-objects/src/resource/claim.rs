//! Volumes that outlive Pods.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements},
    apimachinery::pkg::api::resource::Quantity,
};
use topology::model::Component;

use crate::{manifest::Manifest, metadata::Owner};

/// A claim of a component for `gibibytes` that one node writes to.
pub fn claim(owner: Owner<'_>, component: &Component, name: &str, gibibytes: u32) -> Manifest {
    Manifest::of(&PersistentVolumeClaim {
        metadata: owner.metadata(component, name),
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".into()]),
            storage_class_name: owner.topology.storage_class.clone(),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([(
                    "storage".to_owned(),
                    Quantity(format!("{gibibytes}Gi")),
                )])),
                limits: None,
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        status: None,
    })
}
