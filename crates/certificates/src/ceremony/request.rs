//! Certificate requests (PKCS#10, RFC 2986).

use rcgen::{CertificateParams, SanType};

use super::Request;
use crate::make_error::{MakeError, unmade};
use crate::plan::EntityPlan;
use crate::private_key::PrivateKey;
use crate::provider::{self, ProviderError};

/// The key that a request is for.
pub(super) fn new_key(entity: &EntityPlan) -> Result<PrivateKey, MakeError> {
    provider::generate(entity.key).map_err(unmade(&entity.alias))
}

/// Proves that we hold the key, and names it. What the certificate must say is not taken from here but from the file of
/// settings beside it: who signs sees it there in words.
pub(super) fn make(entity: &EntityPlan, key: &PrivateKey) -> Result<Request, MakeError> {
    let failed = || unmade(&entity.alias);
    let pair = provider::load(key).map_err(failed())?;
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = entity.subject.to_rcgen();
    for name in &entity.dns_names {
        let name = name
            .as_str()
            .try_into()
            .map_err(ProviderError::from)
            .map_err(failed())?;
        parameters.subject_alt_names.push(SanType::DnsName(name));
    }
    let request = parameters
        .serialize_request(&pair)
        .map_err(ProviderError::from)
        .map_err(failed())?;
    Ok(Request {
        pem: request.pem().map_err(ProviderError::from).map_err(failed())?,
        key_sha256: provider::sha256_hex(&provider::public_key_info(&pair)),
    })
}
