//! Each wrong kind of store, certificate and CRL is refused with a sentence of its own, and all at once.

use certificates::inspection::{CrlInput, Inspection, StoreInput, inspect, inspect_ring};
use certificates::{
    CertificatePlan, CordaRole, EntityPlan, IssuedBy, KeyRing, Purpose, ReadContent, StoreEntry, aliases,
    files, read_store,
};
use jiff::{SignedDuration, Timestamp};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::{fixture, tool};

fn told(inspection: &Inspection) -> Vec<String> {
    inspection.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn what_was_made_here_has_no_problem() {
    let inspection = inspect_ring(fixture::shared(), Timestamp::now());
    assert_eq!(told(&inspection), [""; 0]);
    assert_eq!(inspection.stores.len(), fixture::plan().stores.len());
}

/// A ring whose plan was spoiled before it was made, and what is found in it.
fn spoiled(spoil: impl FnOnce(&mut CertificatePlan)) -> Vec<String> {
    let mut plan = fixture::plan();
    spoil(&mut plan);
    let mut ring = KeyRing::new("demo");
    ring.make_missing(&plan, fixture::now()).unwrap();
    told(&inspect_ring(&ring, fixture::now()))
}

fn entity<'a>(plan: &'a mut CertificatePlan, alias: &str) -> &'a mut EntityPlan {
    plan.entities
        .iter_mut()
        .find(|entity| entity.alias == alias)
        .unwrap()
}

const SUBORDINATE: &str = "CN=demo Subordinate CA, O=Example Network, L=London, C=GB";

#[test]
fn roles_are_those_that_corda_wants() {
    assert_eq!(
        spoiled(|plan| entity(plan, aliases::NETWORK_MAP).role = None),
        [
            "network-map-key-store.jks, cordanetworkmap: it has no Corda role, and the signer of network maps must have 2: \
             nodes would refuse it; issue it again with the role"
        ]
    );
    assert_eq!(
        spoiled(|plan| entity(plan, aliases::IDENTITY_MANAGER).role = Some(CordaRole::NetworkMap)),
        [
            "identity-manager-key-store.jks, cordaidentitymanagerca: it has Corda's role 2, and the Identity Manager's \
             authority must have 1: issue it again"
        ]
    );
    assert_eq!(
        spoiled(|plan| entity(plan, aliases::SUBORDINATE).role = Some(CordaRole::IdentityManager)),
        [
            "identity-manager-key-store.jks, cordaidentitymanagerca: its issuer has role 1, and that of the Identity \
             Manager's authority must have no role: nodes would refuse the chain",
            "network-map-key-store.jks, cordanetworkmap: its issuer has role 1, and that of the signer of network maps \
             must have no role: nodes would refuse the chain",
            "the key file, cordasubordinateca: it has Corda's role 1, and the subordinate authority must have none: \
             issue it again",
        ]
    );
}

#[test]
fn authorities_may_issue_and_others_may_not() {
    let not_allowed = |place: &str| {
        format!(
            "{place}: `{SUBORDINATE}` issues certificates and its own does not allow that (CA bit or key usage is \
             missing): issue it again as an authority"
        )
    };
    assert_eq!(
        spoiled(|plan| entity(plan, aliases::SUBORDINATE).purpose = Purpose::Tls),
        [
            not_allowed("identity-manager-key-store.jks, cordaidentitymanagerca"),
            not_allowed("network-map-key-store.jks, cordanetworkmap"),
            not_allowed("the key file, cordasubordinateca"),
        ]
    );
    assert_eq!(
        spoiled(|plan| entity(plan, "cordasslsigner").purpose = Purpose::Authority),
        [
            "corda-ssl-signer-keys.jks, cordasslsigner: it may issue certificates, and the TLS key of a service must \
             not: issue it again without the CA bit"
        ]
    );
}

