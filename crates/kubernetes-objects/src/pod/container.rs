//! A container with what all of ours share.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{
        Container, ContainerPort, EnvVar, EnvVarSource, ResourceRequirements, SecretKeySelector,
    },
    apimachinery::pkg::api::resource::Quantity,
};
use topology::model::{Image, Mebibytes, Millicores};

use super::{probe::Probes, security, volume::Volume};

/// CPU that a container asks for unless the topology says otherwise; none is limited, since a start takes all that is free.
const CPU_REQUEST: &str = "50m";

/// What differs between containers.
pub struct ContainerSpec<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its image.
    pub image: &'a Image,
    /// What it runs.
    pub command: Vec<String>,
    /// Plain environment.
    pub environment: Vec<(&'a str, String)>,
    /// Environment from a Secret of its namespace: variable, Secret, key.
    pub secret_environment: Vec<(&'a str, &'a str, &'a str)>,
    /// What it sees.
    pub volumes: &'a [Volume],
    /// Ports by name.
    pub ports: Vec<(&'static str, u16)>,
    /// Its memory limit; half of it is asked for.
    pub memory: Mebibytes,
}

impl ContainerSpec<'_> {
    /// The container, without probes.
    pub fn build(self) -> Container {
        let Self {
            name,
            image,
            command,
            environment,
            secret_environment,
            volumes,
            ports,
            memory,
        } = self;
        let plain = environment.into_iter().map(|(name, value)| EnvVar {
            name: name.to_owned(),
            value: Some(value),
            value_from: None,
        });
        let secret = secret_environment.into_iter().map(|(name, secret, key)| EnvVar {
            name: name.to_owned(),
            value: None,
            value_from: Some(EnvVarSource {
                secret_key_ref: Some(SecretKeySelector {
                    name: secret.to_owned(),
                    key: key.to_owned(),
                    optional: None,
                }),
                ..EnvVarSource::default()
            }),
        });
        let ports: Vec<_> = ports
            .into_iter()
            .map(|(name, number)| ContainerPort {
                name: Some(name.to_owned()),
                container_port: number.into(),
                ..ContainerPort::default()
            })
            .collect();
        Container {
            name: name.to_owned(),
            image: Some(image.as_str().to_owned()),
            image_pull_policy: Some("IfNotPresent".into()),
            command: Some(command),
            env: Some(plain.chain(secret).collect::<Vec<_>>()).filter(|all| !all.is_empty()),
            ports: Some(ports).filter(|all| !all.is_empty()),
            resources: Some(resources(memory)),
            security_context: Some(security::container()),
            volume_mounts: Some(volumes.iter().map(Volume::mount).collect::<Vec<_>>())
                .filter(|all| !all.is_empty()),
            ..Container::default()
        }
    }

    /// The container, with probes.
    pub fn build_with(self, probes: Probes) -> Container {
        let mut container = self.build();
        probes.put_into(&mut container);
        container
    }
}

/// Asks for more processors than the usual small part of one.
pub fn request_cpu(container: &mut Container, cpu: Millicores) {
    container
        .resources
        .get_or_insert_default()
        .requests
        .get_or_insert_default()
        .insert("cpu".to_owned(), Quantity(cpu.quantity()));
}

fn resources(memory: Mebibytes) -> ResourceRequirements {
    let mebibytes = |amount: u32| Quantity(format!("{amount}Mi"));
    ResourceRequirements {
        requests: Some(BTreeMap::from([
            ("cpu".to_owned(), Quantity(CPU_REQUEST.into())),
            ("memory".to_owned(), mebibytes(memory.0 / 2)),
        ])),
        limits: Some(BTreeMap::from([("memory".to_owned(), mebibytes(memory.0))])),
        claims: None,
    }
}
