//! A program that calls its participant's RPC: a Job that is done once, in a Pod of its own.

use secrecy::ExposeSecret;
use topology::{
    connection::Port,
    model::{Component, Mebibytes, Node, RpcClient},
};

use crate::{
    context::{Context, RenderError, deadline},
    manifest::{Manifest, ObjectKey},
    metadata::checksum,
    names::{rpc_service, rpc_user_name, secrets},
    pod::{container::ContainerSpec, template::PodTemplate, volume::Volume},
    resource::{job::job, secret::SecretFiles},
};

const PASSWORD_FOLDER: &str = "/etc/corda-rpc";
const PASSWORD: &str = "password";

/// Its Secret and its Job. The arguments of the topology may name `$(CORDA_RPC_ADDRESS)` and the other
/// variables that are set here.
pub fn run(
    context: &Context<'_>,
    step: &str,
    participant: &Node,
    client: &RpcClient,
) -> Result<(Vec<Manifest>, ObjectKey), RenderError> {
    let component = Component::RpcClient {
        participant: participant.name.clone(),
        client: client.name.clone(),
    };
    let owner = context.owner(step);
    let server = participant.component();
    let number = context
        .matrix
        .number(&component, &server, Port::Rpc)
        .ok_or_else(|| RenderError::NotInMatrix {
            client: Box::new(component.clone()),
            server: Box::new(server.clone()),
            port: Port::Rpc.name(),
        })?;
    let password = context.secret(&secrets::rpc_user(&participant.name, &client.name))?;
    let secret = SecretFiles::default().text(PASSWORD, password.expose_secret());
    let config_checksum = Some(checksum(secret.parts()));
    let name = client.name.as_str();
    let volumes = [
        Volume::secret("password", name, PASSWORD_FOLDER),
        Volume::scratch("tmp", "/tmp"),
    ];
    let host = context.host_of(&server, &rpc_service(&server));
    let mut container = ContainerSpec {
        name,
        image: &client.image,
        command: Vec::new(),
        environment: vec![
            ("CORDA_RPC_ADDRESS", format!("{host}:{number}")),
            ("CORDA_RPC_USER", rpc_user_name(&client.name)),
            ("CORDA_RPC_PASSWORD_FILE", format!("{PASSWORD_FOLDER}/{PASSWORD}")),
            ("HOME", "/tmp".to_owned()),
        ],
        secret_environment: Vec::new(),
        volumes: &volumes,
        ports: Vec::new(),
        memory: Mebibytes(640),
    }
    .build();
    // The image's own entry point runs, with the topology's arguments.
    container.command = None;
    container.args = Some(client.arguments.clone()).filter(|arguments| !arguments.is_empty());
    let template = PodTemplate {
        config_checksum,
        ..PodTemplate::once(&component, container, &volumes)
    }
    .build(owner);
    let job = job(owner, &component, name, template, deadline::JOB);
    let key = job.key();
    Ok((vec![secret.build(owner, &component, name), job], key))
}
