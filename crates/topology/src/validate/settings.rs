//! A node's settings: its own, then its class's, then those of `corda`, then Cordanetes' (product-config's
//! precedence, where the topology is one level).

use super::{
    Scope, database,
    endpoint::{Addresses, Caller, endpoint},
    placement, secret,
};
use crate::{
    declared::{self, NodeSettings},
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{CordappSource, Database, Edition, Image, Placement, VerticalScaling, Volume},
    node::{Key, Node, Span, Value},
    scalar::{CordaVersion, Mebibytes, Millicores, StorageSize},
};

const DEFAULT_HEAP: Mebibytes = Mebibytes(512);
/// What the launcher JVM, Metaspace, Artemis and threads take beside the heap (measured: 680 MiB in all with a
/// heap of 256 MiB).
const BESIDE_THE_HEAP: u32 = 900;

/// Settings in the order in which they hold.
#[derive(Clone, Copy)]
pub(super) struct Chain<'a> {
    links: [Option<&'a NodeSettings>; 3],
    scope: Scope<'a>,
}

/// A node's settings, resolved.
pub(super) struct Resolved {
    pub(super) edition: Edition,
    pub(super) version: CordaVersion,
    pub(super) image: Image,
    pub(super) heap: Mebibytes,
    pub(super) memory: Mebibytes,
    pub(super) cpu: Option<Millicores>,
    pub(super) jvm_arguments: Vec<String>,
    pub(super) development_cordapps: bool,
    pub(super) database: Database,
    pub(super) storage: Volume,
    pub(super) cordapps: Vec<CordappSource>,
    pub(super) configuration: Vec<(Key, Node)>,
    pub(super) ssh_port: Option<u16>,
    pub(super) placement: Placement,
    pub(super) monitored: bool,
    pub(super) vertical_scaling: Option<VerticalScaling>,
    pub(super) strict_revocation: bool,
}

impl<'a> Chain<'a> {
    /// The settings of a node that names a class, or none.
    pub(super) fn of(own: &'a NodeSettings, class: Option<&Located<String>>, scope: Scope<'a>) -> Self {
        let class = class.and_then(|class| scope.index.class(&class.value));
        Self {
            links: [Some(own), class, Some(&scope.file.corda)],
            scope,
        }
    }

    fn links(&self) -> impl Iterator<Item = &'a NodeSettings> + use<'a> {
        self.links.into_iter().flatten()
    }

    /// The first that says something.
    pub(super) fn first<T>(&self, key: impl Fn(&'a NodeSettings) -> Option<&'a T>) -> Option<&'a T> {
        self.links().find_map(key)
    }

    fn first_list<T>(&self, key: impl Fn(&'a NodeSettings) -> &'a [T]) -> &'a [T] {
        self.links()
            .map(key)
            .find(|list| !list.is_empty())
            .unwrap_or_default()
    }

    /// The edition.
    pub(super) fn edition(&self) -> Edition {
        self.first(|it| it.edition.as_ref())
            .map_or(Edition::Community, |edition| edition.value)
    }

    /// The release.
    pub(super) fn version(&self) -> CordaVersion {
        self.first(|it| it.version.as_ref())
            .map_or(CordaVersion::four(10), |version| version.value)
    }

    /// Everything. A problem in a class or in `corda` is found with each node and told once.
    pub(super) fn resolve(&self, span: Span, diagnostics: &mut Diagnostics) -> Option<Resolved> {
        let heap = self
            .first(|it| it.heap.as_ref())
            .map_or(DEFAULT_HEAP, |heap| heap.value);
        let memory = self.first(|it| it.memory.as_ref());
        if let Some(memory) = memory
            && memory.value <= heap
        {
            diagnostics.push(
                Diagnostic::new(
                    "topology::memory-below-heap",
                    memory.span,
                    format!(
                        "{}Mi of memory cannot hold a heap of {}Mi",
                        memory.value.0, heap.0
                    ),
                )
                .label("too little")
                .help(format!("a node takes about {BESIDE_THE_HEAP}Mi beside its heap")),
            );
        }
        let memory = memory.map_or(Mebibytes(heap.0 + BESIDE_THE_HEAP), |memory| memory.value);
        let database = match self.first(|it| it.database.as_ref()) {
            None => Some(Database::H2),
            Some(declared) => database::database(declared, database::Owner::Node, diagnostics),
        };
        let sources = self.first_list(|it| &it.cordapps.sources);
        let cordapps: Vec<_> = sources
            .iter()
            .map(|source| cordapp(source, diagnostics))
            .collect();
        let storages: Vec<_> = self
            .links()
            .map(|it| &it.storage)
            .chain([&self.scope.file.storage])
            .collect();
        let placements: Vec<_> = self
            .links()
            .map(|it| &it.placement)
            .chain([&self.scope.file.placement])
            .collect();
        let scalings: Vec<_> = self.links().map(|it| &it.vertical_scaling).collect();
        let jvm_arguments = self.first_list(|it| &it.jvm_arguments);
        Some(Resolved {
            edition: self.edition(),
            version: self.version(),
            image: self.image(span, diagnostics)?,
            heap,
            memory,
            cpu: self.first(|it| it.cpu.as_ref()).map(|cpu| cpu.value),
            // Without any, the collector that the product itself would choose (reference §6.8).
            jvm_arguments: if jvm_arguments.is_empty() {
                vec!["-XX:+UseG1GC".to_owned()]
            } else {
                jvm_arguments
                    .iter()
                    .map(|argument| argument.value.clone())
                    .collect()
            },
            development_cordapps: self.is(|it| it.development_cordapps.as_ref(), false),
            database: database?,
            storage: placement::volume(&storages, StorageSize::gibibytes(5)),
            cordapps: cordapps.into_iter().collect::<Option<_>>()?,
            configuration: self.configuration(),
            ssh_port: self.ssh_port(),
            placement: placement::placement(&placements),
            monitored: self.is(|it| it.monitoring.as_ref(), true),
            vertical_scaling: placement::vertical_scaling(&scalings, memory, diagnostics),
            strict_revocation: self.is(|it| it.strict_revocation.as_ref(), false),
        })
    }

