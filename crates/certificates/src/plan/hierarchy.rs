//! The two hierarchies: one that nodes trust, one that only CENM's services trust.

use crate::plan::{
    CertificatePlan, CordaRole, CrlPlan, EntityPlan, Holder, IssuedBy, MapSigner, PlanError, PlanRequest,
    Purpose, StoreEntry, StorePlan, Tunnel, aliases, files, public_host,
};
use crate::x500_name::X500Name;

impl CertificatePlan {
    /// Plans the keys of a network. Pure.
    pub fn new(request: &PlanRequest) -> Result<Self, PlanError> {
        request.check()?;
        let mut plan = Self {
            network: request.network.clone(),
            entities: entities(request),
            crls: crls(request),
            doorman_crl_url: crl_url(request, "doorman"),
            stores: stores(request),
            secrets: request.secrets.clone(),
        };
        single_choices(&mut plan, request);
        plan.check(request)?;
        Ok(plan)
    }
}

pub(super) fn subject(request: &PlanRequest, common_name: String) -> X500Name {
    X500Name::new(
        common_name,
        &request.organisation,
        &request.locality,
        &request.country,
    )
}

fn own_subject(request: &PlanRequest, what: &str) -> X500Name {
    subject(request, format!("{} {what}", request.network))
}

/// The Identity Manager serves a static CRL under the name of its file.
fn crl_url(request: &PlanRequest, name: &str) -> String {
    format!("{}/certificate-revocation-list/{name}", request.crl_base_url)
}

fn entities(request: &PlanRequest) -> Vec<EntityPlan> {
    let by = |alias: &str| IssuedBy::Authority(alias.to_owned());
    let signer = || {
        let component = request.signing_component.clone();
        if request.signing_keys_in_hsm {
            Holder::Hsm(component)
        } else {
            Holder::Component(component)
        }
    };
    let entity =
        |alias: &str, what: &str, issued_by: IssuedBy, purpose: Purpose, holder: Holder| EntityPlan {
            alias: alias.to_owned(),
            subject: own_subject(request, what),
            key: request.algorithms.network,
            days: match (&issued_by, purpose) {
                (IssuedBy::Itself, Purpose::Authority | Purpose::CrlSigner) => request.lifetimes.root_days,
                (IssuedBy::Authority(_), Purpose::Authority) => request.lifetimes.authority_days,
                _ => request.lifetimes.leaf_days,
            },
            issued_by,
            purpose,
            role: None,
            dns_names: Vec::new(),
            crl_url: None,
            holder,
        };
    let authority = |alias: &str, what: &str| {
        entity(
            alias,
            what,
            IssuedBy::Itself,
            Purpose::Authority,
            Holder::Operator,
        )
    };

    let mut entities = vec![
        authority(aliases::ROOT, "Root CA"),
        EntityPlan {
            issued_by: by(aliases::ROOT),
            days: request.lifetimes.authority_days,
            crl_url: Some(crl_url(request, "root")),
            ..authority(aliases::SUBORDINATE, "Subordinate CA")
        },
        EntityPlan {
            role: Some(CordaRole::IdentityManager),
            crl_url: Some(crl_url(request, "subordinate")),
            ..entity(
                aliases::IDENTITY_MANAGER,
                "Identity Manager CA",
                by(aliases::SUBORDINATE),
                Purpose::Authority,
                signer(),
            )
        },
    ];
    entities.extend(request.map_signers.iter().map(|map_signer| EntityPlan {
        role: Some(map_signer.role()),
        crl_url: Some(crl_url(request, "subordinate")),
        ..entity(
            &map_signer.alias,
            &map_signer.title(),
            by(aliases::SUBORDINATE),
            Purpose::NetworkMap,
            signer(),
        )
    }));
    entities.extend([
        entity(
            aliases::TLS_CRL_SIGNER,
            "TLS CRL Signer",
            IssuedBy::Itself,
            Purpose::CrlSigner,
            Holder::Operator,
        ),
        EntityPlan {
            key: request.algorithms.ssl,
            ..authority(aliases::SSL_ROOT, "SSL Root CA")
        },
        EntityPlan {
            key: request.algorithms.tokens,
            ..entity(
                aliases::JWT,
                "Access Tokens",
                IssuedBy::Itself,
                Purpose::Tokens,
                Holder::Component(request.token_component.clone()),
            )
        },
    ]);
    entities.extend(request.ssl_identities.iter().map(|identity| EntityPlan {
        alias: identity.alias.clone(),
        subject: subject(request, identity.common_name(&request.network)),
        key: request.algorithms.ssl,
        days: request.lifetimes.leaf_days,
        issued_by: by(aliases::SSL_ROOT),
        purpose: Purpose::Tls,
        role: None,
        dns_names: identity.dns_names.clone(),
        crl_url: Some(crl_url(request, "ssl")),
        holder: Holder::Component(identity.service.clone()),
    }));
    entities.extend(request.tunnels.iter().flat_map(|tunnel| tunnel.entities(request)));
    entities.extend(public_host::entities(request));
    entities
}