#[test]
fn chains_lead_to_the_right_root() {
    assert_eq!(
        spoiled(|plan| {
            // The SSL root must exist before it issues.
            let moved = plan.entities.remove(3);
            assert_eq!(moved.alias, aliases::NETWORK_MAP);
            plan.entities.push(EntityPlan {
                issued_by: IssuedBy::Authority(aliases::SSL_ROOT.into()),
                ..moved
            });
        }),
        [
            "network-map-key-store.jks, cordanetworkmap: its root `CN=demo SSL Root CA, O=Example Network, L=London, C=GB` \
             is not in `network-root-truststore.jks`: it is of another network, or the trust store is"
        ]
    );
    assert_eq!(
        spoiled(|plan| entity(plan, "cordasslsigner").issued_by = IssuedBy::Itself),
        [
            "corda-ssl-signer-keys.jks, cordasslsigner: it signed itself, and the TLS key of a service must be signed by \
             an authority",
            "corda-ssl-signer-keys.jks, cordasslsigner: its root `CN=demo signer SSL, O=Example Network, L=London, C=GB` \
             is not in `corda-ssl-trust-store.jks`: it is of another network, or the trust store is",
        ]
    );
}

#[test]
fn aliases_are_those_that_products_look_for() {
    assert_eq!(
        spoiled(|plan| {
            for entry in plan.stores.iter_mut().flat_map(|store| &mut store.entries) {
                if *entry == StoreEntry::PrivateKey(aliases::NETWORK_MAP.into()) {
                    *entry = StoreEntry::PrivateKey("mymap".into());
                }
                if *entry == StoreEntry::Trusted(aliases::ROOT.into()) {
                    *entry = StoreEntry::Trusted(aliases::SUBORDINATE.into());
                }
            }
            entity(plan, aliases::NETWORK_MAP).alias = "mymap".into();
        })
        .iter()
        .filter(|finding| finding.contains("looks for"))
        .collect::<Vec<_>>(),
        [
            "network-map-key-store.jks, mymap: no product looks for this alias: call the signer of network maps \
             `cordanetworkmap`",
            "network-root-truststore.jks, cordasubordinateca: no product looks for this alias: call the root \
             `cordarootca`",
        ]
    );
    assert_eq!(
        spoiled(|plan| {
            let ssl = plan
                .stores
                .iter_mut()
                .find(|store| store.file == "corda-ssl-auth-keys.jks");
            let root = StoreEntry::PrivateKey(aliases::SSL_ROOT.into());
            ssl.unwrap().entries.push(root);
        }),
        [
            "corda-ssl-auth-keys.jks, cordasslrootca: here belongs the TLS key of a service, and this is the SSL root: \
             take it out, its key must not be here"
        ]
    );
}

#[test]
fn times_are_looked_at_by_the_clock_that_is_given() {
    let mut request = fixture::request();
    request.lifetimes.of.insert("cordasslsigner".into(), 90);
    request.lifetimes.of.insert("tls.crl".into(), 60);
    let mut ring = KeyRing::new("demo");
    let plan = CertificatePlan::new(&request).unwrap();
    ring.make_missing(&plan, fixture::now()).unwrap();
    let days = |days: i64| fixture::now() + SignedDuration::from_hours(24 * days);
    assert_eq!(told(&inspect_ring(&ring, days(59))), [""; 0]);
    assert_eq!(
        told(&inspect_ring(&ring, days(91))),
        [
            "corda-ssl-signer-keys.jks, cordasslsigner: `CN=demo signer SSL, O=Example Network, L=London, C=GB` expired \
             on 2027-02-21T12:00:00Z: issue it again",
            "tls.crl: it expired on 2027-01-22T12:00:00Z, and strict nodes stop talking: sign it again with `cordanetes \
             certificates renew-crls`",
        ]
    );
    let early = told(&inspect_ring(&ring, days(-1)));
    let skew =
        "is valid from 2026-11-23T11:00:00Z on, and it is 2026-11-22T12:00:00Z: set the clock right, or wait";
    assert_eq!(
        early.iter().filter(|finding| finding.ends_with(skew)).count(),
        early.len()
    );
    assert!(early.len() > 10, "{early:#?}");
}

