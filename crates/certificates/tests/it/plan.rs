//! The plan as data, and what it refuses.

use certificates::{CertificatePlan, PlanRequest};

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
