//! Certificates for keys that are made and kept elsewhere: in the HSM of the Signing Service. Somebody makes the key
//! there and a certificate signing request of it (PKCS#10, RFC 2986); this program never sees the key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm};
use thiserror::Error;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;

use crate::certificate::Validity;
use crate::facts;
use crate::key_ring::{Entity, KeyRing};
use crate::make_error::MakeError;
use crate::plan::{CertificatePlan, EntityPlan, Holder, KeyAlgorithm, Purpose};
use crate::private_key::{Away, Key};

/// The public half of a key, as a request proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedKey {
    algorithm: KeyAlgorithm,
    public_key: Vec<u8>,
}

/// Why no certificate was issued for a key that is kept elsewhere.
#[derive(Debug, Error)]
pub enum IssueError {
    /// The plan has no such key.
    #[error("`{name}` is no key of the Signing Service's HSM: name one of {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The plan has all its keys in files.
    #[error(
        "no key of this network is in an HSM of the Signing Service, so none needs a request: declare the HSM with \
         `cenm.signingService.hsm` first"
    )]
    NoHsm,
    /// Not PKCS#10.
    #[error(
        "this is no certificate signing request in PEM or DER form (PKCS#10): give the file that the HSM's tools wrote"
    )]
    NotARequest,
    /// The request was altered, or is not of its key.
    #[error(
        "the signature of the request is wrong, so it does not prove its key: write it again with the HSM's tools"
    )]
    Signature,
    /// The key is of no kind that a plan can have.
    #[error(
        "the key of the request is neither on P-256 nor an RSA key of 2048, 3072 or 4096 bits: make one of those"
    )]
    UnknownKind,
    /// The key is of another kind.
    #[error(
        "the key of the request is {found}, and {planned} is planned for `{name}`: make the key so, or change \
         `certificates.algorithm`"
    )]
    OtherKind {
        /// The alias.
        name: String,
        /// What it is.
        found: KeyAlgorithm,
        /// What the plan wants.
        planned: KeyAlgorithm,
    },
    /// Another certificate of the network is of this key.
    #[error("the key of the request is that of `{other}`: make a key of its own for `{name}`")]
    SameKey {
        /// The alias.
        name: String,
        /// Who has it.
        other: String,
    },
    /// The Identity Manager's authority stays what it is.
    #[error(
        "`{name}` has a certificate of another key, which has issued every node's certificates and cannot be replaced: \
         give a request of that key, or begin a new network"
    )]
    Fixed {
        /// The alias.
        name: String,
    },
    /// The certificate could not be made.
    #[error(transparent)]
    Make(#[from] MakeError),
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    /// There is a certificate now.
    New,
    /// There is a certificate of another key than before.
    Replaced,
    /// There was one already, of this key.
    Already,
}

impl RequestedKey {
    /// Reads a request in PEM or DER form, and looks whether it is signed with its own key.
    pub fn read(request: &[u8]) -> Result<Self, IssueError> {
        let der = der_of(request).ok_or(IssueError::NotARequest)?;
        let (rest, request) =
            X509CertificationRequest::from_der(&der).map_err(|_| IssueError::NotARequest)?;
        if !rest.is_empty() {
            return Err(IssueError::NotARequest);
        }
        request.verify_signature().map_err(|_| IssueError::Signature)?;
        let key = &request.certification_request_info.subject_pki;
        let algorithm = facts::algorithm_of(key).ok_or(IssueError::UnknownKind)?;
        Ok(Self {
            algorithm,
            public_key: key.subject_public_key.data.to_vec(),
        })
    }
}

impl PublicKeyData for RequestedKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public_key
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        if self.algorithm.is_rsa() {
            &PKCS_RSA_SHA256
        } else {
            &PKCS_ECDSA_P256_SHA256
        }
    }
}

