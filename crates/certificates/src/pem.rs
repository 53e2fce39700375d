//! PEM: how whatever is not Java takes keys and certificates.

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::key_ring::{KeyRing, NotInRing};

/// Characters of a line (RFC 7468).
const LINE: usize = 64;

impl KeyRing {
    /// A certificate as PEM.
    pub fn certificate_pem(&self, alias: &str) -> Result<String, NotInRing> {
        Ok(block("CERTIFICATE", self.certificate(alias)?).to_string())
    }

    /// A certificate and its issuers' as PEM, as a TLS server shows them: without the root, which its clients have.
    pub fn chain_pem(&self, alias: &str) -> Result<String, NotInRing> {
        let chain = self.chain(alias)?;
        let shown = chain.len().saturating_sub(1).max(1);
        Ok(chain
            .into_iter()
            .take(shown)
            .map(|certificate| block("CERTIFICATE", certificate).to_string())
            .collect())
    }

    /// A private key as PEM (PKCS#8).
    pub fn private_key_pem(&self, alias: &str) -> Result<SecretString, NotInRing> {
        let pem = block("PRIVATE KEY", self.private_key(alias)?.expose_pkcs8());
        Ok(SecretString::from(pem.as_str()))
    }
}

/// One block, wiped when dropped.
fn block(label: &str, der: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(STANDARD.encode(der));
    let lines = text.len() / LINE + 1;
    // Whole at once: what grows leaves copies behind.
    let mut pem = Zeroizing::new(String::with_capacity(text.len() + lines + 2 * (label.len() + 20)));
    let _infallible = writeln!(pem, "-----BEGIN {label}-----");
    for start in (0..text.len()).step_by(LINE) {
        pem.push_str(&text[start..text.len().min(start + LINE)]);
        pem.push('\n');
    }
    let _infallible = writeln!(pem, "-----END {label}-----");
    pem
}
