//! The platform's limits.

use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{EncryptionAtRest, ExposureKind, Platform, PlatformKind},
};

/// The platform, its limits as declared or as the product has them by default.
pub(super) fn platform(declared: &declared::Platform) -> Platform {
    let kind = declared
        .kind
        .as_ref()
        .map_or(PlatformKind::Generic, |kind| kind.value);
    Platform {
        kind,
        load_balancers: declared
            .load_balancers
            .as_ref()
            .map(|limit| limit.value.0)
            // The default quota of Classic Load Balancers a region (reference §8.3, 27).
            .or((kind == PlatformKind::Eks).then_some(20)),
        image_volumes: declared
            .image_volumes
            .as_ref()
            .is_some_and(|volumes| volumes.value),
        encryption_at_rest: declared
            .encryption_at_rest
            .as_ref()
            .map_or(EncryptionAtRest::Unknown, |known| known.value),
    }
}

pub(super) fn check(declared: &declared::Topology, platform: Platform, diagnostics: &mut Diagnostics) {
    if let Some(policies) = declared.platform.network_policies.as_ref().filter(|it| !it.value) {
        diagnostics.push(
            Diagnostic::new(
                "topology::no-network-policies",
                policies.span,
                "a network is not rolled out where nothing enforces NetworkPolicies",
            )
            .label("nothing would isolate the Signing Service")
            .help("install a CNI that enforces them, e.g. Calico or Cilium"),
        );
    }
    let exposures = exposures(declared);
    check_load_balancers(&exposures, platform, diagnostics);
    for exposure in exposures {
        check_static_address(exposure, platform, diagnostics);
    }
    if platform.kind == PlatformKind::Eks {
        for database in databases(declared) {
            check_eks_database(database, diagnostics);
        }
    }
}

/// Every exposure that is written; a worker without one has its notary's.
fn exposures(declared: &declared::Topology) -> Vec<&declared::Exposure> {
    let mut exposures: Vec<&declared::Exposure> = Vec::new();
    if let Some(cenm) = &declared.cenm {
        exposures.extend(&cenm.identity_manager.service.exposure);
        exposures.extend(&cenm.network_map.service.exposure);
        exposures.extend(&cenm.gateway.service.exposure);
        exposures.extend(
            cenm.subzones
                .iter()
                .filter_map(|it| it.network_map.service.exposure.as_ref()),
        );
    }
    for notary in &declared.notaries {
        match &notary.high_availability {
            None => exposures.extend(&notary.exposure),
            Some(shared) => exposures.extend(
                shared
                    .workers
                    .iter()
                    .filter_map(|it| it.exposure.as_ref().or(notary.exposure.as_ref())),
            ),
        }
    }
    for participant in &declared.participants {
        exposures.extend(&participant.exposure);
        exposures.extend(participant.firewall.iter().filter_map(|it| it.exposure.as_ref()));
    }
    exposures
}

fn is(exposure: &declared::Exposure, kind: ExposureKind) -> bool {
    exposure.kind.as_ref().is_some_and(|it| it.value == kind)
}

/// More load balancers than the account may have: told at the first that is too much.
fn check_load_balancers(
    exposures: &[&declared::Exposure],
    platform: Platform,
    diagnostics: &mut Diagnostics,
) {
    let balancers: Vec<_> = exposures
        .iter()
        .filter(|exposure| is(exposure, ExposureKind::LoadBalancer))
        .collect();
    if platform.kind == PlatformKind::Kind
        && let Some(first) = balancers.first()
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::platform-limit",
                first.span,
                "kind gives a load balancer no address",
            )
            .label("would wait for ever")
            .help("use `nodePort`, `ingress` or `none`"),
        );
        return;
    }
    let Some(limit) = platform.load_balancers else {
        return;
    };
    let Ok(at) = usize::try_from(limit) else { return };
    if let Some(over) = balancers.get(at) {
        diagnostics.push(
            Diagnostic::new(
                "topology::platform-limit",
                over.span,
                format!("{} load balancers, the platform allows {limit}", balancers.len()),
            )
            .label("one too many")
            .help("raise `platform.loadBalancers` once the quota is raised, or share a Gateway"),
        );
    }
}

/// AWS knows no `loadBalancerIP`.
fn check_static_address(exposure: &declared::Exposure, platform: Platform, diagnostics: &mut Diagnostics) {
    if platform.kind == PlatformKind::Eks
        && is(exposure, ExposureKind::LoadBalancer)
        && let Some(address) = &exposure.address
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::platform-limit",
                address.span,
                "EKS gives a load balancer no address that is asked for by `address`",
            )
            .label("would be ignored")
            .help("name elastic IPs under `annotations`: `service.beta.kubernetes.io/aws-load-balancer-eip-allocations`"),
        );
    }
}

fn databases(declared: &declared::Topology) -> Vec<&declared::Database> {
    let mut databases: Vec<&declared::Database> = Vec::new();
    if let Some(cenm) = &declared.cenm {
        let services = [
            &cenm.auth,
            &cenm.zone,
            &cenm.identity_manager.service,
            &cenm.network_map.service,
        ];
        databases.extend(&cenm.database);
        let further = cenm.subzones.iter().map(|subzone| &subzone.network_map.service);
        databases.extend(
            services
                .into_iter()
                .chain(further)
                .filter_map(|it| it.database.as_ref()),
        );
    }
    databases
}

/// R3 supports CENM on EKS with a database outside of the cluster only (reference §8.1).
fn check_eks_database(database: &declared::Database, diagnostics: &mut Diagnostics) {
    if let Some(address) = &database.address
        && address.value.is_in_cluster()
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::platform-limit",
                address.span,
                "CENM on EKS needs a database outside of the cluster",
            )
            .label("inside of the cluster")
            .help("support matrix: AWS EKS with external PostgreSQL only; use RDS"),
        );
    }
}
