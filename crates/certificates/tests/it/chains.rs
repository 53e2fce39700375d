//! What OpenSSL says of a ring's chains and CRLs.

use std::path::Path;

use base64::Engine as _;
use certificates::{KeyRing, aliases, files};

use crate::tool;

/// DER as PEM.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// Writes a certificate as PEM and tells where.
pub(crate) fn write_certificate(ring: &KeyRing, alias: &str, folder: &Path) -> String {
    let path = folder.join(format!("{alias}.pem"));
    fs_err::write(&path, pem("CERTIFICATE", ring.certificate(alias).unwrap())).unwrap();
    path.to_str().unwrap().to_owned()
}

/// OpenSSL follows each chain to its root, and finds nothing revoked.
pub(crate) fn accepts_chains(ring: &KeyRing) {
    let folder = tempfile::tempdir().unwrap();
    let crls = [files::ROOT_CRL, files::SUBORDINATE_CRL, files::SSL_CRL]
        .map(|file| pem("X509 CRL", ring.crl(file).unwrap()));
    let crl_file = folder.path().join("crls.pem");
    fs_err::write(&crl_file, crls.concat()).unwrap();

    let intermediate = write_certificate(ring, aliases::SUBORDINATE, folder.path());
    for (root, leaf) in [
        (aliases::ROOT, aliases::IDENTITY_MANAGER),
        (aliases::ROOT, aliases::NETWORK_MAP),
        (aliases::SSL_ROOT, "cordasslauthservice"),
    ] {
        let root = write_certificate(ring, root, folder.path());
        let leaf = write_certificate(ring, leaf, folder.path());
        let arguments = [
            "verify",
            "-x509_strict",
            "-crl_check_all",
            "-CRLfile",
            crl_file.to_str().unwrap(),
            "-CAfile",
            &root,
            "-untrusted",
            &intermediate,
            &leaf,
        ];
        assert_eq!(tool::run("openssl", &arguments, ""), format!("{leaf}: OK\n"));
    }
}
