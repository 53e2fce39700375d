//! Certificates for keys in the HSM of the Signing Service: issued on request, to whom the plan says and no other.

use certificates::inspection::inspect_ring;
use certificates::{
    Away, CertificateFacts, CertificatePlan, Holder, IssueError, Issued, KeyAlgorithm, KeyRing, PlanRequest,
    ReadContent, RequestedKey, StoreEntry, aliases, files, read_store,
};
use jiff::Timestamp;
use rcgen::{
    CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RsaKeySize,
};

use crate::{chains, fixture};

/// The fixture's network, its signing keys in an HSM.
fn plan(change: impl FnOnce(&mut PlanRequest)) -> CertificatePlan {
    let mut request = fixture::request();
    request.signing_keys_in_hsm = true;
    change(&mut request);
    CertificatePlan::new(&request).unwrap()
}

/// A request as the tools of an HSM write it, of a key that stays there.
fn request(key: &KeyPair) -> Vec<u8> {
    let mut parameters = CertificateParams::default();
    // What it says of its subject does not count.
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, "somebody else");
    parameters
        .serialize_request(key)
        .unwrap()
        .pem()
        .unwrap()
        .into_bytes()
}

fn ec() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap()
}

fn key() -> RequestedKey {
    RequestedKey::read(&request(&ec())).unwrap()
}

#[test]
fn a_network_is_complete_once_every_key_has_its_certificate() {
    let plan = plan(|_| {});
    let now = Timestamp::now();
    let in_hsm = [aliases::IDENTITY_MANAGER, aliases::NETWORK_MAP];
    for entity in &plan.entities {
        let is_in_hsm = entity.holder == Holder::Hsm("signer".to_owned());
        assert_eq!(
            is_in_hsm,
            in_hsm.contains(&entity.alias.as_str()),
            "{}",
            entity.alias
        );
    }
    // No store gives such a key to anybody.
    let given = plan.stores.iter().flat_map(|store| &store.entries);
    for entry in given {
        if let StoreEntry::PrivateKey(alias) = entry {
            assert!(!in_hsm.contains(&alias.as_str()), "{alias}");
        }
    }

    let mut ring = KeyRing::new("demo");
    ring.make_missing(&plan, now).unwrap();
    assert_eq!(ring.awaited(&plan), in_hsm);
    assert!(ring.store(files::HSM_CERTIFICATES).is_err());

    let (identity_manager, network_map) = (key(), key());
    let first = ring.issue(in_hsm[0], &identity_manager, &plan, now).unwrap();
    assert_eq!(first, Issued::New);
    assert_eq!(ring.awaited(&plan), [aliases::NETWORK_MAP]);
    ring.issue(in_hsm[1], &network_map, &plan, now).unwrap();
    assert_eq!(ring.awaited(&plan), [""; 0]);
    for (alias, role) in [(in_hsm[0], 1), (in_hsm[1], 2)] {
        let facts = CertificateFacts::read(ring.certificate(alias).unwrap()).unwrap();
        let entity = plan.entity(alias).unwrap();
        assert_eq!(
            facts.subject,
            entity.subject.to_string(),
            "the plan's, not the request's"
        );
        assert_eq!(facts.role, Some(role));
        assert_eq!(ring.away(alias), Some(&Away::Hsm));
        assert_eq!(
            ring.private_key(alias).unwrap_err().to_string(),
            format!(
                "the private key of `{alias}` is in the HSM of the Signing Service, and not in the key file: the Signing \
                 Service signs with it there"
            )
        );
    }
    chains::accepts_chains(&ring);
    let found: Vec<String> = inspect_ring(&ring, now)
        .findings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found, [""; 0]);

    // What the Signing Service finds chains in.
    let store = ring.store(files::HSM_CERTIFICATES).unwrap();
    let read = read_store(store.file_name, store.bytes, store.password, store.password).unwrap();
    let mut held: Vec<&str> = read.entries.iter().map(|entry| entry.alias.as_str()).collect();
    held.sort_unstable();
    let mut wanted = [in_hsm[0], in_hsm[1], aliases::SUBORDINATE, aliases::ROOT];
    wanted.sort_unstable();
    assert_eq!(held, wanted);
    assert!(
        read.entries
            .iter()
            .all(|entry| matches!(entry.content, ReadContent::Trusted(_)))
    );
    // Nothing is left to make, and the same request again changes nothing.
    assert!(ring.make_missing(&plan, now).unwrap().is_empty());
    let before = ring.certificate(in_hsm[0]).unwrap().to_vec();
    let again = ring.issue(in_hsm[0], &identity_manager, &plan, now).unwrap();
    assert_eq!(again, Issued::Already);
    assert_eq!(ring.certificate(in_hsm[0]).unwrap(), before);
}