#[test]
fn a_leaf_may_not_outlive_its_issuer() {
    let found = spoiled(|plan| entity(plan, aliases::SUBORDINATE).days = 3000);
    assert_eq!(found, [""; 0], "what is made here is clipped");

    let parameters = |name: &str, days: i64, ca: IsCa| {
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name = DistinguishedName::new();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.not_before = OffsetDateTime::from_unix_timestamp(0).unwrap();
        parameters.not_after = OffsetDateTime::from_unix_timestamp(days * 86_400).unwrap();
        parameters.is_ca = ca;
        parameters
    };
    let key = KeyPair::generate().unwrap();
    let root = parameters("root", 1000, IsCa::Ca(BasicConstraints::Unconstrained));
    let root_certificate = root.self_signed(&key).unwrap();
    let leaf_key = KeyPair::generate().unwrap();
    let leaf = parameters("leaf", 1001, IsCa::ExplicitNoCa)
        .signed_by(&leaf_key, &Issuer::new(root, &key))
        .unwrap();
    let chain = [leaf.der(), root_certificate.der()].map(|der| Certificate::from_der(der).unwrap());
    let stored_key = PrivateKey::from_der(&leaf_key.serialize_der()).unwrap();
    let mut store = KeyStore::new();
    let entry = PrivateKeyChain::new("cordasslsigner", stored_key, chain);
    store.add_entry("cordasslsigner", KeyStoreEntry::PrivateKeyChain(entry));
    let password = SecretString::from("x");
    let bytes = store.writer("x").write().unwrap();
    let store = StoreInput {
        name: "corda-ssl-signer-keys.jks",
        bytes: &bytes,
        password: &password,
        key_password: &password,
    };
    assert_eq!(
        told(&inspect(&[store], &[], Timestamp::from_second(86_400).unwrap())),
        [
            "corda-ssl-signer-keys.jks, cordasslsigner: `CN=leaf` ends on 1972-09-28T00:00:00Z, after its issuer on \
             1972-09-27T00:00:00Z: issue it again with an earlier end"
        ]
    );
}

fn input<'a>(ring: &'a KeyRing, file: &'a str) -> StoreInput<'a> {
    let store = ring.store(file).unwrap();
    StoreInput {
        name: file,
        bytes: store.bytes,
        password: store.password,
        key_password: store.password,
    }
}

#[test]
fn stores_that_cannot_be_opened_are_told_apart() {
    let ring = fixture::shared();
    let whole = input(ring, files::NETWORK_MAP_KEYS);
    let wrong = SecretString::from("wrong");
    let with = |bytes: &[u8], password: &SecretString| {
        let store = StoreInput {
            bytes,
            password,
            key_password: password,
            ..whole
        };
        told(&inspect(&[store], &[], Timestamp::now()))
    };
    let password =
        "network-map-key-store.jks: the given password does not open it: give the one that it was made with";
    let damaged = "network-map-key-store.jks: it is cut off or altered: restore it from a copy";
    let foreign = "network-map-key-store.jks: it is no Java key store in PKCS#12 or JKS form: take it away, or convert \
                   it with `keytool -importkeystore`";
    assert_eq!(with(whole.bytes, &wrong), [password]);
    for length in [whole.bytes.len() - 1, whole.bytes.len() / 2, 30, 1] {
        assert_eq!(
            with(&whole.bytes[..length], whole.password),
            [damaged],
            "{length}"
        );
    }
    for other in [&b"-----BEGIN CERTIFICATE-----"[..], b"", b"\xce\xce\xce\xce"] {
        assert_eq!(with(other, whole.password), [foreign]);
    }
    assert_eq!(
        with(ring.certificate(aliases::ROOT).unwrap(), whole.password),
        [foreign]
    );
}

