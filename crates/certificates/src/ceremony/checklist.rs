//! The folder that goes to the machine without a network: requests, settings, and a checklist that people follow.

use std::fmt::Write as _;

use super::{Agenda, CertificateTask, issuer, openssl};
use crate::facts::CertificateFacts;
use crate::plan::CordaRole;

/// A file of the folder. None holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyFile {
    /// Path below the folder.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Agenda {
    /// Every file. `accept` is the command line that takes the folder back; fingerprints are appended to it.
    pub fn files(&self, accept: &str) -> Vec<CeremonyFile> {
        let file = |name: String, text: String| CeremonyFile { name, text };
        let mut files = vec![file("CHECKLIST.md".to_owned(), self.checklist(accept))];
        for task in &self.certificates {
            let alias = &task.entity.alias;
            files.push(file(
                format!("settings/{alias}.cnf"),
                openssl::certificate_settings(&task.entity),
            ));
            if let Some(request) = &task.request {
                files.push(file(format!("requests/{alias}.csr"), request.pem.clone()));
            }
        }
        for task in &self.crls {
            files.push(file(
                format!("settings/{}.cnf", task.crl.file),
                openssl::crl_settings(task),
            ));
        }
        for (alias, der) in &self.known {
            files.push(file(format!("known/{alias}.pem"), pem(der)));
        }
        files.push(file(
            "signed/README".to_owned(),
            "What the ceremony signs is put here.\n".to_owned(),
        ));
        files
    }

    /// Requests with the fingerprints of their keys, for the operator's screen: what is compared must not come out of the
    /// folder that is compared.
    pub fn fingerprints(&self) -> Vec<(String, String)> {
        self.certificates
            .iter()
            .filter_map(|task| {
                let request = task.request.as_ref()?;
                Some((task.entity.alias.clone(), in_groups(&request.key_sha256)))
            })
            .collect()
    }

    fn checklist(&self, accept: &str) -> String {
        let mut text = format!(
            "# Ceremony of network `{}`\n\nPrepared on {}. Each command is run in this folder, as it stands here.\n\n",
            self.network,
            self.prepared.strftime("%Y-%m-%d %H:%M UTC")
        );
        text.push_str(WHO);
        self.compare(&mut text);
        self.make_keys(&mut text);
        self.sign(&mut text);
        self.sign_lists(&mut text);
        self.look(&mut text);
        self.take_back(&mut text, accept);
        text.push_str(RECORD);
        text
    }

    fn compare(&self, text: &mut String) {
        text.push_str("## 2. Compare the requests\n\n");
        let requests: Vec<&CertificateTask> = self
            .certificates
            .iter()
            .filter(|task| task.request.is_some())
            .collect();
        if requests.is_empty() {
            text.push_str("There are none: every key of this ceremony is the custodian's.\n\n");
            return;
        }
        text.push_str(
            "The operator reads each fingerprint from the screen where this folder was made; the custodian compares it \
             with what is printed here. One that differs ends the ceremony.\n\n",
        );
        for task in requests {
            let alias = &task.entity.alias;
            let _infallible = write!(
                text,
                "- [ ] `{alias}`: {}\n\n```sh\nopenssl req -in \"requests/{alias}.csr\" -noout -verify -pubkey \\\n  \
                 | openssl pkey -pubin -outform DER | openssl dgst -sha256 -c\n```\n\n",
                task.entity.subject
            );
        }
    }

    fn make_keys(&self, text: &mut String) {
        text.push_str("## 3. Make the keys that stay here\n\n");
        let made: Vec<&CertificateTask> = self
            .certificates
            .iter()
            .filter(|task| task.request.is_none())
            .collect();
        if made.is_empty() {
            text.push_str(
                "There are none to make: `$KEYS` holds them. A key that R3's PKI tool put into a Java store is taken out \
                 of it, on this machine, with\n\n```text\nkeytool -importkeystore -srckeystore STORE.jks -srcalias ALIAS \
                 -destkeystore key.p12 -deststoretype PKCS12\nopenssl pkcs12 -in key.p12 -nocerts -out \"$KEYS/ALIAS.key\"\n\
                 ```\n\nunder the name that the commands below give it.\n\n",
            );
            return;
        }
        text.push_str("OpenSSL asks for a new passphrase for each, twice. The custodian chooses it.\n\n");
        for task in made {
            let _infallible = write!(
                text,
                "- [ ] the key of `{}`\n\n```sh\n{}\n```\n\n",
                task.entity.alias,
                openssl::key_command(&task.entity)
            );
            if issuer(&task.entity).is_some() {
                let _infallible = write!(
                    text,
                    "- [ ] its request, for the key above it\n\n```sh\n{}\n```\n\n",
                    openssl::request_command(&task.entity)
                );
            }
        }
    }

    fn sign(&self, text: &mut String) {
        text.push_str("## 4. Sign the certificates\n\n");
        if self.certificates.is_empty() {
            text.push_str("There are none to sign.\n\n");
            return;
        }
        text.push_str(
            "In this order. `settings/` says what each certificate will say: read it before you sign. Root and \
             subordinate authority have no role of Corda's; the others have theirs in the extension \
             1.3.6.1.4.1.50530.1.1, without which nodes refuse them.\n\n",
        );
        for task in &self.certificates {
            let alias = &task.entity.alias;
            let role = task.entity.role.map_or_else(
                || "no role".to_owned(),
                |role| format!("role {}", CordaRole::name(role)),
            );
            let by = issuer(&task.entity);
            let path = by.map(|by| self.certificate_of(by));
            let _infallible = write!(
                text,
                "- [ ] `{alias}`: {}, {role}, {} days, signed by {}\n\n```sh\n{}\n```\n\n",
                task.entity.subject,
                task.days,
                by.map_or_else(|| "itself".to_owned(), |by| format!("`{by}`")),
                openssl::certificate_command(task, path.as_deref())
            );
        }
    }

    fn sign_lists(&self, text: &mut String) {
        text.push_str("## 5. Sign the revocation lists\n\n");
        if self.crls.is_empty() {
            text.push_str("There are none to sign.\n\n");
            return;
        }
        text.push_str(
            "They revoke nothing. To revoke, add to the list's `.index` before its last two commands.\n\n",
        );
        for task in &self.crls {
            let _infallible = write!(
                text,
                "- [ ] `{}`: number {}, {} days, signed by `{}`\n\n```sh\n{}\n```\n\n",
                task.crl.file,
                task.number,
                task.days,
                task.crl.signer,
                openssl::crl_command(task, &self.certificate_of(&task.crl.signer))
            );
        }
    }

    fn look(&self, text: &mut String) {
        text.push_str("## 6. Look at what was signed\n\n");
        for task in &self.certificates {
            let alias = &task.entity.alias;
            let Some(by) = issuer(&task.entity) else {
                continue;
            };
            let _infallible = write!(
                text,
                "- [ ] `{alias}` was signed by `{by}`: `OK`\n\n```sh\nopenssl verify -partial_chain -trusted \"{}\" \
                 \"signed/{alias}.pem\"\n```\n\n",
                self.certificate_of(by)
            );
        }
        text.push_str(
            "- [ ] no private key is in this folder: nothing is printed\n\n```sh\n! grep -rl \"PRIVATE KE[Y]-----\" .\n```\n\n",
        );
        let anchors: Vec<&str> = self.anchors().collect();
        if anchors.is_empty() {
            return;
        }
        text.push_str(
            "- [ ] the custodian writes down the fingerprint of each certificate that signed itself, and reads it to the \
             operator on another way than this folder goes\n\n```sh\n",
        );
        for alias in anchors {
            let _infallible = writeln!(
                text,
                "openssl x509 -in \"signed/{alias}.pem\" -noout -subject -fingerprint -sha256"
            );
        }
        text.push_str("```\n\n");
    }

    fn take_back(&self, text: &mut String, accept: &str) {
        let mut fingerprints = String::new();
        for alias in self.anchors() {
            let _infallible = write!(fingerprints, " --fingerprint {alias}=FINGERPRINT");
        }
        let _infallible = write!(
            text,
            "## 7. The operator takes it back\n\nOn the operator's machine, with this folder:\n\n```text\n{accept}\
             {fingerprints}\n```\n\nIt takes everything or nothing, and tells every problem.\n\n"
        );
    }

    /// Aliases of the new certificates that sign themselves.
    fn anchors(&self) -> impl Iterator<Item = &str> {
        self.certificates
            .iter()
            .filter(|task| issuer(&task.entity).is_none())
            .map(|task| task.entity.alias.as_str())
    }

    /// Where the certificate of a signer lies.
    fn certificate_of(&self, alias: &str) -> String {
        let folder = if self.signs(alias) { "signed" } else { "known" };
        format!("{folder}/{alias}.pem")
    }
}