    fn is(&self, key: impl Fn(&'a NodeSettings) -> Option<&'a Located<bool>>, default: bool) -> bool {
        self.first(key).map_or(default, |it| it.value)
    }

    fn image(&self, span: Span, diagnostics: &mut Diagnostics) -> Option<Image> {
        let image = self.first(|it| it.image.as_ref());
        // An image that was refused was told already.
        if image.is_none() && !self.links().any(|it| it.written.contains(&"image")) {
            diagnostics.push(
                Diagnostic::new("topology::missing-image", span, "the node has no image")
                    .label("this node")
                    .help("add `image:` to it, to its class or to `corda`"),
            );
        }
        image.map(|image| image.value.clone())
    }

    /// Keys of all links together; an own key goes before a class's.
    fn configuration(&self) -> Vec<(Key, Node)> {
        let mut merged: Vec<(Key, Node)> = Vec::new();
        for link in self.links() {
            let Some(Value::Mapping(entries)) = link.configuration.0.as_ref().map(|node| &node.value) else {
                continue;
            };
            for (key, node) in entries {
                if !merged.iter().any(|(known, _)| known.text == key.text) {
                    merged.push((key.clone(), node.clone()));
                }
            }
        }
        merged
    }

    /// The port of the SSH shell, if it is on.
    pub(super) fn ssh_port(&self) -> Option<u16> {
        let enabled = self.is(|it| it.ssh.enabled.as_ref(), false);
        let port = self
            .first(|it| it.ssh.port.as_ref())
            .and_then(|port| u16::try_from(port.value.0).ok())
            .unwrap_or(2222);
        enabled.then_some(port)
    }
}

fn cordapp(declared: &declared::CordappSource, diagnostics: &mut Diagnostics) -> Option<CordappSource> {
    match (&declared.image, &declared.url) {
        (Some(image), None) => {
            let of_urls = [
                (declared.sha256.as_ref().map(|it| it.span), "sha256"),
                (declared.addresses.first().map(|it| it.span), "addresses"),
            ];
            for (span, key) in of_urls {
                if let Some(span) = span {
                    diagnostics.push(
                        Diagnostic::new(
                            "topology::not-for-this-kind",
                            span,
                            format!("a CorDapp from an image has no `{key}`"),
                        )
                        .label("without effect")
                        .help(format!(
                            "remove `{key}`: the image is what proves it, best by digest"
                        )),
                    );
                }
            }
            secret::image_volume(image, diagnostics).map(CordappSource::Image)
        }
        (None, Some(url)) => {
            if declared.sha256.is_none() {
                diagnostics.push(
                    Diagnostic::new(
                        "topology::cordapp-source",
                        url.span,
                        "a CorDapp from a URL needs its SHA-256",
                    )
                    .label("not proved")
                    .help("add `sha256:` with what `sha256sum` prints for the jar"),
                );
            }
            let host = url.value.host_port();
            let endpoint = endpoint(
                host,
                url.span,
                Addresses::of(&declared.addresses, &declared.written),
                Caller::Other,
                diagnostics,
            );
            Some(CordappSource::Url {
                url: url.value.clone(),
                endpoint,
                sha256: declared.sha256.as_ref()?.value.as_str().to_owned(),
            })
        }
        _ => {
            diagnostics.push(
                Diagnostic::new(
                    "topology::cordapp-source",
                    declared.span,
                    "a CorDapp source has exactly one of `image` and `url`",
                )
                .label("which one?"),
            );
            None
        }
    }
}
