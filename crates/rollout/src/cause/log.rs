//! What the last lines of a product's log say about the cause. Products log what they like, so only words are
//! known here that Java, OpenSSL, Go and curl have used for the same thing for years.

use super::{Blame, Cause};

/// What a log line told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// What kind of trouble.
    pub(crate) trouble: Trouble,
    /// For a person.
    pub(crate) sentence: String,
}

/// What kind of trouble a log line tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Certain by itself.
    Certain(Blame),
    /// Nobody answered at `host:port`; whether a policy is to blame, the policies say.
    Unanswered(Option<Target>),
}

/// Where a connection should have led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// Words in lower case, and what they mean. The first that fits counts: the particular before the general.
const CERTIFICATES: &[(&[&str], &str)] = &[
    (
        &[
            "certificateexpiredexception",
            "certificate has expired",
            "certificate_expired",
            "notafter:",
        ],
        "a certificate has expired",
    ),
    (
        &[
            "certificatenotyetvalid",
            "certificate is not yet valid",
            "notbefore:",
        ],
        "a certificate is not valid yet: the clocks of the nodes differ, or it was made with a later date",
    ),
    (
        &[
            "unknown_ca",
            "unable to find valid certification path",
            "pkix path building failed",
            "unknown authority",
            "self-signed certificate",
            "self signed certificate",
            "unable to get local issuer certificate",
            "path does not chain with any of the trust anchors",
        ],
        "a certificate is of an authority that is not trusted here",
    ),
    (
        &[
            "no subject alternative",
            "no name matching",
            "certificate is valid for",
            "doesn't match any of the subject alternative names",
            "hostname mismatch",
        ],
        "a certificate names another host than the one that was called",
    ),
    (
        &[
            "bad_certificate",
            "certificate_required",
            "empty client certificate chain",
            "empty server certificate chain",
            "null cert chain",
            "certificate_unknown",
        ],
        "a certificate is missing or refused in a TLS handshake",
    ),
    (
        &[
            "keystore was tampered with, or password was incorrect",
            "keystore password was incorrect",
            "cannot recover key",
            "failed to decrypt safe contents entry",
        ],
        "a key store cannot be opened with its password",
    ),
    (
        &[
            "certificaterevokedexception",
            "certificate_revoked",
            "certificate revoked",
        ],
        "a certificate is revoked",
    ),
    (
        &[
            "no cipher suites in common",
            "handshake_failure",
            "protocol_version",
            "no appropriate protocol",
        ],
        "the two sides of a TLS handshake have no protocol, cipher or key in common",
    ),
];

const UNANSWERED: &[&str] = &[
    "connection refused",
    "connect timed out",
    "connection timed out",
    "connection timeout",
    "i/o timeout",
    "no route to host",
    "network is unreachable",
];

const UNKNOWN_HOST: &[&str] = &[
    "unknownhostexception",
    "no such host",
    "name or service not known",
    "temporary failure in name resolution",
    "could not resolve host",
];

const OUT_OF_MEMORY: &[&str] = &["java.lang.outofmemoryerror", "cannot allocate memory"];

/// Looks through a log from its end: the last trouble is the one that ended it.
pub(crate) fn recognise(log: &str) -> Option<Found> {
    log.lines().rev().find_map(of_line)
}

fn of_line(line: &str) -> Option<Found> {
    let lower = line.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|known| lower.contains(known));
    let certain = |cause, subject: String, sentence: String| {
        Some(Found {
            trouble: Trouble::Certain(Blame::new(cause, subject)),
            sentence,
        })
    };
    if let Some((_, meaning)) = CERTIFICATES.iter().find(|(words, _)| says(words)) {
        return certain(Cause::Certificate, (*meaning).to_owned(), (*meaning).to_owned());
    }
    if says(OUT_OF_MEMORY) {
        let meaning = "its program ran out of memory; give it a larger heap";
        return certain(
            Cause::OutOfMemory,
            "the program's heap".to_owned(),
            meaning.to_owned(),
        );
    }
    if says(UNKNOWN_HOST) {
        let meaning = "a host name cannot be resolved: its Service is missing, or no policy lets it ask the cluster's DNS";
        return certain(
            Cause::Connection,
            "name resolution".to_owned(),
            meaning.to_owned(),
        );
    }
    if says(UNANSWERED) {
        let target = target(line);
        let sentence = target.as_ref().map_or_else(
            || "a connection is not answered".to_owned(),
            |target| format!("nothing answers at {}:{}", target.host, target.port),
        );
        return Some(Found {
            trouble: Trouble::Unanswered(target),
            sentence,
        });
    }
    None
}

