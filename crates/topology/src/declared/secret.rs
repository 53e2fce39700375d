//! References to secrets, which never stand in the file, and to files in images.

use crate::{
    decode::Located,
    language::mapping,
    model::ExternalStoreKind,
    scalar::{Image, ObjectName, SecretKey, VariableName},
};

mapping! {
    /// Where a secret is. Exactly one of the keys must be there; the secret itself never stands in a topology.
    #[one_of = true]
    pub struct SecretReference = "a reference to a secret" {
        /// A key of a Secret that exists in the component's namespace before the rollout.
        secret: Option<SecretKeyReference> = "secret", drives "read when the config that needs it is applied";
        /// A value of an external store, brought into the cluster by External Secrets.
        external: Option<ExternalSecret> = "external", drives "ExternalSecret (external-secrets.io/v1)";
        /// An environment variable of the deployer.
        environment: Option<Located<VariableName>> = "environment";
        /// A file on the deployer's side, relative to the topology; only its owner may read it.
        file: Option<Located<String>> = "file";
    }
}

mapping! {
    /// A key of a Secret.
    pub struct SecretKeyReference = "`secret`" {
        /// The Secret's name.
        @required name: Option<Located<ObjectName>> = "name";
        /// The key in it.
        @required key: Option<Located<SecretKey>> = "key";
    }
}

mapping! {
    /// A value of an external store.
    pub struct ExternalSecret = "`external`" {
        /// The store's object.
        @required store: Option<Located<ObjectName>> = "store", drives "ExternalSecret spec.secretStoreRef.name";
        /// The kind of the store's object.
        kind: Option<Located<ExternalStoreKind>> = "kind", default "ClusterSecretStore",
            drives "ExternalSecret spec.secretStoreRef.kind";
        /// The path in the store.
        @required key: Option<Located<String>> = "key", drives "ExternalSecret spec.data[].remoteRef.key";
        /// The property of what is found there.
        property: Option<Located<String>> = "property", default "the whole value",
            drives "ExternalSecret spec.data[].remoteRef.property";
    }
}

mapping! {
    /// Files that an image carries (image volumes, KEP-4639).
    pub struct ImageVolume = "an image volume" {
        /// The image.
        @required image: Option<Located<Image>> = "image", drives "Pod spec.volumes[].image.reference";
        /// The folder in it.
        path: Option<Located<String>> = "path", default "the image's root", drives "subPath of the mount";
    }
}
