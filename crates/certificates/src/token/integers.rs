//! What X.509 writes as two integers: an RSA key and an ECDSA signature.

/// A sequence of two positive integers: `RSAPublicKey` (RFC 8017 §A.1.1) of modulus and exponent, or
/// `Ecdsa-Sig-Value` (RFC 3279 §2.2.3) of its two halves.
pub(super) fn two_integers(first: &[u8], second: &[u8]) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_bigint_bytes(first, true);
            writer.next().write_bigint_bytes(second, true);
        });
    })
}
