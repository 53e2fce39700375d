//! `CorDapps` and JDBC drivers: what is put beside a node's own files before it starts.

use k8s_openapi::api::core::v1::Container;
use topology::model::{CordappSource, Mebibytes, Node, Platform};

use crate::pod::{container::ContainerSpec, image_files::ImageFiles, volume::Volume};

/// Below it each source has a folder.
pub(super) const CORDAPPS: &str = "/opt/cordapps";
/// The folder with the driver of the node's database, and below it that of a notary's shared one.
pub(super) const DRIVERS: &str = "/opt/drivers";

/// Volumes with files for a node, and the containers that fill them.
#[derive(Default)]
pub(super) struct NodeFiles {
    /// The volumes.
    pub(super) volumes: Vec<Volume>,
    /// What runs before the node.
    pub(super) init_containers: Vec<Container>,
}

impl NodeFiles {
    /// Adds the files of another image.
    pub(super) fn image(&mut self, files: ImageFiles) {
        self.volumes.push(files.volume);
        self.init_containers.extend(files.init_container);
    }

    /// Adds the `CorDapps` that a topology names.
    pub(super) fn cordapps(&mut self, node: &Node, platform: Platform) {
        for (index, source) in node.cordapps.iter().enumerate() {
            let name = format!("cordapp-{index}");
            let folder = format!("{CORDAPPS}/{index}");
            match source {
                CordappSource::Image(image) => self.image(ImageFiles::new(&name, image, &folder, platform)),
                CordappSource::Url { url, sha256, .. } => {
                    let volume = Volume::scratch(&name, &folder);
                    self.init_containers.push(download(
                        node,
                        &name,
                        &volume,
                        [url.as_str(), url.file_name(), sha256, &folder],
                    ));
                    self.volumes.push(volume);
                }
            }
        }
    }
}

/// Fetches a jar with the node's own image, in all of which R3 installs `curl`, and keeps it only if it is what the
/// topology says.
fn download(node: &Node, name: &str, volume: &Volume, [url, file, sha256, folder]: [&str; 4]) -> Container {
    ContainerSpec {
        name,
        image: &node.image,
        command: ["bash", "-euc", DOWNLOAD].map(str::to_owned).to_vec(),
        environment: vec![
            ("URL", url.to_owned()),
            ("FILE", format!("{folder}/{file}")),
            ("SHA256", sha256.to_owned()),
        ],
        secret_environment: Vec::new(),
        volumes: std::slice::from_ref(volume),
        ports: Vec::new(),
        memory: Mebibytes(128),
    }
    .build()
}

/// A volume survives the container's own restart: what is there and right is not fetched again.
const DOWNLOAD: &str = r#"sum() { echo "$SHA256  $FILE" | sha256sum --check --status; }
if [ -f "$FILE" ] && sum; then exit 0; fi
curl --fail --silent --show-error --location --retry 5 --output "$FILE" "$URL"
if ! sum; then
  echo "$URL is not what the topology says: its SHA-256 is $(sha256sum < "$FILE" | cut -d ' ' -f 1), not $SHA256" >&2
  rm -f "$FILE"
  exit 1
fi
"#;
