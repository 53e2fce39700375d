//! What looks like a secret.

/// Default passwords of R3's images, charts and samples (reference, appendix A) that are no words.
const DEFAULTS: [&str; 7] = [
    "p4ssWord",
    "trustpass",
    "cordacadevpass",
    "changeit",
    "ziAscD0MJnj4n4xkFWY6XuMBuw9bvYC7",
    "example-db-password",
    "notaryP",
];

/// Those that may as well be the name of a Secret or of a key in one: only a key that asks for a secret
/// makes a password of them.
const DEFAULT_WORDS: [&str; 5] = [
    "password",
    "secret1",
    "secret2",
    "key-password",
    "trust-store-password",
];

/// Last words of keys whose value is a secret.
const SECRET_WORDS: [&str; 8] = [
    "password",
    "passwd",
    "passphrase",
    "token",
    "pin",
    "credential",
    "credentials",
    "secret",
];

/// Last words before `key` that make a secret of it: `apiKey`, `privateKey`.
const SECRET_KEYS: [&str; 6] = ["api", "access", "private", "account", "encryption", "shared"];

/// Beginnings by which the issuers of tokens let them be found, and how long such a token is at least.
const TOKENS: [(&str, usize, &str); 12] = [
    ("AKIA", 20, "an AWS access key"),
    ("ASIA", 20, "an AWS access key"),
    ("AIza", 35, "a Google API key"),
    ("ghp_", 36, "a GitHub token"),
    ("gho_", 36, "a GitHub token"),
    ("ghs_", 36, "a GitHub token"),
    ("github_pat_", 40, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"),
    ("xoxb-", 20, "a Slack token"),
    ("hvs.", 24, "a Vault token"),
    ("AGE-SECRET-KEY-1", 40, "an age key"),
    ("npm_", 36, "an npm token"),
];

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A published default.
    Default,
    /// Something where a secret is expected.
    Literal,
    /// Something that has the shape of a secret.
    Shape(&'static str),
}

/// What a value is, seen with its key.
pub(super) fn at(key: &str, text: &str) -> Option<Found> {
    let words =
        || text.split(|character: char| !character.is_ascii_alphanumeric() && !"-_".contains(character));
    if DEFAULTS.contains(&text) || words().any(|word| DEFAULTS.contains(&word)) {
        return Some(Found::Default);
    }
    if names_secret(key) && !text.is_empty() && !is_reference(key, text) {
        return Some(if DEFAULT_WORDS.contains(&text) {
            Found::Default
        } else {
            Found::Literal
        });
    }
    if let Some(shape) = shape(text) {
        return Some(Found::Shape(shape));
    }
    if assigns_secret(text) {
        return Some(Found::Shape("a password"));
    }
    (!is_digest(key, text) && is_random(text)).then_some(Found::Shape("what looks like a key"))
}

/// Whether a key asks for a secret itself rather than for the name, file or length of one.
pub(super) fn names_secret(key: &str) -> bool {
    let words = words_of(key);
    let Some(last) = words.last() else {
        return false;
    };
    SECRET_WORDS.contains(&last.as_str())
        || (last == "key" && words.len() > 1 && SECRET_KEYS.contains(&words[words.len() - 2].as_str()))
}

/// Whether an argument such as `--password` makes a secret of the next one.
pub(super) fn asks_for_secret(argument: &str) -> bool {
    argument.starts_with("--") && !argument.contains('=') && names_secret(argument.trim_start_matches('-'))
}

/// The words of `trustStorePassword`, `trust-store-password` and `TRUST_STORE_PASSWORD`, in lower case.
fn words_of(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for character in key.chars() {
        if !character.is_alphanumeric() {
            was_lower = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || (character.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `secret: database-login` names a Secret, a name of Kubernetes, and `token: Trade 1` a token of PKCS#11 by its
/// label of up to 32 characters. Neither holds random text.
fn is_reference(key: &str, text: &str) -> bool {
    let is_label = text.len() <= 32
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || " -_.".contains(character));
    if words_of(key) == ["token"] {
        return is_label && !is_random(text);
    }
    let is_name = text.len() <= 253
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|character| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || "-.".contains(character)
        });
    words_of(key) == ["secret"] && is_name && !is_random(text)
}

fn shape(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let is_token = |part: &str| {
        part.len() > 8
            && part
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
    };
    for word in text.split(|character: char| character.is_whitespace() || "\"'=;,".contains(character)) {
        let parts: Vec<&str> = word.split('.').take(4).collect();
        if parts.len() == 3
            && parts[0].starts_with("eyJ")
            && parts[1].starts_with("eyJ")
            && is_token(parts[0])
        {
            return Some("a JSON web token");
        }
        for (prefix, length, name) in TOKENS {
            if word.starts_with(prefix) && word.len() >= length && !word.contains(['/', ':']) {
                return Some(name);
            }
        }
        let user = word.split_once("://").and_then(|(_, rest)| {
            let authority = rest.split(['/', '?', '#']).next()?;
            authority.rsplit_once('@').map(|(user, _)| user)
        });
        if user.is_some_and(|user| {
            user.split_once(':')
                .is_some_and(|(_, password)| is_value(password))
        }) {
            return Some("a URL with a password");
        }
    }
    None
}

/// `…password=x`, `-Dstore.password=x`, `--token:x` somewhere in a text.
fn assigns_secret(text: &str) -> bool {
    text.split(|character: char| character.is_whitespace() || ";&,?".contains(character))
        .filter_map(|part| part.split_once(['=', ':']))
        .any(|(name, value)| {
            let last = words_of(name).pop().unwrap_or_default();
            // `secret:` and `token:` also stand in ordinary words, so these need an equals sign.
            let assigned = ["password", "passwd", "passphrase"].contains(&last.as_str());
            assigned && is_value(value)
        })
}

/// Whether what stands behind `password=` is one, and neither a place where it is nor a variable.
fn is_value(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    !text.is_empty()
        && !text.starts_with(['/', '$', '%', '@', '{', '<'])
        && !text.starts_with("file:")
        && !text.starts_with("env:")
}

/// Digests look random as well, and are no secrets.
fn is_digest(key: &str, text: &str) -> bool {
    let known = [
        "digest",
        "sha",
        "sha1",
        "sha256",
        "sha512",
        "checksum",
        "hash",
        "fingerprint",
        "thumbprint",
        "image",
    ];
    text.contains("sha256:") || words_of(key).iter().any(|word| known.contains(&word.as_str()))
}

/// Long enough, of the alphabet of Base64 or hexadecimal digits, and as varied as only random bytes are.
fn is_random(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let (mut upper, mut lower, mut digit) = (false, false, false);
    for byte in body.bytes() {
        match byte {
            b'A'..=b'Z' => upper = true,
            b'a'..=b'z' => lower = true,
            b'0'..=b'9' => digit = true,
            b'+' | b'/' | b'-' | b'_' => {}
            _ => return false,
        }
    }
    let hexadecimal = body.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hexadecimal {
        return body.len() >= 40 && digit && (upper || lower) && entropy(body) > 3.0;
    }
    body.len() >= 32 && upper && lower && digit && entropy(body) > 4.2
}

/// Bits a character.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}

/// A text that could not be parsed, with everything blotted out that stands behind a key of a secret or in
/// a private key; each byte becomes one `*`.
pub(crate) fn blot_lines(text: &str) -> Option<String> {
    let mut blotted = String::with_capacity(text.len());
    let mut in_key = false;
    for line in text.split_inclusive('\n') {
        let is_begin = line.contains("-----BEGIN ") && line.contains("PRIVATE KEY-----");
        let is_end = line.contains("-----END ");
        let secret_from = if is_begin || in_key {
            Some(0)
        } else {
            line.split_once(':')
                .filter(|(key, value)| {
                    names_secret(key.trim_matches(|character: char| !character.is_alphanumeric()))
                        && !value.trim().is_empty()
                })
                .map(|(key, _)| key.len() + 1)
                .or_else(|| at("", line.trim()).map(|_| 0))
        };
        in_key = (in_key || is_begin) && !is_end;
        match secret_from {
            None => blotted.push_str(line),
            Some(from) => {
                blotted.push_str(&line[..from]);
                blotted.push_str(&stars(&line[from..]));
            }
        }
    }
    (blotted != text).then_some(blotted)
}

/// As many bytes, with white space and line breaks where they were.
pub(crate) fn stars(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b' ' | b'\n' | b'\r' | b'\t' => char::from(byte),
            _ => '*',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_ask_for_a_secret() {
        for (key, asks) in [
            ("password", true),
            ("keyStorePassword", true),
            ("DB_PASSWORD", true),
            ("pin", true),
            ("apiKey", true),
            ("private-key", true),
            ("passwordFile", false),
            ("secretName", false),
            ("tokenValidity", false),
            ("key", false),
            ("pinned", false),
            ("publicKey", false),
            ("", false),
        ] {
            assert_eq!(names_secret(key), asks, "{key}");
        }
    }

    #[test]
    fn values_that_are_secrets() {
        use Found::{Default, Literal, Shape};
        let private_key = "-----BEGIN PRIVATE KEY-----\nMIIEvg\n-----END PRIVATE KEY-----\n";
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl";
        for (key, text, found) in [
            ("password", "hunter2", Some(Literal)),
            ("password", "password", Some(Default)),
            ("label", "cordacadevpass", Some(Default)),
            (
                "jvmArguments",
                "-Djavax.net.ssl.trustStorePassword=changeit",
                Some(Default),
            ),
            ("jvmArguments", "-Dstore.password=abc", Some(Shape("a password"))),
            ("jvmArguments", "-Dstore.password=$(STORE_PASSWORD)", None),
            ("jvmArguments", "-Dstore.passwordFile=/etc/a", None),
            (
                "url",
                "jdbc:sqlserver://db:1433;user=sa;password=abc",
                Some(Shape("a password")),
            ),
            (
                "url",
                "postgresql://corda:abc@db/corda",
                Some(Shape("a URL with a password")),
            ),
            ("url", "postgresql://corda@db:5432/corda", None),
            ("label", private_key, Some(Shape("a private key"))),
            ("label", token, Some(Shape("a JSON web token"))),
            ("label", "AKIAIOSFODNN7EXAMPLE", Some(Shape("an AWS access key"))),
            (
                "arguments",
                "Q2hhbmdlIG1lIG5vdyBvciBuZXZlcjEyMzQ1Njc4",
                Some(Shape("what looks like a key")),
            ),
            (
                "label",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
                Some(Shape("what looks like a key")),
            ),
            ("sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", None),
            (
                "image",
                "registry.example/a@sha256:9f86d081884c7d659a2feaa0c55ad015",
                None,
            ),
            ("key", "password", None),
            ("secret", "database-login", None),
            ("secret", "Database Login 1", Some(Literal)),
            ("legalName", "O=Password Bank, L=Oslo, C=NO", None),
            ("arguments", "InvokeRpc.wellKnownPartyFromX500Name", None),
            ("arguments", "com.example.flows.PaymentInitiatorFlow1", None),
            ("token", "Trade 1", None),
            ("token", "kV8sQ2nXc7Lr4TzP9wYb3HdJ6mFg1RaU", Some(Literal)),
            ("password", "", None),
        ] {
            assert_eq!(at(key, text), found, "{key}: {text}");
        }
    }

    #[test]
    fn lines_of_a_text_that_is_no_yaml_are_blotted() {
        let text = "a: [1\n  password: hunter2\nkey: |\n-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\nb: 2\n";
        let blotted = blot_lines(text).expect("there are secrets");
        assert_eq!(blotted.len(), text.len());
        assert!(!blotted.contains("hunter2") && !blotted.contains("MII"));
        assert!(blotted.contains("  password: *******\n") && blotted.ends_with("\nb: 2\n"));
        assert!(blot_lines("name: trade\n").is_none());
    }
}