#[test]
fn stores_and_crls_of_another_network_are_refused_all_at_once() {
    let ours = fixture::shared();
    let theirs = {
        let mut ring = KeyRing::new("demo");
        ring.make_missing(&fixture::plan(), Timestamp::now()).unwrap();
        ring
    };
    let stores = [
        input(ours, files::NETWORK_TRUST),
        input(&theirs, files::NETWORK_MAP_KEYS),
        input(&theirs, files::IDENTITY_MANAGER_KEYS),
    ];
    let crls = [files::ROOT_CRL, files::SSL_CRL, files::TLS_CRL].map(|name| CrlInput {
        name,
        bytes: if name == files::TLS_CRL {
            ours.crl(files::ROOT_CRL).unwrap()
        } else {
            theirs.crl(name).unwrap()
        },
    });
    let garbage = CrlInput {
        name: "other.crl",
        bytes: b"x",
    };
    let root = "CN=demo Root CA, O=Example Network, L=London, C=GB";
    let foreign = "is not in `network-root-truststore.jks`: it is of another network, or the trust store is";
    assert_eq!(
        told(&inspect(&stores, &[&crls[..], &[garbage]].concat(), Timestamp::now())),
        [
            format!("network-map-key-store.jks, cordanetworkmap: its root `{root}` {foreign}"),
            format!("identity-manager-key-store.jks, cordaidentitymanagerca: its root `{root}` {foreign}"),
            "ssl.crl: its issuer `CN=demo SSL Root CA, O=Example Network, L=London, C=GB` is in no store, so its \
             signature cannot be verified: it is of another network, or a store is missing"
                .to_owned(),
            "tls.crl: it covers certificates of other issuers and does not say that it is indirect: sign it again as an \
             indirect CRL"
                .to_owned(),
            "other.crl: it is no X.509 CRL in DER form: take it away, or restore it from a copy".to_owned(),
        ]
    );
    let only_ours = [input(ours, files::NETWORK_TRUST)];
    assert_eq!(
        told(&inspect(&only_ours, &crls[..1], Timestamp::now())),
        [format!(
            "root.crl: it was not signed by the key of `{root}`: sign it again"
        )]
    );
}

/// A store as `keytool` of Java 8 makes them, with a key password of its own.
fn jks(ring: &KeyRing, file: &str, alias: &str, key_password: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join(file);
    let to = folder.path().join("made.jks");
    let store = ring.store(file).unwrap();
    fs_err::write(&from, store.bytes).unwrap();
    let password = store.password.expose_secret();
    // Test values: on a machine of many users they would not be arguments.
    let arguments = [
        "-importkeystore",
        "-noprompt",
        "-srcstoretype",
        "PKCS12",
        "-srckeystore",
        from.to_str().unwrap(),
        "-srcstorepass",
        password,
        "-srcalias",
        alias,
        "-deststoretype",
        "JKS",
        "-destkeystore",
        to.to_str().unwrap(),
        "-deststorepass",
        "of-the-store",
        "-destkeypass",
        key_password,
    ];
    tool::run("keytool", &arguments, "");
    fs_err::read(&to).unwrap()
}

#[test]
fn stores_of_java_8_are_read() {
    let ring = fixture::shared();
    let bytes = jks(ring, files::NETWORK_MAP_KEYS, aliases::NETWORK_MAP, "of-the-key");
    let [store_password, key_password] = ["of-the-store", "of-the-key"].map(SecretString::from);
    let read = read_store(
        "network-map-key-store.jks",
        &bytes,
        &store_password,
        &key_password,
    )
    .unwrap();
    let [entry] = read.entries.as_slice() else {
        panic!("one entry: {read:?}");
    };
    assert_eq!(entry.alias, aliases::NETWORK_MAP);
    let ReadContent::PrivateKey {
        key: Some(key),
        chain,
    } = &entry.content
    else {
        panic!("a key: {entry:?}");
    };
    assert_eq!(
        key.expose_pkcs8(),
        ring.private_key(aliases::NETWORK_MAP).unwrap().expose_pkcs8()
    );
    assert_eq!(*chain, ring.chain(aliases::NETWORK_MAP).unwrap());

    let with = |bytes: &[u8], password: &SecretString, key_password: &SecretString| {
        let store = StoreInput {
            name: files::NETWORK_MAP_KEYS,
            bytes,
            password,
            key_password,
        };
        told(&inspect(&[store], &[], Timestamp::now()))
    };
    assert_eq!(with(&bytes, &store_password, &key_password), [""; 0]);
    let wrong = "the given password does not open it: give the one that it was made with";
    assert_eq!(
        with(&bytes, &store_password, &store_password),
        [format!("network-map-key-store.jks, cordanetworkmap: {wrong}")]
    );
    assert_eq!(
        with(&bytes, &key_password, &key_password),
        [format!("network-map-key-store.jks: {wrong}")]
    );
    for length in [bytes.len() / 2, 40, 10] {
        assert_eq!(
            with(&bytes[..length], &store_password, &key_password),
            ["network-map-key-store.jks: it is cut off or altered: restore it from a copy"],
            "{length}"
        );
    }
}
