//! Files that another image carries: JDBC drivers, `CorDapps`, the libraries of an HSM.

use k8s_openapi::api::core::v1::Container;
use topology::model::{ImageVolume, Mebibytes, Platform};

use super::{container::ContainerSpec, volume::Volume};

/// A folder of another image, seen in a Pod.
pub struct ImageFiles {
    /// The folder.
    pub volume: Volume,
    /// Fills it, where the platform cannot mount images.
    pub init_container: Option<Container>,
}

impl ImageFiles {
    /// The files of `source` at `path`. Where the platform mounts no images, a container of that image copies the
    /// folder's files, for which it needs `sh` and `find`.
    pub fn new(name: &str, source: &ImageVolume, path: &str, platform: Platform) -> Self {
        if platform.image_volumes {
            return Self {
                volume: Volume::image(name, &source.image, source.path.as_deref(), path),
                init_container: None,
            };
        }
        let volume = Volume::scratch(name, path);
        let folder = format!("/{}", source.path.as_deref().unwrap_or_default());
        let container = ContainerSpec {
            name,
            image: &source.image,
            command: ["sh", "-euc", COPY, &folder, path].map(str::to_owned).to_vec(),
            environment: Vec::new(),
            secret_environment: Vec::new(),
            volumes: std::slice::from_ref(&volume),
            ports: Vec::new(),
            memory: Mebibytes(64),
        }
        .build();
        Self {
            volume,
            init_container: Some(container),
        }
    }
}

/// `$0` is the folder, `$1` where its files go.
const COPY: &str = r#"find "$0" -maxdepth 1 -type f -exec cp {} "$1"/ \;"#;