/// The first `host:port` of a line; Java writes `name/address:port`, others put a scheme before it.
fn target(line: &str) -> Option<Target> {
    line.split(|letter: char| letter.is_whitespace() || "()[]{},;\"'`=<>".contains(letter))
        .map(|word| word.split_once("://").map_or(word, |(_, rest)| rest))
        .find_map(|word| {
            let mut parts = word.trim_matches(['/', '.', ':']).split('/');
            let first = parts.next()?;
            let (host, port) = match (first.rsplit_once(':'), parts.next()) {
                (Some(pair), _) => pair,
                // name/10.96.0.1:8080
                (None, Some(second)) => (first, second.rsplit_once(':')?.1),
                (None, None) => return None,
            };
            let port: u16 = port
                .trim_end_matches(|letter: char| !letter.is_ascii_digit())
                .parse()
                .ok()?;
            let is_host = host.len() > 1
                && host.contains(|letter: char| letter.is_ascii_alphabetic() || letter == '.')
                && host
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-');
            (is_host && port > 0).then(|| Target {
                host: host.to_owned(),
                port,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_words_of_many_programs_are_known() {
        let check = |line: &str, expected: &str| {
            let log = format!("starting\n{line}\n\tat net.corda.Something(Some.kt:12)");
            let found = recognise(&log).unwrap_or_else(|| panic!("nothing was found in {line}"));
            assert_eq!(found.sentence, expected, "{line}");
            assert!(
                matches!(
                    found.trouble,
                    Trouble::Certain(Blame {
                        cause: Cause::Certificate,
                        ..
                    })
                ),
                "{line}"
            );
        };
        check(
            "Caused by: java.security.cert.CertificateExpiredException: NotAfter: Sun Nov 01 00:00:00 UTC 2026",
            "a certificate has expired",
        );
        check(
            "javax.net.ssl.SSLHandshakeException: Received fatal alert: unknown_ca",
            "a certificate is of an authority that is not trusted here",
        );
        check(
            "sun.security.validator.ValidatorException: PKIX path building failed: unable to find valid certification path to requested target",
            "a certificate is of an authority that is not trusted here",
        );
        check(
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "a certificate is of an authority that is not trusted here",
        );
        check(
            "java.security.cert.CertificateException: No subject alternative DNS name matching auth.n.svc found.",
            "a certificate names another host than the one that was called",
        );
        check(
            "javax.net.ssl.SSLHandshakeException: Empty client certificate chain",
            "a certificate is missing or refused in a TLS handshake",
        );
        check(
            "java.io.IOException: Keystore was tampered with, or password was incorrect",
            "a key store cannot be opened with its password",
        );
    }

    #[test]
    fn unanswered_connections_name_their_target() {
        let check = |line: &str, host: &str, port: u16| {
            let target = Target {
                host: host.into(),
                port,
            };
            let found = recognise(line).map(|found| found.trouble);
            assert_eq!(found, Some(Trouble::Unanswered(Some(target))), "{line}");
        };
        check(
            "io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: notary.n.svc/10.96.3.4:10002",
            "notary.n.svc",
            10002,
        );
        check(
            "connect to auth.n.svc:8081 failed: connect timed out",
            "auth.n.svc",
            8081,
        );
        check("dial tcp 10.96.1.2:443: i/o timeout", "10.96.1.2", 443);
        check(
            "GET https://zone.n.svc:12345/x (Connection refused)",
            "zone.n.svc",
            12345,
        );
        assert_eq!(
            recognise("12:30:01 java.net.ConnectException: Connection refused").map(|found| found.trouble),
            Some(Trouble::Unanswered(None))
        );
    }

    #[test]
    fn the_last_trouble_counts_and_ordinary_lines_say_nothing() {
        let log =
            "java.net.ConnectException: Connection refused\nCaused by: keystore password was incorrect\nbye";
        assert_eq!(
            recognise(log).map(|found| found.sentence).as_deref(),
            Some("a key store cannot be opened with its password")
        );
        assert_eq!(recognise("all is well\n10:00:01 started in 3 s"), None);
    }
}