/// `ab:cd:…`, as OpenSSL prints it.
fn in_groups(hexadecimal: &str) -> String {
    let mut text = String::with_capacity(hexadecimal.len() * 3 / 2);
    for (index, digit) in hexadecimal.chars().enumerate() {
        if index > 0 && index % 2 == 0 {
            text.push(':');
        }
        text.push(digit);
    }
    text
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;

    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let about = CertificateFacts::read(der)
        .map(|facts| format!("subject: {}\n", facts.subject))
        .unwrap_or_default();
    let mut lines = format!("{about}-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, further) = rest.split_at(rest.len().min(64));
        lines.push_str(line);
        lines.push('\n');
        rest = further;
    }
    lines + "-----END CERTIFICATE-----\n"
}

const WHO: &str = "\
## Who

| | does |
| --- | --- |
| operator | made this folder with `cordanetes`, and takes it back |
| custodian | has the offline keys and their passphrases, and types every command |
| witness | reads along, compares the fingerprints, and signs the record |

Three people; custodian and operator are never the same.

## 1. Before

- [ ] The custodian's machine has no network: no cable, no radio.
- [ ] It has OpenSSL 3 or later: `openssl version`.
- [ ] Its clock is right to the minute, in UTC: `date --utc`. Certificates begin at that moment.
- [ ] This folder came on a new medium, which holds nothing else.
- [ ] `KEYS` names a folder on a medium that stays with the custodian, never this folder or one in it:
  `export KEYS=/media/custodian/keys`. The keys lie there, each under a passphrase. Copies are the custodian's matter:
  without the root key no certificate of it can ever be made again.

";

const RECORD: &str = "\
## Record

| | name | date and time | signature |
| --- | --- | --- | --- |
| operator | | | |
| custodian | | | |
| witness | | | |

Where the custodian's media are kept:

Anything that went otherwise than it stands here:
";
