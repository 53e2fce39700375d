//! Container images.

use super::{Problem, Text, text_scalar};
use crate::language::Format;

/// A container image with its tag or digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image(String);

impl Image {
    /// The whole reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag, if it has one.
    pub fn tag(&self) -> Option<&str> {
        let name = self.0.split('@').next()?;
        name.rsplit('/').next()?.split_once(':').map(|(_, tag)| tag)
    }
}

impl Text for Image {
    const FORMAT: &'static Format = &Format {
        name: "image",
        documentation: "a reference with a tag other than `latest`, or with a digest `@sha256:…`",
        pattern: Some("^\\S+(:[^\\s/]+|@sha256:[0-9a-f]{64})$"),
        example: "registry.example/corda/enterprise-auth:1.7.2",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let problem = if text.is_empty() || text.contains(char::is_whitespace) {
            Some(format!("`{text}` is not an image reference"))
        } else if let Some((_, digest)) = text.split_once("@sha256:") {
            let is_digest = digest.len() == 64 && digest.chars().all(|it| it.is_ascii_hexdigit());
            (!is_digest).then(|| format!("image `{text}` has a digest that is not 64 hexadecimal digits"))
        } else {
            match text.rsplit('/').next().and_then(|last| last.split_once(':')) {
                None => Some(format!("image `{text}` has no tag")),
                Some((_, "latest" | "")) => Some(format!("image `{text}` has a tag that moves")),
                Some(_) => None,
            }
        };
        match problem {
            None => Ok(Self(text.to_owned())),
            Some(message) => Err(vec![
                Problem::new("topology::image", message)
                    .label("not pinned")
                    .help("name a version, e.g. `registry.example/corda/enterprise-auth:1.7.2`, or a digest"),
            ]),
        }
    }
}

text_scalar!(Image);
