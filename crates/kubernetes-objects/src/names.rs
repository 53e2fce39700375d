//! Names of objects, files and generated secrets, each in one place.

use topology::{
    Topology,
    model::{Component, Node, Service, Subzone, SubzoneId},
    names::NodeName,
};

/// The Secret with a component's configuration.
pub fn config_secret(component: &Component) -> String {
    format!("{}-config", component.name())
}

/// The Secret with a component's key and trust stores.
pub fn keys_secret(component: &Component) -> String {
    format!("{}-keys", component.name())
}

/// The Service of a node's RPC.
pub fn rpc_service(component: &Component) -> String {
    format!("{}-rpc", component.name())
}

/// The Service through which peers outside of the network reach a receiver of P2P.
pub fn public_service(component: &Component) -> String {
    format!("{}-public", component.name())
}

/// The name of a user of RPC, in the letters that Corda takes.
pub fn rpc_user_name(user: &NodeName) -> String {
    user.as_str().replace('-', "_")
}

/// The Job that registers the identity which the workers of a notary share, and the Secret and the claim that keep it.
pub fn service_identity(notary: &NodeName) -> String {
    format!("{notary}-service-identity")
}

/// The Secret with the configuration of [`service_identity`].
pub fn service_identity_config(notary: &NodeName) -> String {
    format!("{notary}-service-identity-config")
}

/// The Job that copies what a bridge needs of its node, and the Secret that keeps it.
pub fn bridge_files(participant: &NodeName) -> String {
    format!("{participant}-bridge-files")
}

/// The Service of a component's metrics.
pub fn metrics_service(component: &Component) -> String {
    format!("{}-metrics", component.name())
}

/// The claim that holds a CENM service's H2 database.
pub fn database_claim(component: &Component) -> String {
    format!("{}-database", component.name())
}

/// The claim that is a node's base directory.
pub fn base_directory_claim(node: &Node) -> String {
    format!("{}-base-directory", node.name)
}

/// The Secret with the certificate of a component's public host.
pub fn public_certificate(component: &Component) -> String {
    format!("{}-public-certificate", component.name())
}

/// The Job that registers a node.
pub fn registration(node: &Node) -> String {
    format!("{}-registration", node.name)
}

/// The Secret that keeps a zone token (reference §5.5).
pub fn token_secret(component: &Component) -> String {
    format!("{}-zone-token", component.name())
}

/// The key in [`token_secret`].
pub const TOKEN_KEY: &str = "token";

/// The `ConfigMap` that keeps a notary's `NodeInfo`.
pub fn node_info(notary: &NodeName) -> String {
    format!("{notary}-node-info")
}

/// The file in [`node_info`].
pub const NODE_INFO_FILE: &str = "nodeInfo";

/// The `ConfigMap` with the initial network parameters.
pub const PARAMETERS: &str = "network-parameters";

/// The Secret with the passwords of the users that the bootstrap Jobs log in as.
pub const USERS_SECRET: &str = "bootstrap-users";

/// The CENM components that keep state.
pub fn with_state(topology: &Topology) -> impl Iterator<Item = Component> {
    [Service::Auth, Service::Zone, Service::IdentityManager]
        .into_iter()
        .map(Component::Cenm)
        .chain(topology.cenm.subzones().map(Subzone::component))
}

/// The name of an object of a subzone: the main one's is as it is, a further one's ends with its name.
pub fn of_subzone(name: &str, subzone: &SubzoneId) -> String {
    match subzone {
        SubzoneId::Main => name.to_owned(),
        SubzoneId::Named(of) => format!("{name}-{of}"),
    }
}

/// Generated secrets, by name in the key ring.
pub mod secrets {
    use topology::model::{Database, Delivery};

    use super::{Component, Node, NodeName, Topology};
    use crate::user::User;

    /// What digests of delivered content are made with. It never leaves the operator's side.
    pub const DELIVERY: &str = "delivery";

    /// Password of a service's H2 database.
    pub fn database(component: &Component) -> String {
        format!("{}-database", component.name())
    }

    /// The Gateway's OAuth client secret.
    pub const GATEWAY_CLIENT: &str = "gateway-client";

    /// Password of a CENM user.
    pub fn user(user: User) -> String {
        format!("user-{}", user.name())
    }

    /// Password of the stores that a node makes at registration.
    pub fn node_key_store(node: &Node) -> String {
        format!("{}-key-store", node.name)
    }

    /// Password of the trust store that a node makes at registration.
    pub fn node_trust_store(node: &Node) -> String {
        format!("{}-trust-store", node.name)
    }

    /// Password of the store with the identity that the workers of a notary share.
    pub fn service_identity(notary: &NodeName) -> String {
        format!("{notary}-service-identity")
    }

    /// Password of an RPC user.
    pub fn rpc_user(participant: &NodeName, client: &NodeName) -> String {
        format!("{participant}-rpc-{client}")
    }

    /// All that a network needs.
    pub fn all(topology: &Topology) -> Vec<String> {
        let mut names: Vec<String> = super::with_state(topology)
            .filter(|component| {
                topology
                    .cenm_service(component)
                    .is_some_and(|service| service.database == Database::H2)
            })
            .map(|component| database(&component))
            .collect();
        names.push(GATEWAY_CLIENT.to_owned());
        names.extend((topology.delivery != Delivery::Secrets).then(|| DELIVERY.to_owned()));
        names.extend(User::ALL.into_iter().map(user));
        names.extend(
            topology
                .notary_services
                .iter()
                .filter(|service| service.high_availability.is_some())
                .map(|service| service_identity(&service.name)),
        );
        for node in topology.nodes() {
            names.push(node_key_store(node));
            names.push(node_trust_store(node));
            names.extend(
                node.rpc_clients
                    .iter()
                    .map(|client| rpc_user(&node.name, &client.name)),
            );
        }
        names
    }
}
