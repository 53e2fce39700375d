//! OpenSSL's settings and commands for each thing that is signed.

use std::fmt::Write as _;

use crate::ceremony::{CertificateTask, CrlTask, issuer};
use crate::plan::{CordaRole, EntityPlan, KeyAlgorithm, Purpose};

/// `string_mask` of `PrintableString` and `UTF8String`: the narrowest that fits is taken, as Java does.
const NARROWEST: &str = "MASK:0x2002";

/// Settings of a certificate: the same that this program would write into it.
pub(super) fn certificate_settings(entity: &EntityPlan) -> String {
    let subject = entity
        .subject
        .parts()
        .iter()
        .rev()
        .map(|(part, value)| format!("{} = {}", part.key(), escaped(value)))
        .collect::<Vec<_>>()
        .join("\n");
    format!(
        "[req]\nprompt = no\nutf8 = yes\nstring_mask = {NARROWEST}\ndistinguished_name = subject\n\
         x509_extensions = extensions\n\n[subject]\n{subject}\n\n[extensions]\n{}",
        extensions(entity)
    )
}

fn extensions(entity: &EntityPlan) -> String {
    let (constraint, usage, extended) = match entity.purpose {
        Purpose::Authority => ("CA:TRUE", "digitalSignature, keyCertSign, cRLSign", true),
        Purpose::CrlSigner => ("CA:FALSE", "cRLSign", false),
        Purpose::NetworkMap | Purpose::Tls => ("CA:FALSE", "digitalSignature", true),
        Purpose::Tokens => ("CA:FALSE", "digitalSignature", false),
    };
    let mut lines = vec![
        format!("basicConstraints = critical, {constraint}"),
        format!("keyUsage = critical, {usage}"),
    ];
    if extended {
        lines.push("extendedKeyUsage = serverAuth, clientAuth".to_owned());
    }
    lines.push("subjectKeyIdentifier = hash".to_owned());
    if issuer(entity).is_some() {
        lines.push("authorityKeyIdentifier = keyid:always".to_owned());
    }
    if !entity.dns_names.is_empty() {
        let names: Vec<String> = entity
            .dns_names
            .iter()
            .map(|name| format!("DNS:{name}"))
            .collect();
        lines.push(format!("subjectAltName = {}", names.join(", ")));
    }
    if let Some(url) = &entity.crl_url {
        lines.push(format!("crlDistributionPoints = URI:{url}"));
    }
    if let Some(role) = entity.role {
        lines.push(format!("# Corda's role {}.", role.name()));
        lines.push(role_extension(role));
    }
    lines.join("\n") + "\n"
}

fn role_extension(role: CordaRole) -> String {
    format!("1.3.6.1.4.1.50530.1.1 = ASN1:INTEGER:{}", role.number())
}

/// Settings of a CRL that revokes nothing.
pub(super) fn crl_settings(task: &CrlTask) -> String {
    let name = &task.crl.file;
    let mut text = format!(
        "[ca]\ndefault_ca = list\n\n[list]\ndatabase = work/{name}.index\ncrlnumber = work/{name}.number\n\
         default_md = sha256\ncrl_extensions = extensions\n\n[extensions]\nauthorityKeyIdentifier = keyid:always\n"
    );
    if task.crl.indirect {
        text.push_str("# It covers certificates that others have issued.\nissuingDistributionPoint = critical, @point\n");
        let url = &task.crl.url;
        let _infallible = write!(text, "\n[point]\nfullname = URI:{url}\nindirectCRL = TRUE\n");
    }
    text
}

/// Makes a key under a passphrase, which OpenSSL asks for.
pub(super) fn key_command(entity: &EntityPlan) -> String {
    let kind = match entity.key {
        KeyAlgorithm::EcP256 => {
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve".to_owned()
        }
        KeyAlgorithm::Rsa2048 => rsa(2048),
        KeyAlgorithm::Rsa3072 => rsa(3072),
        KeyAlgorithm::Rsa4096 => rsa(4096),
    };
    format!(
        "umask 077\nopenssl genpkey {kind} \\\n  -aes-256-cbc -out \"$KEYS/{}.key\"",
        entity.alias
    )
}

fn rsa(bits: u32) -> String {
    format!("-algorithm RSA -pkeyopt rsa_keygen_bits:{bits}")
}

/// Signs a certificate. Serial numbers have sixteen octets, the most that CENM's own tools write.
pub(super) fn certificate_command(task: &CertificateTask, issuer: Option<&str>) -> String {
    let alias = &task.entity.alias;
    let days = task.days;
    let end = format!(
        "-sha256 -days {days} -set_serial \"0x40$(openssl rand -hex 15)\" \\\n  -out \"signed/{alias}.pem\""
    );
    match issuer {
        None => format!(
            "openssl req -new -x509 -config \"settings/{alias}.cnf\" -key \"$KEYS/{alias}.key\" \\\n  {end}"
        ),
        Some(issuer) => {
            let from = super::issuer(&task.entity).unwrap_or_default();
            format!(
                "openssl x509 -req -in \"requests/{alias}.csr\" -CA \"{issuer}\" -CAkey \"$KEYS/{from}.key\" \\\n  \
                 -extfile \"settings/{alias}.cnf\" -extensions extensions \\\n  {end}"
            )
        }
    }
}

/// Asks for a certificate of a key that is kept offline, too.
pub(super) fn request_command(entity: &EntityPlan) -> String {
    let alias = &entity.alias;
    format!(
        "mkdir -p requests\nopenssl req -new -config \"settings/{alias}.cnf\" -key \"$KEYS/{alias}.key\" \\\n  \
         -out \"requests/{alias}.csr\""
    )
}

/// Signs a CRL.
pub(super) fn crl_command(task: &CrlTask, signer: &str) -> String {
    let name = &task.crl.file;
    // OpenSSL reads the number as hexadecimal digits, and wants an even count of them.
    let mut number = format!("{:X}", task.number);
    if number.len() % 2 == 1 {
        number.insert(0, '0');
    }
    format!(
        "mkdir -p work\n: > \"work/{name}.index\"\necho {number} > \"work/{name}.number\"\n\
         openssl ca -gencrl -config \"settings/{name}.cnf\" -keyfile \"$KEYS/{}.key\" -cert \"{signer}\" \\\n  \
         -crldays {} -out \"work/{name}.pem\"\n\
         openssl crl -in \"work/{name}.pem\" -outform DER -out \"signed/{name}\"",
        task.crl.signer, task.days
    )
}

/// A value as OpenSSL's settings take it (`config(5)`).
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if matches!(character, '\\' | '$' | '#' | '"' | '\'' | '`') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}
