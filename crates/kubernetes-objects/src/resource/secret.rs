//! Files and values that only their Pod may read.

use k8s_openapi::{ByteString, api::core::v1::Secret};
use topology::model::Component;

use crate::{manifest::Manifest, metadata::Owner};

/// What a Secret holds.
#[derive(Clone, Default)]
pub struct SecretFiles {
    texts: Vec<(String, String)>,
    bytes: Vec<(String, Vec<u8>)>,
}

impl SecretFiles {
    /// Adds a text, which may hold bindings.
    #[must_use]
    pub fn text(mut self, file: &str, text: impl Into<String>) -> Self {
        self.texts.push((file.to_owned(), text.into()));
        self
    }

    /// Adds bytes.
    #[must_use]
    pub fn bytes(mut self, file: &str, bytes: &[u8]) -> Self {
        self.bytes.push((file.to_owned(), bytes.to_vec()));
        self
    }

    /// The contents, for a checksum.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let texts = self
            .texts
            .iter()
            .flat_map(|(file, text)| [file.as_bytes(), text.as_bytes()]);
        texts.chain(
            self.bytes
                .iter()
                .flat_map(|(file, bytes)| [file.as_bytes(), bytes.as_slice()]),
        )
    }

    /// The Secret of a component.
    pub fn build(self, owner: Owner<'_>, component: &Component, name: &str) -> Manifest {
        let Self { texts, bytes } = self;
        Manifest::of(&Secret {
            metadata: owner.metadata(component, name),
            string_data: Some(texts.into_iter().collect())
                .filter(|all: &std::collections::BTreeMap<_, _>| !all.is_empty()),
            data: Some(
                bytes
                    .into_iter()
                    .map(|(file, bytes)| (file, ByteString(bytes)))
                    .collect(),
            )
            .filter(|all: &std::collections::BTreeMap<_, _>| !all.is_empty()),
            type_: Some("Opaque".into()),
            ..Secret::default()
        })
    }
}
