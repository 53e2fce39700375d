//! How the stores and passwords that Cordanetes makes come to the Pods.

use crate::{
    decode::Located,
    language::mapping,
    model::{ExternalStoreKind, StoreLayout},
    scalar::{IpRange, ObjectName, StorePath, Url},
};

mapping! {
    /// How the stores and passwords that Cordanetes makes come to the Pods. Exactly one of the keys must be there.
    /// `cordanetes certificates deliver` writes what is to be loaded.
    #[one_of = true]
    pub struct Delivery = "`delivery`" {
        /// External Secrets brings them into the cluster from a store of the operator's.
        external_secrets: Option<DeliveryStore> = "externalSecrets",
            drives "ExternalSecret (external-secrets.io/v1) in the place of each Secret";
        /// Vault's agent puts them into each Pod, and no Secret holds them.
        vault_agent: Option<VaultAgent> = "vaultAgent", drives "annotations `vault.hashicorp.com/…` of the Pods";
    }
}

mapping! {
    /// The store from which External Secrets brings what Cordanetes has made.
    pub struct DeliveryStore = "`externalSecrets`" {
        /// The store's object, which exists.
        @required store: Option<Located<ObjectName>> = "store", drives "ExternalSecret spec.secretStoreRef.name";
        /// The kind of the store's object.
        kind: Option<Located<ExternalStoreKind>> = "kind", default "ClusterSecretStore",
            drives "ExternalSecret spec.secretStoreRef.kind";
        /// What all names in the store begin with.
        prefix: Option<Located<StorePath>> = "prefix", default "cordanetes",
            drives "ExternalSecret spec.data[].remoteRef.key";
        /// How names in the store are put together.
        layout: Option<Located<StoreLayout>> = "layout", default "paths",
            drives "ExternalSecret spec.data[].remoteRef.key";
    }
}

mapping! {
    /// A Vault with its agent's injector in the cluster, and what Cordanetes has made in its key-value engine.
    pub struct VaultAgent = "`vaultAgent`" {
        /// Where Vault answers: a Service of the cluster, e.g. `https://vault.vault.svc:8200`, or a host outside.
        @required address: Option<Located<Url>> = "address", drives "the agent's `vault.address`";
        /// The address' IP addresses or ranges, where its host is a name outside of the cluster: policies know no names.
        addresses: Vec<Located<IpRange>> = "addresses", drives "NetworkPolicy spec.egress[].to[].ipBlock";
        /// The key-value engine, version 2.
        mount: Option<Located<StorePath>> = "mount", default "secret", drives "paths in the agent's templates";
        /// What all paths in the engine begin with.
        prefix: Option<Located<StorePath>> = "prefix", default "cordanetes", drives "paths in the agent's templates";
        /// Where Kubernetes authentication is mounted.
        auth_path: Option<Located<StorePath>> = "authPath", default "auth/kubernetes",
            drives "the agent's `auto_auth.method.mount_path`";
        /// For whom the Pods' tokens are: the audience of the roles.
        audience: Option<Located<ObjectName>> = "audience", default "vault",
            drives "Pod spec.volumes[].projected.sources[].serviceAccountToken.audience";
        /// The namespace of Vault Enterprise.
        namespace: Option<Located<StorePath>> = "namespace", default "the root namespace",
            drives "the agent's `auto_auth.method.namespace`";
        /// The authority that Vault's certificate is of, as PEM.
        certificate_authority: Option<Located<String>> = "certificateAuthority",
            default "the authorities of the agent's image", drives "the agent's `vault.ca_cert`";
        /// Whether the Signing Service gets its keys from Vault as well, and may call it. It asks no DNS, so that all
        /// `addresses` must be single ones then. Without it its stores are in Secrets.
        signing_service: Option<Located<bool>> = "signingService", default "false";
    }
}
