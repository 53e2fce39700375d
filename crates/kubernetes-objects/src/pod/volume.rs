//! Volumes with their mounts: one value makes both, so that neither is forgotten.

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EmptyDirVolumeSource, ImageVolumeSource, KeyToPath,
    PersistentVolumeClaimVolumeSource, SecretVolumeSource, Volume as PodVolume, VolumeMount,
};
use topology::model::Image;

/// A volume and where it is seen.
#[derive(Clone, Debug)]
pub struct Volume {
    name: String,
    path: String,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Secret {
        name: String,
        keys: Vec<String>,
    },
    ConfigMap {
        name: String,
    },
    Claim {
        name: String,
        read_only: bool,
    },
    Image {
        reference: String,
        folder: Option<String>,
    },
    Scratch,
    Memory,
}

/// Readable by the Pod's group only.
const SECRET_MODE: i32 = 0o440;

impl Volume {
    /// All keys of a Secret as files.
    pub fn secret(name: &str, secret: &str, path: &str) -> Self {
        Self::secret_keys(name, secret, &[], path)
    }

    /// Some keys of a Secret as files.
    pub fn secret_keys(name: &str, secret: &str, keys: &[&str], path: &str) -> Self {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Self::of(
            name,
            path,
            Source::Secret {
                name: secret.into(),
                keys,
            },
        )
    }

    /// All keys of a `ConfigMap` as files.
    pub fn config_map(name: &str, config_map: &str, path: &str) -> Self {
        Self::of(
            name,
            path,
            Source::ConfigMap {
                name: config_map.into(),
            },
        )
    }

    /// A `PersistentVolumeClaim`.
    pub fn claim(name: &str, claim: &str, path: &str) -> Self {
        Self::of(
            name,
            path,
            Source::Claim {
                name: claim.into(),
                read_only: false,
            },
        )
    }

    /// A `PersistentVolumeClaim` of another Pod, to read only.
    pub fn claim_to_read(name: &str, claim: &str, path: &str) -> Self {
        Self::of(
            name,
            path,
            Source::Claim {
                name: claim.into(),
                read_only: true,
            },
        )
    }

    /// An image, or a folder of it, to read only.
    pub fn image(name: &str, image: &Image, folder: Option<&str>, path: &str) -> Self {
        Self::of(
            name,
            path,
            Source::Image {
                reference: image.as_str().to_owned(),
                folder: folder.map(str::to_owned),
            },
        )
    }

    /// An empty folder on disk.
    pub fn scratch(name: &str, path: &str) -> Self {
        Self::of(name, path, Source::Scratch)
    }

    /// An empty folder in memory, for what must not touch a disk.
    pub fn memory(name: &str, path: &str) -> Self {
        Self::of(name, path, Source::Memory)
    }

    fn of(name: &str, path: &str, source: Source) -> Self {
        Self {
            name: name.into(),
            path: path.into(),
            source,
        }
    }

    /// The Pod's part.
    pub fn volume(&self) -> PodVolume {
        let mut volume = PodVolume {
            name: self.name.clone(),
            ..PodVolume::default()
        };
        match &self.source {
            Source::Secret { name, keys } => {
                let items = keys
                    .iter()
                    .map(|key| KeyToPath {
                        key: key.clone(),
                        path: key.clone(),
                        mode: None,
                    })
                    .collect();
                volume.secret = Some(SecretVolumeSource {
                    secret_name: Some(name.clone()),
                    default_mode: Some(SECRET_MODE),
                    items: if keys.is_empty() { None } else { Some(items) },
                    optional: None,
                });
            }
            Source::ConfigMap { name } => {
                volume.config_map = Some(ConfigMapVolumeSource {
                    name: name.clone(),
                    ..ConfigMapVolumeSource::default()
                });
            }
            Source::Claim { name, read_only } => {
                volume.persistent_volume_claim = Some(PersistentVolumeClaimVolumeSource {
                    claim_name: name.clone(),
                    read_only: Some(true).filter(|_| *read_only),
                });
            }
            Source::Image { reference, .. } => {
                volume.image = Some(ImageVolumeSource {
                    reference: Some(reference.clone()),
                    pull_policy: Some("IfNotPresent".into()),
                });
            }
            Source::Scratch => volume.empty_dir = Some(EmptyDirVolumeSource::default()),
            Source::Memory => {
                volume.empty_dir = Some(EmptyDirVolumeSource {
                    medium: Some("Memory".into()),
                    ..EmptyDirVolumeSource::default()
                });
            }
        }
        volume
    }

    /// The container's part.
    pub fn mount(&self) -> VolumeMount {
        VolumeMount {
            name: self.name.clone(),
            mount_path: self.path.clone(),
            read_only: match self.source {
                Source::Secret { .. }
                | Source::ConfigMap { .. }
                | Source::Image { .. }
                | Source::Claim { read_only: true, .. } => Some(true),
                Source::Claim { .. } | Source::Scratch | Source::Memory => None,
            },
            sub_path: match &self.source {
                Source::Image { folder, .. } => folder.clone(),
                _ => None,
            },
            ..VolumeMount::default()
        }
    }
}
