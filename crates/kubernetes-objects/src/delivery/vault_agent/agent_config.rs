//! The agent's own configuration, and its templates.

use serde_json::{Value, json};
use topology::model::VaultAgent;

use super::super::made::{Piece, is_generated};

/// Where the injector mounts the Secret that only the agent sees (`agent-extra-secret`).
pub(super) const GIVEN_FOLDER: &str = "/vault/custom";
/// Where it mounts the certificate of Vault's authority (`tls-secret`).
const AUTHORITY_FILE: &str = "/vault/tls/ca.crt";
/// Where it mounts a token volume that no other container mounts.
const TOKEN_FILE: &str = "/var/run/secrets/vault.hashicorp.com/serviceaccount/token";
/// Escapes a value as the inside of a quoted string of JSON or HOCON, in the agent's own functions.
const INSIDE_OF_QUOTES: &str = " | toJSON | regexReplaceAll \"^\\\"|\\\"$\" \"\"";
/// Readable by the Pod's user and group only.
const MODE: &str = "0440";

/// A file that the agent writes, without its folder.
#[derive(Clone)]
pub(super) struct AgentFile {
    pub(super) name: String,
    pub(super) contents: String,
}

/// The template of a file that Vault holds whole.
pub(super) fn whole_file(path: &str, file: &str, is_base64: bool) -> String {
    let decoded = if is_base64 { " | base64Decode" } else { "" };
    format!(
        "{{{{ with secret {} }}}}{{{{ index .Data.data {}{decoded} }}}}{{{{ end }}}}",
        quoted(path),
        quoted(file)
    )
}

/// The template of a text with values in it. `given` says how a value of the cluster is read.
pub(super) fn template(path: &str, pieces: &[Piece<'_>], mut given: impl FnMut(&str) -> String) -> String {
    let mut text = String::new();
    let asks = pieces.iter().any(|piece| piece.key().is_some());
    if asks {
        text.extend(["{{ with secret ", &quoted(path), " }}"]);
    }
    for piece in pieces {
        match *piece {
            // Two braces would begin an action.
            Piece::Plain(plain) => text.push_str(&plain.replace("{{", "{{ \"{{\" }}")),
            Piece::Made(key) => {
                let escaped = if is_generated(key) { "" } else { INSIDE_OF_QUOTES };
                text.extend(["{{ index .Data.data ", &quoted(key), escaped, " }}"]);
            }
            Piece::Bare(key) => text.extend(["{{ index .Data.data ", &quoted(key), " }}"]),
            Piece::Bound(binding) if is_secret(binding) => text.push_str(&given(binding)),
            Piece::Bound(binding) => text.push_str(binding),
        }
    }
    if asks {
        text.push_str("{{ end }}");
    }
    text
}

/// Bindings that name a Secret are values of the cluster; an address may stand in a `ConfigMap`.
fn is_secret(binding: &str) -> bool {
    binding.starts_with("@{secret:") || binding.starts_with("@{quoted-secret:")
}

/// A string of Go's templates: JSON's are of the same form.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `config-init.hcl`, in the JSON that HCL takes as well: it logs in, writes all files and ends.
pub(super) fn config(vault: &VaultAgent, role: &str, files: &[(String, String)]) -> String {
    let mut server = json!({ "address": vault.address.as_str() });
    if vault.certificate_authority.is_some() {
        server["ca_cert"] = json!(AUTHORITY_FILE);
    }
    let mut method = json!({
        "type": "kubernetes",
        "mount_path": vault.auth_path,
        "config": { "role": role, "token_path": TOKEN_FILE },
    });
    if let Some(namespace) = &vault.namespace {
        method["namespace"] = json!(namespace);
        server["namespace"] = json!(namespace);
    }
    let templates: Vec<Value> = files
        .iter()
        .map(|(destination, contents)| {
            json!({
                "destination": destination,
                "perms": MODE,
                "error_on_missing_key": true,
                "contents": contents,
            })
        })
        .collect();
    let config = json!({
        "exit_after_auth": true,
        "pid_file": "/home/vault/.pid",
        "vault": server,
        "auto_auth": {
            "method": [method],
            "sink": [{ "type": "file", "config": { "path": "/home/vault/.vault-token" } }],
        },
        "template_config": { "exit_on_retry_failure": true },
        "template": templates,
    });
    format!("{config:#}\n")
}