impl KeyRing {
    /// Issues the certificate of a key in the HSM of the Signing Service. What else the network lacks is made as well, since
    /// an authority may be among it. What the request says beside its key does not count: subject, role and lifetime are the
    /// plan's. On an error nothing has changed.
    pub fn issue(
        &mut self,
        alias: &str,
        key: &RequestedKey,
        plan: &CertificatePlan,
        now: Timestamp,
    ) -> Result<Issued, IssueError> {
        let entity = in_hsm(alias, plan)?;
        if key.algorithm != entity.key {
            return Err(IssueError::OtherKind {
                name: alias.to_owned(),
                found: key.algorithm,
                planned: entity.key,
            });
        }
        let mut next = self.clone();
        next.make_missing(plan, now).map_err(IssueError::Make)?;
        if let Some(other) = next.alias_of(&key.public_key)? {
            if other != alias {
                return Err(IssueError::SameKey {
                    name: alias.to_owned(),
                    other,
                });
            }
            *self = next;
            return Ok(Issued::Already);
        }
        let existed = next.entities.contains_key(alias);
        if existed && entity.purpose == Purpose::Authority {
            return Err(IssueError::Fixed {
                name: alias.to_owned(),
            });
        }
        let (certificate, issuer) = next
            .certify(entity, key, Validity::new(now, entity.days), now)
            .map_err(IssueError::Make)?;
        let made = Entity {
            key: Key::Away(Away::Hsm),
            certificate,
            issuer: Some(issuer),
        };
        next.entities.insert(alias.to_owned(), made);
        next.note(
            now,
            format!("issued the certificate of {alias} for a key in the HSM"),
        );
        if existed {
            next.rebuild_stores_that_trust(alias).map_err(IssueError::Make)?;
        }
        // The store of the HSM's certificates is made with the last of them.
        next.make_missing(plan, now).map_err(IssueError::Make)?;
        *self = next;
        Ok(if existed { Issued::Replaced } else { Issued::New })
    }

    /// Whose certificate is of this key.
    fn alias_of(&self, public_key: &[u8]) -> Result<Option<String>, MakeError> {
        for alias in self.aliases() {
            if self.public_key(alias)?.1 == public_key {
                return Ok(Some(alias.to_owned()));
            }
        }
        Ok(None)
    }

    /// Keys of the HSM whose certificates are still to be issued: nothing can be rolled out before.
    pub fn awaited(&self, plan: &CertificatePlan) -> Vec<String> {
        plan.entities
            .iter()
            .filter(|entity| {
                matches!(entity.holder, Holder::Hsm(_)) && !self.entities.contains_key(&entity.alias)
            })
            .map(|entity| entity.alias.clone())
            .collect()
    }
}

fn in_hsm<'a>(alias: &str, plan: &'a CertificatePlan) -> Result<&'a EntityPlan, IssueError> {
    let mut all = plan
        .entities
        .iter()
        .filter(|entity| matches!(entity.holder, Holder::Hsm(_)));
    let known: Vec<String> = all.clone().map(|entity| format!("`{}`", entity.alias)).collect();
    if known.is_empty() {
        return Err(IssueError::NoHsm);
    }
    all.find(|entity| entity.alias == alias)
        .ok_or_else(|| IssueError::Unknown {
            name: alias.to_owned(),
            known: known.join(", "),
        })
}

/// The first block of PEM, whose label some tools write with `NEW` before it (RFC 7468 §7), or DER as it is.
fn der_of(request: &[u8]) -> Option<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(request) else {
        return Some(request.to_vec());
    };
    for label in ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"] {
        let begin = format!("-----BEGIN {label}-----");
        let end = format!("-----END {label}-----");
        let Some(inner) = text
            .split_once(&begin)
            .and_then(|(_, rest)| rest.split_once(&end))
        else {
            continue;
        };
        let lines: String = inner.0.split_whitespace().collect();
        return STANDARD.decode(lines).ok();
    }
    None
}
