//! Generated passwords. Every one satisfies the Auth Service's password policy, so that one kind is enough.

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::provider::{self, ProviderError};

/// 190 bits of entropy; the policy allows 8 to 50 characters.
const LENGTH: usize = 32;
/// Letters and digits need no escaping in HOCON, URLs, shells or Java properties.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Rows of a keyboard, which the policy counts as regular sequences too.
const KEYBOARD: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
/// The policy refuses sequences longer than three characters; keeping to two is on the safe side.
const SEQUENCE: usize = 3;

/// Makes a password.
pub(crate) fn generate() -> Result<SecretString, ProviderError> {
    loop {
        let candidate = candidate()?;
        if satisfies_policy(&candidate) {
            return Ok(SecretString::from(candidate.as_str()));
        }
    }
}

fn candidate() -> Result<Zeroizing<String>, ProviderError> {
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    while text.len() < LENGTH {
        for byte in provider::random::<LENGTH>()?.iter() {
            // 248 is the largest multiple of 62 in a byte: taking more would favour the first letters.
            if *byte < 248 && text.len() < LENGTH {
                text.push(char::from(ALPHABET[usize::from(*byte % 62)]));
            }
        }
    }
    Ok(text)
}

fn satisfies_policy(password: &str) -> bool {
    let bytes = password.as_bytes();
    (8..=50).contains(&bytes.len())
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.iter().any(u8::is_ascii_uppercase)
        && !bytes.windows(SEQUENCE).any(is_regular)
}

/// Whether characters repeat, count up or down, or lie side by side on a keyboard.
fn is_regular(window: &[u8]) -> bool {
    let folded: Vec<u8> = window.iter().map(u8::to_ascii_lowercase).collect();
    let steps = |step: i16| {
        folded
            .windows(2)
            .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
    };
    let backwards: Vec<u8> = folded.iter().rev().copied().collect();
    let on_row = |text: &[u8]| {
        KEYBOARD
            .iter()
            .any(|row| row.windows(SEQUENCE).any(|part| part == text))
    };
    steps(0) || steps(1) || steps(-1) || on_row(&folded) || on_row(&backwards)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn generated_passwords_satisfy_the_policy_and_differ() {
        let made: Vec<_> = (0..200).map(|_| generate().unwrap()).collect();
        for password in &made {
            let password = password.expose_secret();
            assert_eq!(password.len(), LENGTH);
            assert!(password.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert!(satisfies_policy(password));
        }
        let distinct: std::collections::BTreeSet<_> = made.iter().map(ExposeSecret::expose_secret).collect();
        assert_eq!(distinct.len(), made.len());
    }

    #[test]
    fn the_policy_refuses_weak_shapes() {
        assert!(satisfies_policy("Zk7Rb2Wm"));
        let weak = [
            "Ab1Zq7",
            "kdlower72",
            "KDUPPER72",
            "NoDigitsHere",
            "XabCy1Qz",
            "X1zcBa9k",
            "Qx111zKp",
            "1zQweKp7",
            "Pk2lKjH7",
        ];
        for weak in weak {
            assert!(!satisfies_policy(weak), "{weak}");
        }
    }
}
