//! The rules that a request must keep before a plan is made from it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::plan::{
    CertificatePlan, IssuedBy, PlanError, PlanRequest, PublicHost, Purpose, SslIdentity, Tunnel, aliases,
    files,
};

/// Upper bounds of RFC 5280, appendix A.
const LONGEST_COMMON_NAME: usize = 64;
const LONGEST_ORGANISATION: usize = 64;
const LONGEST_LOCALITY: usize = 128;
/// What the longest suffix of a common name needs, see `hierarchy`.
const LONGEST_NETWORK: usize = LONGEST_COMMON_NAME - " Identity Manager CA".len();

impl PlanRequest {
    /// Checks what later steps rely on.
    pub(crate) fn check(&self) -> Result<(), PlanError> {
        let Self {
            network,
            organisation,
            locality,
            country,
            crl_base_url,
            signing_component,
            signing_keys_in_hsm: _,
            map_signers,
            token_component,
            ssl_identities,
            operator_token: _,
            tunnels,
            public_hosts,
            secrets,
            algorithms: _,
            lifetimes,
        } = self;
        subject_part("network", network, LONGEST_NETWORK)?;
        subject_part("organisation", organisation, LONGEST_ORGANISATION)?;
        subject_part("locality", locality, LONGEST_LOCALITY)?;
        subject_part("signing component", signing_component, LONGEST_COMMON_NAME)?;
        subject_part("token component", token_component, LONGEST_COMMON_NAME)?;
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(PlanError::Country(country.clone()));
        }
        crl_base(crl_base_url)?;
        let days = [
            lifetimes.root_days,
            lifetimes.authority_days,
            lifetimes.leaf_days,
            lifetimes.crl_days,
        ];
        for days in days.iter().chain(lifetimes.of.values()) {
            if !(1..=36_500).contains(days) {
                return Err(PlanError::Lifetime(*days));
            }
        }
        if map_signers.iter().all(|signer| signer.parameters) {
            return Err(PlanError::NoMapSigner);
        }
        for signer in map_signers {
            let name = format!("{network} {}", signer.title());
            subject_part("common name", &name, LONGEST_COMMON_NAME)?;
        }
        ssl_identities
            .iter()
            .try_for_each(|identity| identity.check(network))?;

        for name in tunnels.iter().flat_map(|tunnel| tunnel.common_names(network)) {
            subject_part("common name", &name, LONGEST_COMMON_NAME)?;
        }
        for host in public_hosts {
            subject_part("common name", &host.common_name(network), LONGEST_COMMON_NAME)?;
            if !is_dns_name(&host.host) {
                return Err(PlanError::DnsName {
                    alias: host.alias(),
                    name: host.host.clone(),
                });
            }
        }
        let of_hosts: Vec<String> = public_hosts.iter().map(PublicHost::alias).collect();
        let of_tunnels: Vec<String> = tunnels.iter().flat_map(Tunnel::aliases).collect();
        let own = [
            aliases::ROOT,
            aliases::SUBORDINATE,
            aliases::IDENTITY_MANAGER,
            aliases::TLS_CRL_SIGNER,
            aliases::SSL_ROOT,
            aliases::PUBLIC_ROOT,
            aliases::JWT,
        ];
        let signers = map_signers.iter().map(|signer| signer.alias.as_str());
        let given = ssl_identities.iter().map(|identity| identity.alias.as_str());
        let others = of_tunnels.iter().chain(&of_hosts).map(String::as_str);
        unique("alias", own.into_iter().chain(signers).chain(given).chain(others))?;
        let own = [
            files::IDENTITY_MANAGER_KEYS,
            files::NETWORK_TRUST,
            files::SSL_TRUST,
            files::JWT_KEYS,
        ];
        let signers = map_signers.iter().map(|signer| signer.file.as_str());
        let given = ssl_identities.iter().map(|identity| identity.file.as_str());
        let others = tunnels.iter().flat_map(Tunnel::files);
        unique(
            "key store",
            own.into_iter().chain(signers).chain(given).chain(others),
        )?;
        unique("secret", secrets.iter().map(String::as_str))
    }
}

