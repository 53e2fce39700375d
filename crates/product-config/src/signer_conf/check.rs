//! What contradicts itself in `signer.conf`: the service would tell at its start, or sign nothing.

use super::{KeyLocation, SignedBy, Signer, SignerConf, SigningKey, SigningTask};
use crate::{conf_error::ConfProblem, hsm::HsmKey};

impl SignerConf {
    pub(super) fn contradictions(&self) -> Vec<ConfProblem> {
        let mut problems = Vec::new();
        for key in &self.signing_keys {
            self.key(key, &mut problems);
        }
        for signer in &self.signers {
            self.signer(signer, &mut problems);
        }
        problems
    }

    fn key(&self, key: &SigningKey, problems: &mut Vec<ConfProblem>) {
        let KeyLocation::Hsm(hsm) = &key.location else {
            return;
        };
        let mut refuse = |part: &str, cause: String| {
            let path = format!("signingKeys.{}.{part}", key.name);
            problems.push(ConfProblem::contradiction(path, cause));
        };
        if !self.hsm_libraries.iter().any(|library| library.hsm == hsm.hsm()) {
            refuse(
                "type",
                format!("needs an entry of {} in hsmLibraries", hsm.hsm().as_str()),
            );
        }
        let has_own = key.certificate_store.is_some() || matches!(hsm, HsmKey::AmazonCloud { .. });
        if !has_own && self.global_certificate_store.is_none() {
            refuse(
                "certificateStore",
                "is needed without a globalCertificateStore: an HSM keeps no certificate chains".to_owned(),
            );
        }
    }

    fn signer(&self, signer: &Signer, problems: &mut Vec<ConfProblem>) {
        let mut refuse = |part: &str, cause: String| {
            let path = format!("signers.{}.{part}", signer.name);
            problems.push(ConfProblem::contradiction(path, cause));
        };
        if let SignedBy::Key(name) = &signer.signed_by {
            match self.signing_keys.iter().find(|key| key.name == *name) {
                None => refuse(
                    "signingKeyAlias",
                    format!("names `{name}`, which is not among signingKeys"),
                ),
                Some(key) if signer.schedule.is_some() && key.needs_person() => refuse(
                    "schedule",
                    format!("is impossible: somebody must log in to the HSM for `{name}` each time"),
                ),
                Some(_) => {}
            }
        }
        let is_authority = matches!(signer.task, SigningTask::Csr { .. } | SigningTask::Crl { .. });
        match signer.service_locations.len() {
            0 => refuse("serviceLocation", "names no service".to_owned()),
            1 => {}
            _ if is_authority => refuse(
                "serviceLocation",
                "may name one service only, the Identity Manager".to_owned(),
            ),
            _ => {}
        }
        let has_subzone = |signer: &Signer| {
            let mut locations = signer.service_locations.iter();
            locations.any(|location| location.sub_zone_id.is_some())
        };
        if is_authority && has_subzone(signer) {
            refuse(
                "serviceLocation.subZoneId",
                "exists for maps and parameters only".to_owned(),
            );
        }
        if let (SigningTask::Crl { update_period, .. }, Some(interval)) = (&signer.task, signer.schedule)
            && *update_period <= interval
        {
            refuse(
                "updatePeriod",
                "must be longer than the schedule, else the list expires before the next one".to_owned(),
            );
        }
    }
}

impl SigningKey {
    fn needs_person(&self) -> bool {
        matches!(&self.location, KeyLocation::Hsm(key) if key.needs_person())
    }
}
