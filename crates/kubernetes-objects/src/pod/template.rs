//! The template of a Pod.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{Container, HostAlias, PodDNSConfig, PodSpec, PodTemplateSpec},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use topology::model::Component;

use super::{container::request_cpu, placement::place, security, volume::Volume};
use crate::metadata::{CONFIG_CHECKSUM, MANAGED_BY, NETWORK, Owner, workload_labels};

/// What differs between Pods.
pub struct PodTemplate<'a> {
    /// Whose Pod it is.
    pub component: &'a Component,
    /// Which of its workloads.
    pub workload: &'a str,
    /// Containers that run before the others.
    pub init_containers: Vec<Container>,
    /// Its container.
    pub container: Container,
    /// All volumes that any container sees.
    pub volumes: &'a [Volume],
    /// Names that it knows without DNS: address, names.
    pub host_aliases: Vec<(String, Vec<String>)>,
    /// Whether it may ask the cluster's DNS.
    pub uses_dns: bool,
    /// `Always`, or `Never` for Jobs.
    pub restart_policy: &'static str,
    /// Digest of its configuration.
    pub config_checksum: Option<String>,
    /// Seconds between SIGTERM and SIGKILL.
    pub grace_period_seconds: i64,
}

impl<'a> PodTemplate<'a> {
    /// A Pod that does one thing and ends.
    pub fn once(component: &'a Component, container: Container, volumes: &'a [Volume]) -> Self {
        Self {
            component,
            workload: "job",
            init_containers: Vec::new(),
            container,
            volumes,
            host_aliases: Vec::new(),
            uses_dns: true,
            restart_policy: "Never",
            config_checksum: None,
            grace_period_seconds: 5,
        }
    }

    /// The template, with the placement and the processors that the topology gives the component.
    pub fn build(self, owner: Owner<'_>) -> PodTemplateSpec {
        let Self {
            component,
            workload,
            init_containers,
            mut container,
            volumes,
            host_aliases,
            uses_dns,
            restart_policy,
            config_checksum,
            grace_period_seconds,
        } = self;
        if let Some(cpu) = owner.topology.cpu(component) {
            request_cpu(&mut container, cpu);
        }
        let mut labels = workload_labels(component, workload);
        labels.insert(MANAGED_BY.into(), "cordanetes".into());
        labels.insert(NETWORK.into(), owner.topology.name.to_string());
        let annotations =
            config_checksum.map(|digest| BTreeMap::from([(CONFIG_CHECKSUM.to_owned(), digest)]));
        let aliases: Vec<_> = host_aliases
            .into_iter()
            .map(|(ip, hostnames)| HostAlias {
                ip,
                hostnames: Some(hostnames),
            })
            .collect();
        let (dns_policy, dns_config) = if uses_dns {
            (None, None)
        } else {
            // `None` wants a name server: loopback has none, so that a look-up fails at once.
            let nowhere = PodDNSConfig {
                nameservers: Some(vec!["127.0.0.1".into()]),
                ..PodDNSConfig::default()
            };
            (Some("None".to_owned()), Some(nowhere))
        };
        let mut pod = PodSpec {
            service_account_name: Some(component.name().into_owned()),
            automount_service_account_token: Some(false),
            // Variables such as CENM_ZONE_PORT would override product settings (reference §8.3, 17).
            enable_service_links: Some(false),
            security_context: Some(security::pod()),
            init_containers: Some(init_containers).filter(|all| !all.is_empty()),
            containers: vec![container],
            volumes: Some(volumes.iter().map(Volume::volume).collect::<Vec<_>>())
                .filter(|all| !all.is_empty()),
            host_aliases: Some(aliases).filter(|all| !all.is_empty()),
            dns_policy,
            dns_config,
            restart_policy: Some(restart_policy.into()),
            termination_grace_period_seconds: Some(grace_period_seconds),
            ..PodSpec::default()
        };
        place(&mut pod, component, owner.topology);
        PodTemplateSpec {
            metadata: Some(ObjectMeta {
                labels: Some(labels),
                annotations,
                ..ObjectMeta::default()
            }),
            spec: Some(pod),
        }
    }
}
