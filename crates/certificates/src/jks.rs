//! Reads Java's own store format (`JKS`), which Java 8 writes and so R3's tools and nodes on Java 8 do.
//!
//! The format has no specification; this follows what `keytool` of Java 8 writes. Integers are big-endian. A
//! digest over the password and everything before it ends the file, and a stream of SHA-1 digests hides each
//! key. Nothing is written in this format: it protects keys too weakly.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::private_key::PrivateKey;
use crate::store_reader::{ReadContent, ReadEntry, ReadStoreError};

const MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const DIGEST: usize = 20;
/// What the digest of a store begins with, behind the password.
const WHITENER: &[u8] = b"Mighty Aphrodite";
/// `1.3.6.1.4.1.42.2.17.1.1`: the way in which keys are hidden.
const KEY_PROTECTOR: &[u64] = &[1, 3, 6, 1, 4, 1, 42, 2, 17, 1, 1];
/// Of more entries or longer chains than this no product makes stores.
const MOST: u32 = 10_000;

/// Whether bytes begin as a store of this format does.
pub(crate) fn is_jks(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Reads a store; the password of its keys may be another.
pub(crate) fn read(
    bytes: &[u8],
    password: &SecretString,
    key_password: &SecretString,
) -> Result<Vec<ReadEntry>, ReadStoreError> {
    let (content, digest) = bytes
        .split_last_chunk::<DIGEST>()
        .ok_or(ReadStoreError::Damaged)?;
    // A store that was cut off and one that another password locks differ in nothing but whether they can be
    // read to their end.
    let entries = entries(content, key_password)?;
    let expected = sha1(&[&utf16(password), WHITENER, content]);
    verify_slices_are_equal(expected.as_slice(), digest).map_err(|_| ReadStoreError::Password)?;
    Ok(entries)
}

fn entries(content: &[u8], key_password: &SecretString) -> Result<Vec<ReadEntry>, ReadStoreError> {
    let mut reader = Reader(content);
    reader.take(MAGIC.len())?;
    let version = reader.number()?;
    if !(1..=2).contains(&version) {
        return Err(ReadStoreError::Foreign);
    }
    let mut entries = Vec::new();
    for _ in 0..reader.count()? {
        let tag = reader.number()?;
        let alias = reader.text()?;
        let _made_at = reader.take(8)?;
        let content = match tag {
            1 => {
                let hidden = reader.block()?;
                let mut chain = Vec::new();
                for _ in 0..reader.count()? {
                    chain.push(reader.certificate(version)?);
                }
                let key = reveal(hidden, key_password)?;
                ReadContent::PrivateKey { key, chain }
            }
            2 => ReadContent::Trusted(reader.certificate(version)?),
            _ => return Err(ReadStoreError::Damaged),
        };
        entries.push(ReadEntry { alias, content });
    }
    if reader.0.is_empty() {
        Ok(entries)
    } else {
        Err(ReadStoreError::Damaged)
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ReadStoreError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(ReadStoreError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, ReadStoreError> {
        let bytes = self.take(4)?.try_into().map_err(|_| ReadStoreError::Damaged)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn count(&mut self) -> Result<u32, ReadStoreError> {
        match self.number()? {
            count if count <= MOST => Ok(count),
            _ => Err(ReadStoreError::Damaged),
        }
    }

    fn block(&mut self) -> Result<&'a [u8], ReadStoreError> {
        let length = usize::try_from(self.number()?).map_err(|_| ReadStoreError::Damaged)?;
        self.take(length)
    }

    /// Java's modified UTF-8 differs from UTF-8 in characters that no alias has.
    fn text(&mut self) -> Result<String, ReadStoreError> {
        let length = self.take(2)?.try_into().map_err(|_| ReadStoreError::Damaged)?;
        let text = self.take(usize::from(u16::from_be_bytes(length)))?;
        String::from_utf8(text.to_vec()).map_err(|_| ReadStoreError::Damaged)
    }

    fn certificate(&mut self, version: u32) -> Result<Vec<u8>, ReadStoreError> {
        if version == 2 && self.text()? != "X.509" {
            return Err(ReadStoreError::Damaged);
        }
        self.block().map(<[u8]>::to_vec)
    }
}

/// The key, or nothing when the password is not its own.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is not general enough over its lifetimes"
)]
fn reveal(hidden: &[u8], password: &SecretString) -> Result<Option<PrivateKey>, ReadStoreError> {
    let (algorithm, hidden) = yasna::parse_der(hidden, |reader| {
        reader.read_sequence(|reader| {
            let algorithm = reader.next().read_sequence(|reader| {
                let algorithm = reader.next().read_oid()?;
                reader.read_optional(|reader| reader.read_null())?;
                Ok(algorithm)
            })?;
            Ok((algorithm, reader.next().read_bytes()?))
        })
    })
    .map_err(|_| ReadStoreError::Damaged)?;
    if algorithm.components().as_slice() != KEY_PROTECTOR {
        return Err(ReadStoreError::Foreign);
    }
    let (salt, rest) = hidden
        .split_first_chunk::<DIGEST>()
        .ok_or(ReadStoreError::Damaged)?;
    let (body, digest) = rest.split_last_chunk::<DIGEST>().ok_or(ReadStoreError::Damaged)?;
    let password = utf16(password);
    let mut key = Zeroizing::new(body.to_vec());
    let mut stream = Zeroizing::new(*salt);
    for block in key.chunks_mut(DIGEST) {
        stream = sha1(&[&password, stream.as_slice()]);
        for (byte, mask) in block.iter_mut().zip(stream.iter()) {
            *byte ^= mask;
        }
    }
    let expected = sha1(&[&password, &key]);
    let right = verify_slices_are_equal(expected.as_slice(), digest).is_ok();
    Ok(right.then(|| PrivateKey::from_pkcs8(key)))
}

/// Java hashes each character of a password as two bytes.
fn utf16(password: &SecretString) -> Zeroizing<Vec<u8>> {
    let text = password.expose_secret();
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    bytes
}

fn sha1(parts: &[&[u8]]) -> Zeroizing<[u8; DIGEST]> {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    for part in parts {
        context.update(part);
    }
    let mut digest = Zeroizing::new([0; DIGEST]);
    digest.copy_from_slice(context.finish().as_ref());
    digest
}