impl MapSigner {
    /// What its common name says behind the network's.
    pub(crate) fn title(&self) -> String {
        let what = if self.parameters {
            "Network Parameters"
        } else {
            "Network Map"
        };
        match &self.subzone {
            Some(subzone) => format!("{what} {subzone}"),
            None => what.to_owned(),
        }
    }
}

/// Puts in what was chosen for single certificates and CRLs.
fn single_choices(plan: &mut CertificatePlan, request: &PlanRequest) {
    let PlanRequest {
        algorithms,
        lifetimes,
        ..
    } = request;
    for entity in &mut plan.entities {
        if let (Holder::Operator, Some(token)) = (&entity.holder, &request.operator_token) {
            entity.holder = Holder::OperatorToken(token.clone());
        }
        if let Some(key) = algorithms.of.get(&entity.alias) {
            entity.key = *key;
        }
        if let Some(days) = lifetimes.of.get(&entity.alias) {
            entity.days = *days;
        }
    }
    for crl in &mut plan.crls {
        if let Some(days) = lifetimes.of.get(&crl.file) {
            crl.days = *days;
        }
    }
}

fn crls(request: &PlanRequest) -> Vec<CrlPlan> {
    let crl = |file: &str, name: &str, signer: &str, what: &str, indirect: bool| CrlPlan {
        file: file.to_owned(),
        signer: signer.to_owned(),
        url: crl_url(request, name),
        issuer: own_subject(request, what),
        indirect,
        days: request.lifetimes.crl_days,
    };
    vec![
        crl(
            files::TLS_CRL,
            "tls",
            aliases::TLS_CRL_SIGNER,
            "TLS CRL Signer",
            true,
        ),
        crl(files::ROOT_CRL, "root", aliases::ROOT, "Root CA", false),
        crl(
            files::SUBORDINATE_CRL,
            "subordinate",
            aliases::SUBORDINATE,
            "Subordinate CA",
            false,
        ),
        crl(files::SSL_CRL, "ssl", aliases::SSL_ROOT, "SSL Root CA", false),
    ]
}

fn stores(request: &PlanRequest) -> Vec<StorePlan> {
    let keys = |file: &str, alias: &str, component: &str| StorePlan {
        file: file.to_owned(),
        entries: vec![StoreEntry::PrivateKey(alias.to_owned())],
        holder: Holder::Component(component.to_owned()),
    };
    let trust = |file: &str, trusted: &[&str]| StorePlan {
        file: file.to_owned(),
        entries: trusted
            .iter()
            .map(|alias| StoreEntry::Trusted((*alias).to_owned()))
            .collect(),
        holder: Holder::Anyone,
    };
    let mut stores = vec![
        trust(files::NETWORK_TRUST, &[aliases::ROOT, aliases::TLS_CRL_SIGNER]),
        trust(files::SSL_TRUST, &[aliases::SSL_ROOT]),
    ];
    let tokens = keys(files::JWT_KEYS, aliases::JWT, &request.token_component);
    if request.signing_keys_in_hsm {
        let signers = request.map_signers.iter().map(|signer| signer.alias.as_str());
        let certificates: Vec<&str> = std::iter::once(aliases::IDENTITY_MANAGER)
            .chain(signers)
            .chain([aliases::SUBORDINATE, aliases::ROOT])
            .collect();
        stores.extend([trust(files::HSM_CERTIFICATES, &certificates), tokens]);
    } else {
        let identity_manager = keys(
            files::IDENTITY_MANAGER_KEYS,
            aliases::IDENTITY_MANAGER,
            &request.signing_component,
        );
        stores.extend([identity_manager, tokens]);
        stores.extend(
            request
                .map_signers
                .iter()
                .map(|signer| keys(&signer.file, &signer.alias, &request.signing_component)),
        );
    }
    stores.extend(
        request
            .ssl_identities
            .iter()
            .map(|identity| keys(&identity.file, &identity.alias, &identity.service)),
    );
    stores.extend(request.tunnels.iter().flat_map(Tunnel::stores));
    stores
}