#[test]
fn the_signer_of_maps_gets_another_key_and_the_authority_does_not() {
    let plan = plan(|_| {});
    let now = Timestamp::now();
    let mut ring = KeyRing::new("demo");
    for alias in [aliases::IDENTITY_MANAGER, aliases::NETWORK_MAP] {
        ring.issue(alias, &key(), &plan, now).unwrap();
    }
    let store = |ring: &KeyRing| ring.store(files::HSM_CERTIFICATES).unwrap().bytes.to_vec();
    let before = store(&ring);
    let replaced = ring.issue(aliases::NETWORK_MAP, &key(), &plan, now).unwrap();
    assert_eq!(replaced, Issued::Replaced);
    assert_ne!(store(&ring), before, "the store has the new certificate");
    chains::accepts_chains(&ring);

    let error = ring
        .issue(aliases::IDENTITY_MANAGER, &key(), &plan, now)
        .unwrap_err();
    assert!(matches!(error, IssueError::Fixed { .. }), "{error}");
    let error = ring.rotate(aliases::NETWORK_MAP, &plan, now).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`cordanetworkmap` (signer of network maps) cannot be rotated: its key is in the HSM of the Signing Service, where \
         this program makes none; make a new one there, and give a request of it to `cordanetes certificates issue`"
    );
}

#[test]
fn requests_that_prove_nothing_are_refused() {
    let refused = |request: &[u8]| RequestedKey::read(request).unwrap_err().to_string();
    let good = request(&ec());
    let none = "this is no certificate signing request in PEM or DER form (PKCS#10): give the file that the HSM's tools \
                wrote";
    for wrong in [
        &b""[..],
        b"-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n",
        &good[..good.len() / 2],
        &[0x30, 0],
    ] {
        assert_eq!(refused(wrong), none);
    }
    // Another name in it than the one that was signed.
    let text = String::from_utf8(good.clone()).unwrap();
    let inner: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, inner).unwrap();
    assert!(RequestedKey::read(&der).is_ok(), "DER as it is");
    let name = der.windows(8).position(|part| part == b"somebody").unwrap();
    der[name] = b'S';
    assert_eq!(
        refused(&der),
        "the signature of the request is wrong, so it does not prove its key: write it again with the HSM's tools"
    );
    let other = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
    assert_eq!(
        refused(&request(&other)),
        "the key of the request is neither on P-256 nor an RSA key of 2048, 3072 or 4096 bits: make one of those"
    );
    // As keytool writes it.
    let keytool = text.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    assert!(RequestedKey::read(keytool.as_bytes()).is_ok());
}

#[test]
fn keys_that_do_not_fit_the_plan_are_refused_and_nothing_changes() {
    let whole = plan(|_| {});
    let now = Timestamp::now();
    let mut ring = KeyRing::new("demo");
    let mut refused = |alias: &str, key: &RequestedKey, plan: &CertificatePlan| {
        let error = ring.issue(alias, key, plan, now).unwrap_err().to_string();
        assert_eq!(ring.aliases().count(), 0, "nothing was made");
        error
    };
    let rsa = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let rsa = RequestedKey::read(&request(&rsa)).unwrap();
    assert_eq!(
        refused(aliases::NETWORK_MAP, &rsa, &whole),
        "the key of the request is RSA 2048, and EC P-256 is planned for `cordanetworkmap`: make the key so, or change \
         `certificates.algorithm`"
    );
    assert_eq!(
        refused(aliases::ROOT, &key(), &whole),
        "`cordarootca` is no key of the Signing Service's HSM: name one of `cordaidentitymanagerca`, `cordanetworkmap`"
    );
    assert_eq!(
        refused(aliases::NETWORK_MAP, &key(), &fixture::plan()),
        "no key of this network is in an HSM of the Signing Service, so none needs a request: declare the HSM with \
         `cenm.signingService.hsm` first"
    );
    let as_planned = plan(|request| {
        request
            .algorithms
            .of
            .insert(aliases::NETWORK_MAP.into(), KeyAlgorithm::Rsa2048);
    });
    ring.issue(aliases::NETWORK_MAP, &rsa, &as_planned, now).unwrap();

    let mut ring = KeyRing::new("demo");
    let shared = key();
    ring.issue(aliases::NETWORK_MAP, &shared, &whole, now).unwrap();
    assert_eq!(
        ring.issue(aliases::IDENTITY_MANAGER, &shared, &whole, now)
            .unwrap_err()
            .to_string(),
        "the key of the request is that of `cordanetworkmap`: make a key of its own for `cordaidentitymanagerca`"
    );
    // A key that was made here cannot become one of the HSM.
    let mut ring = fixture::ring();
    assert_eq!(
        ring.issue(aliases::NETWORK_MAP, &key(), &whole, fixture::now())
            .unwrap_err()
            .to_string(),
        "`cordaidentitymanagerca` was made with its private key in the key file, and now in the HSM of the Signing Service is \
         asked for: give it its old value again, or start a new network with a key file of its own"
    );
}
