//! Makes keys in a token, and looks whether those that are there are as they must be.

use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};

use super::error::TokenError;
use super::integers::two_integers;
use super::key::TokenKey;
use super::opened::{Opened, kind_of};
use crate::plan::KeyAlgorithm;
use crate::provider;

/// `secp256r1` as an object identifier in DER form (RFC 5480 §2.1.1.1).
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 65537 without a leading zero.
const PUBLIC_EXPONENT: &[u8] = &[1, 0, 1];
/// An uncompressed point of P-256.
const P256_POINT: usize = 65;

/// A key of a token with its public half, as it stands in the bit string of a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) key: TokenKey,
    pub(crate) public_key: Vec<u8>,
}

impl Opened {
    /// Makes a key under this label. One that is there already is taken: a run that was broken off has left it, or it
    /// was made for this network by the token's own tools.
    pub(super) fn make(
        &self,
        label: &str,
        generation: u32,
        algorithm: KeyAlgorithm,
    ) -> Result<Made, TokenError> {
        let there = self.find(ObjectClass::PRIVATE_KEY, label, &[])?;
        let handle = match self.only("private key", label, &there)? {
            Some(handle) => handle,
            None => self.generate(label, algorithm)?,
        };
        let id = self
            .attributes(label, handle, &[AttributeType::Id])?
            .into_iter()
            .find_map(|attribute| match attribute {
                Attribute::Id(id) => Some(id),
                _ => None,
            })
            .unwrap_or_default();
        let key = TokenKey {
            token: self.token.clone(),
            label: label.to_owned(),
            id,
            generation,
        };
        self.check_private(&key, handle, algorithm)?;
        let public_key = self.public_key(&key, algorithm)?;
        Ok(Made { key, public_key })
    }

    /// Whether the key is there once, as it must be, and belongs to this public key.
    pub(super) fn check(
        &self,
        key: &TokenKey,
        public_key: &[u8],
        algorithm: KeyAlgorithm,
    ) -> Result<(), TokenError> {
        let handle = self.private_key(key)?;
        self.check_private(key, handle, algorithm)?;
        if self.public_key(key, algorithm)? == public_key {
            return Ok(());
        }
        Err(TokenError::OtherKey {
            token: self.token.clone(),
            key: key.label.clone(),
        })
    }

    fn generate(&self, label: &str, algorithm: KeyAlgorithm) -> Result<ObjectHandle, TokenError> {
        let id = provider::random::<16>().map_err(|error| TokenError::Refused {
            token: self.token.clone(),
            what: format!("make `{label}`"),
            cause: error.to_string(),
        })?;
        let named = [
            Attribute::Token(true),
            Attribute::Label(label.as_bytes().to_vec()),
            Attribute::Id(id.to_vec()),
        ];
        let mut public = named.to_vec();
        public.extend([Attribute::Private(false), Attribute::Verify(true)]);
        let mut private = named.to_vec();
        private.extend([
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ]);
        let (mechanism, word) = match bits(algorithm) {
            None => {
                public.push(Attribute::EcParams(P256.to_vec()));
                private.push(Attribute::Derive(false));
                (Mechanism::EccKeyPairGen, "CKM_EC_KEY_PAIR_GEN")
            }
            Some(bits) => {
                public.push(Attribute::ModulusBits(bits.into()));
                public.push(Attribute::PublicExponent(PUBLIC_EXPONENT.to_vec()));
                private.extend([Attribute::Decrypt(false), Attribute::Unwrap(false)]);
                (Mechanism::RsaPkcsKeyPairGen, "CKM_RSA_PKCS_KEY_PAIR_GEN")
            }
        };
        match self.session.generate_key_pair(&mechanism, &public, &private) {
            Ok((_, private)) => Ok(private),
            Err(Error::Pkcs11(
                RvError::MechanismInvalid | RvError::KeySizeRange | RvError::CurveNotSupported,
                _,
            )) => Err(TokenError::Unable {
                token: self.token.clone(),
                what: format!("make keys of the kind {algorithm}"),
                mechanism: word,
            }),
            Err(error) => Err(self.refused(format!("make `{label}`"))(error)),
        }
    }

    /// The kind, and that it can never leave the token.
    fn check_private(
        &self,
        key: &TokenKey,
        handle: ObjectHandle,
        algorithm: KeyAlgorithm,
    ) -> Result<(), TokenError> {
        let wanted = [
            AttributeType::KeyType,
            AttributeType::Sensitive,
            AttributeType::Extractable,
            AttributeType::AlwaysSensitive,
            AttributeType::NeverExtractable,
        ];
        let (mut key_type, mut sensitive, mut extractable) = (None, false, true);
        // What a token does not tell of the past is not held against it.
        let (mut always, mut never) = (true, true);
        for attribute in self.attributes(&key.label, handle, &wanted)? {
            match attribute {
                Attribute::KeyType(found) => key_type = Some(found),
                Attribute::Sensitive(is) => sensitive = is,
                Attribute::Extractable(is) => extractable = is,
                Attribute::AlwaysSensitive(is) => always = is,
                Attribute::NeverExtractable(is) => never = is,
                _ => {}
            }
        }
        let planned = if algorithm.is_rsa() {
            KeyType::RSA
        } else {
            KeyType::EC
        };
        if key_type != Some(planned) {
            return Err(self.other_kind(key, kind_of(key_type), algorithm));
        }
        let how = if extractable {
            "may be taken out of it"
        } else if !sensitive {
            "can be read in it"
        } else if !never {
            "could once be taken out of it"
        } else if !always {
            "could once be read in it"
        } else {
            return Ok(());
        };
        Err(TokenError::Exposed {
            token: self.token.clone(),
            key: key.label.clone(),
            how,
        })
    }

