//! How long things live.

use std::collections::BTreeMap;

/// How long things live, in days from the moment they are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Certificates that sign themselves: both roots, the signer of the TLS CRL.
    pub root_days: u32,
    /// Authorities below the root: the subordinate, the Identity Manager.
    pub authority_days: u32,
    /// Everything that issues nothing: signers of maps and parameters, TLS, tokens.
    pub leaf_days: u32,
    /// Static CRLs.
    pub crl_days: u32,
    /// Single certificates (by alias) and CRLs (by file) that differ.
    pub of: BTreeMap<String, u32>,
}

/// The PKI tool's own defaults.
impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            root_days: 7300,
            authority_days: 7300,
            leaf_days: 7300,
            crl_days: 3650,
            of: BTreeMap::new(),
        }
    }
}
