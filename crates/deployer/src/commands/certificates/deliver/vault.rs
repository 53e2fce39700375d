//! What Vault needs beside the secrets: a policy and a role for each component, and a script that loads everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kubernetes_objects::delivery::{DeliveredSecret, vault_role};
use topology::model::VaultAgent;

use super::File;

/// A policy for each role, which reads the secrets of its component and no others, and the script.
pub(super) fn files(vault: &VaultAgent, delivered: &[DeliveredSecret]) -> Vec<File> {
    let mut roles: BTreeMap<String, (String, String, BTreeSet<&str>)> = BTreeMap::new();
    for secret in delivered {
        let account = secret.component.name().into_owned();
        let (_, _, paths) = roles
            .entry(vault_role(&secret.namespace, &account))
            .or_insert_with(|| (secret.namespace.clone(), account, BTreeSet::new()));
        paths.insert(&secret.stable_path);
    }
    let mut files = Vec::new();
    let mut list = String::new();
    for (role, (namespace, account, paths)) in roles {
        let mut policy = String::new();
        for path in paths {
            // The last part is the digest of the content: a rotation needs no new policy.
            let _infallible = writeln!(
                policy,
                "path \"{}/data/{path}/+\" {{\n  capabilities = [\"read\"]\n}}",
                vault.mount
            );
        }
        let _infallible = writeln!(list, "{role},{namespace},{account}");
        files.push(File::plain(format!("policies/{role}.hcl"), policy));
    }
    files.push(File::plain("roles.csv", list));
    files.push(File {
        name: "load.sh".to_owned(),
        content: script(vault).into(),
        executable: true,
    });
    files
}

fn script(vault: &VaultAgent) -> String {
    let VaultAgent {
        mount,
        auth_path,
        audience,
        ..
    } = vault;
    format!(
        r#"#!/bin/sh
# Loads everything of this folder into Vault, as VAULT_ADDR, VAULT_TOKEN and VAULT_NAMESPACE say. Run again, it does the
# same again: names end with a digest of what they hold.
set -eu
cd "$(dirname "$0")"
tail -n +2 index.csv | while IFS=, read -r name file; do
  vault kv put -mount='{mount}' "$name" "@$file" > /dev/null
  echo "loaded $name"
done
while IFS=, read -r role namespace account; do
  vault policy write "$role" "policies/$role.hcl"
  vault write '{auth_path}/role/'"$role" bound_service_account_names="$account" \
    bound_service_account_namespaces="$namespace" audience='{audience}' token_policies="$role" \
    token_ttl=10m token_no_default_policy=true
done < roles.csv
"#
    )
}
