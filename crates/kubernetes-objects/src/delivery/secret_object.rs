//! A Secret as a component rendered it.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::made::{MadeValues, Piece, inside_of_quotes, pieces};
use crate::{context::RenderError, manifest::Manifest, metadata::NAME};

/// Its files, and where it belongs.
pub(super) struct SecretObject {
    metadata: Value,
    pub(super) namespace: String,
    pub(super) name: String,
    /// The component, by its label.
    pub(super) component: String,
    /// Texts, with placeholders.
    pub(super) texts: BTreeMap<String, String>,
    /// Files in Base64.
    pub(super) files: BTreeMap<String, String>,
}

impl SecretObject {
    /// Reads it; `None` for other objects, and for Secrets without anything that was made.
    pub(super) fn of(manifest: &Manifest) -> Option<Self> {
        let value = manifest.value();
        let key = manifest.key();
        if key.kind != "Secret" {
            return None;
        }
        let map = |field: &str| -> BTreeMap<String, String> {
            let entries = value[field].as_object().into_iter().flatten();
            entries
                .filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned())))
                .collect()
        };
        let secret = Self {
            metadata: value["metadata"].clone(),
            namespace: key.namespace?,
            name: key.name,
            component: value["metadata"]["labels"][NAME].as_str()?.to_owned(),
            texts: map("stringData"),
            files: map("data"),
        };
        let has_made = |text: &String| pieces(text).iter().any(|piece| piece.key().is_some());
        (!secret.files.is_empty() || secret.texts.values().any(has_made)).then_some(secret)
    }

    /// Its metadata under another name.
    pub(super) fn metadata(&self, name: &str) -> Value {
        let mut metadata = self.metadata.clone();
        metadata["name"] = json!(name);
        metadata
    }

    /// Everything that it holds, as the store is to hold it.
    pub(super) fn properties(
        &self,
        made: &MadeValues,
    ) -> Result<BTreeMap<String, SecretString>, RenderError> {
        let mut properties = BTreeMap::new();
        for (file, text) in &self.texts {
            properties.insert(file.clone(), SecretString::from(filled(text, made)?));
        }
        for (file, content) in &self.files {
            properties.insert(file.clone(), SecretString::from(content.clone()));
        }
        Ok(properties)
    }

    /// The values that its texts name.
    pub(super) fn passwords(&self, made: &MadeValues) -> Result<BTreeMap<String, SecretString>, RenderError> {
        let mut keys = BTreeSet::new();
        for text in self.texts.values() {
            keys.extend(pieces(text).into_iter().filter_map(Piece::key));
        }
        keys.into_iter()
            .map(|key| Ok((key.to_owned(), made.value(key)?.clone())))
            .collect()
    }

    /// It again, with other texts.
    pub(super) fn with_texts(&self, name: &str, texts: &BTreeMap<String, String>) -> Manifest {
        let mut object = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": self.metadata(name),
            "stringData": texts,
            "type": "Opaque",
        });
        if !self.files.is_empty() {
            object["data"] = json!(self.files);
        }
        Manifest::from(object)
    }

    /// It again, with the values in their places.
    pub(super) fn filled(&self, made: &MadeValues) -> Result<Manifest, RenderError> {
        let texts = self
            .texts
            .iter()
            .map(|(file, text)| Ok((file.clone(), filled(text, made)?)))
            .collect::<Result<BTreeMap<_, _>, RenderError>>()?;
        Ok(self.with_texts(&self.name, &texts))
    }
}

fn filled(text: &str, made: &MadeValues) -> Result<String, RenderError> {
    let mut whole = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Plain(text) | Piece::Bound(text) => whole.push_str(text),
            Piece::Made(key) => whole.push_str(&inside_of_quotes(made.value(key)?.expose_secret())),
            Piece::Bare(key) => whole.push_str(made.value(key)?.expose_secret()),
        }
    }
    Ok(whole)
}