impl CertificatePlan {
    /// Checks what only the whole plan can tell.
    pub(crate) fn check(&self, request: &PlanRequest) -> Result<(), PlanError> {
        let entities = self.entities.iter().map(|entity| entity.alias.as_str());
        let crls = self.crls.iter().map(|crl| crl.file.as_str());
        known("an algorithm", request.algorithms.of.keys(), entities.clone())?;
        known("a lifetime", request.lifetimes.of.keys(), entities.chain(crls))?;
        for entity in &self.entities {
            if entity.purpose == Purpose::Tokens && !entity.key.is_rsa() {
                return Err(PlanError::TokenKey {
                    alias: entity.alias.clone(),
                    asked: entity.key,
                });
            }
            if let IssuedBy::Authority(issuer) = &entity.issued_by {
                self.within_issuer(&entity.alias, entity.days, issuer)?;
            }
        }
        self.crls
            .iter()
            .try_for_each(|crl| self.within_issuer(&crl.file, crl.days, &crl.signer))
    }

    fn within_issuer(&self, name: &str, days: u32, issuer: &str) -> Result<(), PlanError> {
        let issuer_days = self.entity(issuer).map_or(0, |issuer| issuer.days);
        if days > issuer_days {
            return Err(PlanError::Outlives {
                name: name.to_owned(),
                days,
                issuer: issuer.to_owned(),
                issuer_days,
            });
        }
        Ok(())
    }
}

fn known<'a>(
    what: &'static str,
    given: impl Iterator<Item = &'a String>,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), PlanError> {
    for name in given {
        if !known.clone().any(|known| known == name) {
            return Err(PlanError::Unknown {
                what,
                name: name.clone(),
                known: known
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        }
    }
    Ok(())
}

impl SslIdentity {
    /// Common name of its certificate.
    pub(crate) fn common_name(&self, network: &str) -> String {
        format!("{network} {} SSL", self.title)
    }

    fn check(&self, network: &str) -> Result<(), PlanError> {
        subject_part("common name", &self.common_name(network), LONGEST_COMMON_NAME)?;
        if self.dns_names.is_empty() {
            return Err(PlanError::NoDnsName {
                alias: self.alias.clone(),
            });
        }
        for name in &self.dns_names {
            if !is_dns_name(name) {
                return Err(PlanError::DnsName {
                    alias: self.alias.clone(),
                    name: name.clone(),
                });
            }
        }
        Ok(())
    }
}

fn subject_part(field: &'static str, value: &str, longest: usize) -> Result<(), PlanError> {
    let count = value.chars().count();
    let usable = !value.trim().is_empty() && value.trim() == value && !value.chars().any(char::is_control);
    if !usable || count > longest {
        return Err(PlanError::SubjectPart {
            field,
            value: value.to_owned(),
            longest,
        });
    }
    Ok(())
}

fn unique<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<(), PlanError> {
    let mut seen = BTreeSet::new();
    for name in names {
        // Java folds the case of aliases.
        if !seen.insert(name.to_lowercase()) {
            return Err(PlanError::Duplicate {
                what,
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}

/// Nodes fetch CRLs over plain HTTP: over TLS the fetch would need the CRL that it fetches. An IP address
/// would be in every certificate for ever.
fn crl_base(url: &str) -> Result<(), PlanError> {
    let wrong = |problem| PlanError::CrlBaseUrl {
        url: url.to_owned(),
        problem,
    };
    let authority = url
        .strip_prefix("http://")
        .ok_or_else(|| wrong("does not begin with `http://`"))?;
    if authority.contains(['/', '?', '#', '@']) {
        return Err(wrong("has more than a host and a port"));
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(wrong("has a port that is no number"));
    }
    if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err(wrong("names an IP address"));
    }
    if is_dns_name(host) {
        Ok(())
    } else {
        Err(wrong("has no valid DNS name"))
    }
}

fn is_dns_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(label)
}
