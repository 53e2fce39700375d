//! What a handed over file must look like: a half-written or empty one must never become a Secret.

use kubernetes_objects::step::OutputShape;

/// Gives the content to keep, texts without the white space around them, or says what is wrong.
pub(super) fn check(shape: OutputShape, content: &[u8]) -> Result<Vec<u8>, String> {
    match shape {
        OutputShape::CordaBlob if content.len() > 8 && content.starts_with(b"corda") => Ok(content.to_vec()),
        OutputShape::CordaBlob => Err(format!(
            "which is not a serialised object of Corda ({} bytes that do not begin with its mark)",
            content.len()
        )),
        OutputShape::JavaKeyStore
            if content.len() > 32 && KEY_STORE_MAGIC.iter().any(|it| content.starts_with(it)) =>
        {
            Ok(content.to_vec())
        }
        OutputShape::JavaKeyStore => Err(format!("which is not a Java key store ({} bytes)", content.len())),
        OutputShape::Uuid => text(content, "a UUID", is_uuid),
        OutputShape::Number => text(content, "a number", |text| {
            text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit())
        }),
    }
}

/// What a key store begins with: Java's own format, and PKCS#12, which is ASN.1.
const KEY_STORE_MAGIC: [&[u8]; 2] = [&[0xfe, 0xed, 0xfe, 0xed], &[0x30, 0x82]];

fn text(content: &[u8], expected: &str, is_right: impl Fn(&str) -> bool) -> Result<Vec<u8>, String> {
    let trimmed = std::str::from_utf8(content).unwrap_or_default().trim();
    if !trimmed.is_empty() && is_right(trimmed) {
        Ok(trimmed.as_bytes().to_vec())
    } else {
        // Not the content itself: it may be secret.
        Err(format!("which is not {expected} ({} bytes)", content.len()))
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(position, byte)| match position {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_ones_are_kept_and_wrong_ones_are_not_told() {
        let check = |shape, content: &[u8], expected: Result<&[u8], &str>| {
            let expected = expected.map(<[u8]>::to_vec).map_err(str::to_owned);
            assert_eq!(check(shape, content), expected);
        };
        let uuid = b"3fa85f64-5717-4562-b3fc-2c963f66afa6";
        check(
            OutputShape::Uuid,
            b"3fa85f64-5717-4562-b3fc-2c963f66afa6\n",
            Ok(uuid),
        );
        check(
            OutputShape::Uuid,
            b"3fa85f64",
            Err("which is not a UUID (8 bytes)"),
        );
        check(OutputShape::Uuid, b"", Err("which is not a UUID (0 bytes)"));
        check(OutputShape::Number, b" 12\n", Ok(b"12"));
        check(OutputShape::Number, b"-1", Err("which is not a number (2 bytes)"));
        check(
            OutputShape::Number,
            b"\xff",
            Err("which is not a number (1 bytes)"),
        );
        let store = [KEY_STORE_MAGIC[0], &[0; 40]].concat();
        check(OutputShape::JavaKeyStore, &store, Ok(&store));
        check(
            OutputShape::JavaKeyStore,
            b"keystore",
            Err("which is not a Java key store (8 bytes)"),
        );
        check(
            OutputShape::CordaBlob,
            b"corda\x01\x00\x00\x00 ",
            Ok(b"corda\x01\x00\x00\x00 "),
        );
        check(
            OutputShape::CordaBlob,
            b"cor",
            Err("which is not a serialised object of Corda (3 bytes that do not begin with its mark)"),
        );
    }
}
