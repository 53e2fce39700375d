//! What a JVM makes of the stores, the chains and the CRLs.

use std::fmt::Write as _;
use std::path::Path;

use certificates::{KeyRing, aliases, files};
use secrecy::ExposeSecret;

use crate::{fixture, node, tool};

/// The program that does as the JVM of a service would.
pub(crate) const CHECK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/java/StoreCheck.java");

/// Writes every store and CRL into a folder, as a pod would see them.
pub(crate) fn write_files(ring: &KeyRing, folder: &Path) {
    let plan = fixture::plan();
    for store in &plan.stores {
        fs_err::write(folder.join(&store.file), ring.store(&store.file).unwrap().bytes).unwrap();
    }
    for crl in &plan.crls {
        fs_err::write(folder.join(&crl.file), ring.crl(&crl.file).unwrap()).unwrap();
    }
}

fn password<'a>(ring: &'a KeyRing, file: &str) -> &'a str {
    ring.store(file).unwrap().password.expose_secret()
}

#[test]
fn keytool_lists_a_key_store_and_a_trust_store_under_both_type_names() {
    let ring = fixture::shared();
    let folder = tempfile::tempdir().unwrap();
    write_files(ring, folder.path());
    let plan = fixture::plan();
    for store in [files::NETWORK_TRUST, files::NETWORK_MAP_KEYS].map(|file| plan.store(file).unwrap()) {
        for kind in ["JKS", "PKCS12"] {
            let path = folder.path().join(&store.file);
            let arguments = ["-list", "-storetype", kind, "-keystore", path.to_str().unwrap()];
            let printed = tool::run("keytool", &arguments, password(ring, &store.file));
            let entries = format!("contains {} entr", store.entries.len());
            assert!(printed.contains(&entries), "{}: {printed}", store.file);
        }
    }
}

#[test]
fn a_jvm_reads_stores_speaks_tls_and_checks_revocation() {
    let ring = fixture::shared();
    let folder = tempfile::tempdir().unwrap();
    write_files(ring, folder.path());
    node::write_files(ring, folder.path());

    let (auth, signer) = ("corda-ssl-auth-keys.jks", "corda-ssl-signer-keys.jks");
    let mut commands = String::new();
    for store in [
        files::NETWORK_TRUST,
        files::SSL_TRUST,
        files::IDENTITY_MANAGER_KEYS,
        files::JWT_KEYS,
        signer,
    ] {
        writeln!(commands, "store {store} {}", password(ring, store)).unwrap();
    }
    let (auth_password, signer_password) = (password(ring, auth), password(ring, signer));
    let ssl_trust = format!("{} {}", files::SSL_TRUST, password(ring, files::SSL_TRUST));
    let host = "auth.demo-network.svc.cluster.local";
    writeln!(
        commands,
        "tls {auth} {auth_password} {signer} {signer_password} {ssl_trust} {host}"
    )
    .unwrap();
    let trust = format!(
        "{} {}",
        files::NETWORK_TRUST,
        password(ring, files::NETWORK_TRUST)
    );
    let chain = node::CHAIN;
    let others = format!(
        "{} {} {}",
        files::ROOT_CRL,
        files::SUBORDINATE_CRL,
        node::DOORMAN_CRL
    );
    writeln!(commands, "path {trust} {chain} {others} {}", files::TLS_CRL).unwrap();
    writeln!(commands, "path {trust} {chain} {others}").unwrap();

    // A JVM that misses a CRL looks for it where the certificate says: no name may lead out of this test.
    let hosts = folder.path().join("hosts");
    fs_err::write(&hosts, "").unwrap();
    let no_names = format!("-Djdk.net.hosts.file={}", hosts.display());
    let printed = tool::run(
        "java",
        &[&no_names, CHECK, folder.path().to_str().unwrap()],
        &commands,
    );
    let expected = format!(
        "{net} JKS {root} trusted\n\
         {net} JKS {crl_signer} trusted\n\
         {net} PKCS12 {root} trusted\n\
         {net} PKCS12 {crl_signer} trusted\n\
         {ssl} JKS {ssl_root} trusted\n\
         {ssl} PKCS12 {ssl_root} trusted\n\
         {im} JKS {im_alias} EC key, chain of 3\n\
         {im} PKCS12 {im_alias} EC key, chain of 3\n\
         {jwt} JKS {jwt_alias} RSA key, chain of 1\n\
         {jwt} PKCS12 {jwt_alias} RSA key, chain of 1\n\
         {signer} JKS cordasslsigner EC key, chain of 2\n\
         {signer} PKCS12 cordasslsigner EC key, chain of 2\n\
         tls {host} from CN=demo signer SSL, O=Example Network, L=London, C=GB\n\
         path of 4 with 4 CRLs: valid\n\
         path of 4 with 3 CRLs: UNDETERMINED_REVOCATION_STATUS\n",
        net = files::NETWORK_TRUST,
        ssl = files::SSL_TRUST,
        im = files::IDENTITY_MANAGER_KEYS,
        jwt = files::JWT_KEYS,
        root = aliases::ROOT,
        crl_signer = aliases::TLS_CRL_SIGNER,
        ssl_root = aliases::SSL_ROOT,
        im_alias = aliases::IDENTITY_MANAGER,
        jwt_alias = aliases::JWT,
    );
    assert_eq!(printed, expected);
}
