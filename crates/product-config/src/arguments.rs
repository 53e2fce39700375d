//! Arguments of services that take no file in early releases.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::ssl::Ssl;

/// An argument `--flag=value`.
#[derive(Clone, Debug)]
pub struct Argument {
    /// With its dashes.
    pub flag: &'static str,
    /// What follows the equals sign.
    pub value: ArgumentValue,
}

/// The value of an argument.
#[derive(Clone, Debug)]
pub enum ArgumentValue {
    /// May be seen.
    Text(String),
    /// Must come from a Secret.
    Secret(SecretString),
}

impl Argument {
    pub(crate) fn text(flag: &'static str, value: impl fmt::Display) -> Self {
        Self {
            flag,
            value: ArgumentValue::Text(value.to_string()),
        }
    }

    pub(crate) fn secret(flag: &'static str, value: &SecretString) -> Self {
        Self {
            flag,
            value: ArgumentValue::Secret(value.clone()),
        }
    }

    /// The arguments for TLS, the same in Zone and Angel.
    pub(crate) fn tls(ssl: &Ssl) -> Vec<Self> {
        let mut arguments = vec![
            Self::text("--tls", true),
            Self::text("--tls-keystore", &ssl.key_store.location),
            Self::secret("--tls-keystore-password", &ssl.key_store.password),
        ];
        if let Some(store) = &ssl.trust_store {
            arguments.push(Self::text("--tls-truststore", &store.location));
            arguments.push(Self::secret("--tls-truststore-password", &store.password));
        }
        arguments
    }

    /// `--flag=value`, secret or not: for a file of arguments in a Secret.
    pub fn to_plain_text(&self) -> String {
        let value = match &self.value {
            ArgumentValue::Text(text) => text,
            ArgumentValue::Secret(secret) => secret.expose_secret(),
        };
        format!("{}={value}", self.flag)
    }
}