    /// The public half as it stands in a certificate.
    fn public_key(&self, key: &TokenKey, algorithm: KeyAlgorithm) -> Result<Vec<u8>, TokenError> {
        let found = self.find(ObjectClass::PUBLIC_KEY, &key.label, &key.id)?;
        let unreadable = || TokenError::NoPublicKey {
            token: self.token.clone(),
            key: key.label.clone(),
        };
        let handle = self
            .only("public key", &key.label, &found)?
            .ok_or_else(unreadable)?;
        let wanted = [
            AttributeType::EcParams,
            AttributeType::EcPoint,
            AttributeType::Modulus,
            AttributeType::PublicExponent,
        ];
        // An RSA key has no curve: tokens answer a question about one differently, so each kind is asked its own.
        let wanted = if algorithm.is_rsa() {
            &wanted[2..]
        } else {
            &wanted[..2]
        };
        let (mut curve, mut point, mut modulus, mut exponent) = (None, None, None, None);
        for attribute in self.attributes(&key.label, handle, wanted)? {
            match attribute {
                Attribute::EcParams(value) => curve = Some(value),
                Attribute::EcPoint(value) => point = Some(value),
                Attribute::Modulus(value) => modulus = Some(value),
                Attribute::PublicExponent(value) => exponent = Some(value),
                _ => {}
            }
        }
        match bits(algorithm) {
            None => {
                if curve.as_deref() != Some(P256) {
                    return Err(self.other_kind(key, kind_of(Some(KeyType::EC)), algorithm));
                }
                point_of(&point.ok_or_else(unreadable)?).ok_or_else(unreadable)
            }
            Some(bits) => {
                let (Some(modulus), Some(exponent)) = (modulus, exponent) else {
                    return Err(unreadable());
                };
                let modulus = without_zeros(&modulus);
                let found =
                    modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
                if u64::try_from(found) != Ok(bits) {
                    return Err(self.other_kind(key, format!("RSA {found}"), algorithm));
                }
                Ok(two_integers(modulus, without_zeros(&exponent)))
            }
        }
    }

    fn other_kind(&self, key: &TokenKey, found: String, planned: KeyAlgorithm) -> TokenError {
        TokenError::OtherKind {
            token: self.token.clone(),
            key: key.label.clone(),
            found,
            planned,
        }
    }
}

/// Bits of an RSA key.
const fn bits(algorithm: KeyAlgorithm) -> Option<u64> {
    match algorithm {
        KeyAlgorithm::EcP256 => None,
        KeyAlgorithm::Rsa2048 => Some(2048),
        KeyAlgorithm::Rsa3072 => Some(3072),
        KeyAlgorithm::Rsa4096 => Some(4096),
    }
}

/// `CKA_EC_POINT` is an octet string in DER form (PKCS#11 2.40, §2.3.3); some tokens leave that form away.
fn point_of(value: &[u8]) -> Option<Vec<u8>> {
    let raw = match value {
        [0x04, 65, point @ ..] if point.len() == P256_POINT => point,
        raw => raw,
    };
    (raw.len() == P256_POINT && raw[0] == 0x04).then(|| raw.to_vec())
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_in_both_forms() {
        let raw: Vec<u8> = std::iter::once(4).chain(0..64).collect();
        let wrapped: Vec<u8> = [4, 65].into_iter().chain(raw.iter().copied()).collect();
        assert_eq!(point_of(&raw), Some(raw.clone()));
        assert_eq!(point_of(&wrapped), Some(raw.clone()));
        let compressed: Vec<u8> = std::iter::once(2).chain(0..32).collect();
        for wrong in [&raw[1..], &wrapped[..66], &compressed[..], &[]] {
            assert_eq!(point_of(wrong), None);
        }
    }

    #[test]
    fn an_rsa_key_is_written_as_certificates_have_it() {
        // A first bit of one would make the number negative without a zero before it.
        assert_eq!(
            two_integers(&[0x81, 2], PUBLIC_EXPONENT),
            [0x30, 10, 2, 3, 0, 0x81, 2, 2, 3, 1, 0, 1]
        );
        assert_eq!(without_zeros(&[0, 0, 1, 0]), [1, 0]);
    }
}
