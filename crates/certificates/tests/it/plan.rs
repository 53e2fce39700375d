//! The plan as data, and what it refuses.

use certificates::{CertificatePlan, KeyAlgorithm, MapSigner, PlanRequest, SslIdentity};

use crate::fixture;

#[test]
fn a_plan_prints_as_data() {
    insta::assert_json_snapshot!(fixture::plan());
}

#[test]
fn the_same_request_gives_the_same_plan() {
    assert_eq!(fixture::plan(), fixture::plan());
}

/// A request with one thing wrong, and the sentence that says so.
fn refused(spoil: impl FnOnce(&mut PlanRequest), sentence: &str) {
    let mut request = fixture::request();
    spoil(&mut request);
    let error = CertificatePlan::new(&request).unwrap_err();
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn subjects_that_no_certificate_takes_are_refused() {
    refused(
        |request| request.organisation = " ".into(),
        "organisation ` ` cannot stand in a certificate's subject: give 1 to 64 printable characters",
    );
    refused(
        |request| request.network = "n".repeat(45),
        &format!(
            "network `{}` cannot stand in a certificate's subject: give 1 to 44 printable characters",
            "n".repeat(45)
        ),
    );
    refused(
        |request| request.country = "gb".into(),
        "country `gb` is not a country code: give two capital letters, such as `GB`",
    );
}

#[test]
fn crl_addresses_that_cannot_last_are_refused() {
    let help = "give `http://` and a DNS name that will last as long as the certificates";
    for (url, problem) in [
        ("https://im.example", "does not begin with `http://`"),
        ("http://im.example/", "has more than a host and a port"),
        ("http://10.1.2.3:10000", "names an IP address"),
        ("http://[fd00::1]:10000", "names an IP address"),
        ("http://im.example:port", "has a port that is no number"),
        ("http://IM_1", "has no valid DNS name"),
        ("http://", "has no valid DNS name"),
    ] {
        refused(
            |request| request.crl_base_url = url.into(),
            &format!("CRL base address `{url}` {problem}: {help}"),
        );
    }
}

#[test]
fn identities_must_be_distinct_and_named() {
    refused(
        |request| request.ssl_identities[1].alias = "CordaRootCA".into(),
        "alias `CordaRootCA` is used twice: give each its own",
    );
    refused(
        |request| request.ssl_identities[1].file = "jwt-store.jks".into(),
        "key store `jwt-store.jks` is used twice: give each its own",
    );
    refused(
        |request| request.secrets.push("auth-admin".into()),
        "secret `auth-admin` is used twice: give each its own",
    );
    refused(
        |request| request.ssl_identities[0].dns_names.clear(),
        "`cordasslauthservice` has no DNS name: name at least one Service that it answers for",
    );
    refused(
        |request| request.ssl_identities[0].dns_names = vec!["auth_1".into()],
        "`auth_1` of `cordasslauthservice` is not a DNS name: use lower-case letters, digits, `-` and `.`",
    );
    refused(
        |request| request.lifetimes.crl_days = 0,
        "a lifetime of 0 days is not usable: give 1 to 36500 days",
    );
}

#[test]
fn nothing_outlives_who_signs_it() {
    refused(
        |request| request.lifetimes.root_days = 7299,
        "`cordasubordinateca` would live 7300 days and its issuer `cordarootca` only 7299: \
         give it 7299 days at most, or the issuer more",
    );
    refused(
        |request| {
            request.lifetimes.of.insert("cordasslsigner".into(), 400);
            request.lifetimes.of.insert("cordasslrootca".into(), 3650);
            request.lifetimes.of.insert("cordasslauthservice".into(), 3651);
        },
        "`cordasslauthservice` would live 3651 days and its issuer `cordasslrootca` only 3650: \
         give it 3650 days at most, or the issuer more",
    );
    refused(
        |request| {
            request.lifetimes.of.insert("subordinate.crl".into(), 7301);
        },
        "`subordinate.crl` would live 7301 days and its issuer `cordasubordinateca` only 7300: \
         give it 7300 days at most, or the issuer more",
    );
}

#[test]
fn choices_must_fit_what_there_is() {
    refused(
        |request| request.algorithms.tokens = KeyAlgorithm::EcP256,
        "`cordaauthjwk` signs access tokens, which need an RSA key, and EC P-256 is asked for: \
         write `RSA 2048` or more",
    );
    refused(
        |request| {
            request
                .algorithms
                .of
                .insert("cordaroot".into(), KeyAlgorithm::Rsa4096);
        },
        "an algorithm is given for `cordaroot`, which the network does not have: take it out, or write one of \
         `cordarootca`, `cordasubordinateca`, `cordaidentitymanagerca`, `cordanetworkmap`, `cordatlscrlsigner`, \
         `cordasslrootca`, `cordaauthjwk`, `cordasslauthservice`, `cordasslsigner`",
    );
    refused(
        |request| request.map_signers.clear(),
        "no key signs network maps: name at least one signer of maps",
    );
}

#[test]
fn each_subzone_can_have_its_own_signer_and_network_map() {
    let mut request = fixture::request();
    request.map_signers = ["retail", "wholesale"].map(MapSigner::of_subzone).to_vec();
    request.map_signers.push(MapSigner {
        subzone: Some("retail".into()),
        parameters: true,
        alias: "cordanetworkparameters-retail".into(),
        file: "network-parameters-retail-key-store.jks".into(),
    });
    for subzone in ["retail", "wholesale"] {
        request.ssl_identities.push(SslIdentity {
            file: format!("corda-ssl-network-map-{subzone}-keys.jks"),
            ..fixture::identity(
                &format!("network-map-{subzone}"),
                &format!("cordasslnetworkmap-{subzone}"),
            )
        });
    }
    let plan = CertificatePlan::new(&request).unwrap();
    let told: Vec<String> = plan
        .entities
        .iter()
        .filter(|entity| entity.alias.contains("network"))
        .map(|entity| {
            let role = entity.role.map_or(0, certificates::CordaRole::number);
            format!(
                "{} {role} {} {}",
                entity.alias,
                entity.holder,
                entity.subject.common_name()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "cordanetworkmap-retail 2 signer demo Network Map retail",
            "cordanetworkmap-wholesale 2 signer demo Network Map wholesale",
            "cordanetworkparameters-retail 8 signer demo Network Parameters retail",
            "cordasslnetworkmap-retail 0 network-map-retail demo network-map-retail SSL",
            "cordasslnetworkmap-wholesale 0 network-map-wholesale demo network-map-wholesale SSL",
        ]
    );
    assert_eq!(
        plan.store("network-map-retail-key-store.jks").unwrap().entries,
        [certificates::StoreEntry::PrivateKey(
            "cordanetworkmap-retail".into()
        )]
    );
}

#[test]
fn single_choices_win() {
    let mut request = fixture::request();
    request.algorithms.network = KeyAlgorithm::Rsa3072;
    request
        .algorithms
        .of
        .insert("cordarootca".into(), KeyAlgorithm::Rsa4096);
    request.lifetimes.leaf_days = 365;
    request.lifetimes.of.insert("cordasslsigner".into(), 90);
    let plan = CertificatePlan::new(&request).unwrap();
    let told = |alias: &str| {
        let entity = plan.entity(alias).unwrap();
        format!("{} {}", entity.key, entity.days)
    };
    assert_eq!(told("cordarootca"), "RSA 4096 7300");
    assert_eq!(told("cordasubordinateca"), "RSA 3072 7300");
    assert_eq!(told("cordanetworkmap"), "RSA 3072 365");
    assert_eq!(told("cordasslsigner"), "EC P-256 90");
    assert_eq!(told("cordasslauthservice"), "EC P-256 365");
}

#[test]
fn a_plan_is_drawn_as_trees() {
    let plan = fixture::plan();
    let lines: Vec<String> = certificates::Hierarchy::ALL
        .into_iter()
        .flat_map(|hierarchy| plan.tree(hierarchy))
        .map(|branch| format!("{}{}", branch.prefix(), branch.entity.alias))
        .collect();
    assert_eq!(
        lines,
        [
            "cordarootca",
            "└─ cordasubordinateca",
            "   ├─ cordaidentitymanagerca",
            "   └─ cordanetworkmap",
            "cordatlscrlsigner",
            "cordasslrootca",
            "├─ cordasslauthservice",
            "└─ cordasslsigner",
            "cordaauthjwk",
        ]
    );
    insta::assert_snapshot!(plan.to_svg());
}
