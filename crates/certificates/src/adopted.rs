//! What keys that others made keep of their own: a plan goes by it from then on, at every renewal too.

use crate::facts::CertificateFacts;
use crate::key_ring::KeyRing;
use crate::plan::{CertificatePlan, IssuedBy, KeyAlgorithm};
use crate::x500_name::X500Name;

/// What a plan would choose otherwise. Nodes and the products go by aliases, roles and addresses; names and kinds of
/// keys are free (reference §3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Adopted {
    pub(crate) subject: X500Name,
    pub(crate) key: KeyAlgorithm,
    /// Where a certificate that signed itself says its CRL to be, which nobody ever looks for.
    pub(crate) own_crl_url: Option<String>,
}

impl Adopted {
    /// What a certificate says; `None` when the products' configuration has no words for its subject, or its key is of a
    /// kind that is not used here.
    pub(crate) fn of(facts: &CertificateFacts, subject: Option<X500Name>) -> Option<Self> {
        let own_crl_url = match facts.crl_urls.as_slice() {
            [url] if facts.subject == facts.issuer => Some(url.clone()),
            _ => None,
        };
        Some(Self {
            subject: subject.filter(|name| name.to_string() == facts.subject)?,
            key: facts.key?,
            own_crl_url,
        })
    }
}

impl CertificatePlan {
    /// The same plan with the names and kinds of keys of what was imported into `ring`.
    #[must_use]
    pub fn adopting(mut self, ring: &KeyRing) -> Self {
        for entity in &mut self.entities {
            if let Some(Adopted {
                subject,
                key,
                own_crl_url,
            }) = ring.adopted.get(&entity.alias)
            {
                entity.subject = subject.clone();
                entity.key = *key;
                if entity.issued_by == IssuedBy::Itself {
                    entity.crl_url.clone_from(own_crl_url);
                }
            }
        }
        for crl in &mut self.crls {
            if let Some(signer) = ring.adopted.get(&crl.signer) {
                crl.issuer = signer.subject.clone();
            }
        }
        self
    }
}
