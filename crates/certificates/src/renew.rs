//! Signs static CRLs again before they end.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::certificate::Validity;
use crate::crl;
use crate::key_ring::KeyRing;
use crate::make_error::{MakeError, damaged};
use crate::plan::CertificatePlan;

impl KeyRing {
    /// Signs every CRL of the plan again, with the next number; files that were never made are left to
    /// [`KeyRing::make_missing`], and those of offline keys to a ceremony. On an error nothing has changed.
    pub fn renew_crls(&mut self, plan: &CertificatePlan, now: Timestamp) -> Result<Vec<String>, MakeError> {
        let held: BTreeSet<&str> = plan
            .crls
            .iter()
            .map(|crl| crl.signer.as_str())
            .filter(|signer| !self.is_offline(signer))
            .collect();
        let renewed = self.renewed(plan, now, |signer| held.contains(signer))?;
        if !renewed.is_empty() {
            self.note(now, format!("signed CRLs again: {}", renewed.join(", ")));
        }
        Ok(renewed)
    }

    /// Signs the CRLs of one authority again.
    pub(crate) fn renew_crls_of(
        &mut self,
        plan: &CertificatePlan,
        signer: &str,
        now: Timestamp,
    ) -> Result<Vec<String>, MakeError> {
        self.renewed(plan, now, |alias| alias == signer)
    }

    fn renewed(
        &mut self,
        plan: &CertificatePlan,
        now: Timestamp,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, MakeError> {
        let mut renewed = Vec::new();
        for planned in plan.crls.iter().filter(|crl| wanted(&crl.signer)) {
            let Some(existing) = self.crls.get(&planned.file) else {
                continue;
            };
            let number = crl::read(existing).map_err(damaged(&planned.file))?.number;
            let validity = Validity::new(now, planned.days);
            let made = self.make_crl(planned, number.saturating_add(1), validity, now)?;
            renewed.push((planned.file.clone(), made));
        }
        let names = renewed.iter().map(|(file, _)| file.clone()).collect();
        self.crls.extend(renewed);
        Ok(names)
    }
}
