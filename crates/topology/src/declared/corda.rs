//! Notaries, participants and what they share.

use super::{
    database::Database,
    exposure::Exposure,
    firewall::Firewall,
    placement::{Placement, VerticalScaling, Volume},
    secret::{ImageVolume, SecretReference},
};
use crate::{
    decode::Located,
    language::{Tree, mapping},
    model::{Edition, NotaryJoins},
    names::{DnsName, NodeName, X500Name},
    scalar::{CordaVersion, Image, IpRange, Mebibytes, Millicores, Sha256, Url, Whole},
};

mapping! {
    /// Settings of a node. What is not said here comes from the node's class, then from `corda`, then from Cordanetes.
    pub struct NodeSettings = "`corda` or a class" {
        /// The edition of Corda.
        edition: Option<Located<Edition>> = "edition", default "community", drives "node.conf keys, image layout";
        /// The release of Corda.
        version: Option<Located<CordaVersion>> = "version", default "4.10", drives "node.conf keys, Java";
        /// The image.
        image: Option<Located<Image>> = "image";
        /// The Java heap.
        heap: Option<Located<Mebibytes>> = "heap", default "512Mi", drives "custom.jvmArgs -Xmx";
        /// The memory of the container, launcher and buffers included.
        memory: Option<Located<Mebibytes>> = "memory", default "the heap and 900Mi",
            drives "container resources.requests and limits.memory";
        /// The processors.
        cpu: Option<Located<Millicores>> = "cpu", default "none asked for", drives "container resources.requests.cpu";
        /// Arguments of the JVM beside the heap; they replace the default.
        jvm_arguments: Vec<Located<String>> = "jvmArguments", default "-XX:+UseG1GC", drives "custom.jvmArgs";
        /// Whether CorDapps signed with R3's development key are accepted; for trials only.
        development_cordapps: Option<Located<bool>> = "developmentCordapps", default "false",
            drives "cordappSignerKeyFingerprintBlacklist";
        /// The node's database.
        database: Option<Database> = "database", default "H2 in the node's volume (trials only)",
            drives "dataSourceProperties";
        /// The volume with ledger, keys and messages.
        storage: Volume = "storage";
        /// CorDapps beside those of the image.
        cordapps: Cordapps = "cordapps";
        /// Further keys of `node.conf`, checked against the table of documented ones. They go before all others; keys that
        /// Cordanetes needs for itself are refused.
        configuration: Tree = "configuration", default "none", drives "any key of node.conf";
        /// The SSH shell.
        ssh: Ssh = "ssh";
        /// Where it runs.
        placement: Placement = "placement";
        /// Whether its metrics are shown.
        monitoring: Option<Located<bool>> = "monitoring", default "true if the file has `monitoring`";
        /// Vertical scaling.
        vertical_scaling: VerticalScaling = "verticalScaling";
        /// Whether peers must prove that their certificates are not revoked before they are talked to. Every list of the
        /// chain must be reachable then.
        strict_revocation: Option<Located<bool>> = "strictRevocation", default "false", drives "crlCheckSoftFail";
    }
}

mapping! {
    /// CorDapps beside those of the node's image.
    pub struct Cordapps = "`cordapps`" {
        /// Where they come from; each is fetched before the node starts.
        sources: Vec<CordappSource> = "sources", default "none";
    }
}

mapping! {
    /// Where CorDapps come from. Exactly one of `image` and `url` must be there.
    pub struct CordappSource = "a CorDapp source" {
        /// An image with jars, mounted as a volume.
        image: Option<ImageVolume> = "image", drives "Pod spec.volumes[].image";
        /// A jar behind a URL; `sha256` must be there too.
        url: Option<Located<Url>> = "url", drives "an init container, and what a policy lets the Pod call";
        /// The URL's IP addresses or ranges, where its host is a name outside of the cluster: policies know no names.
        addresses: Vec<Located<IpRange>> = "addresses", drives "NetworkPolicy spec.egress[].to[].ipBlock";
        /// The jar's SHA-256.
        sha256: Option<Located<Sha256>> = "sha256";
    }
}

mapping! {
    /// The SSH shell of a node; off unless switched on, and reachable only from the participant's own namespace.
    pub struct Ssh = "`ssh`" {
        /// Whether there is one.
        enabled: Option<Located<bool>> = "enabled", default "false", drives "sshd";
        /// Its port.
        port: Option<Located<Whole<1024, 65535>>> = "port", default "2222", drives "sshd.port";
    }
}

mapping! {
    /// A notary service: one node, or several workers with one identity.
    pub struct Notary = "a notary" {
        flatten settings: NodeSettings;
        /// Its name, unique among notaries and participants.
        @required name: Option<Located<NodeName>> = "name", drives "names of its namespace and objects";
        /// The node's legal name; not with `highAvailability`, where each worker has one.
        legal_name: Option<Located<X500Name>> = "legalName", drives "myLegalName";
        /// The legal name of the notary service, different from every node's. It cannot be changed.
        @required service_legal_name: Option<Located<X500Name>> = "serviceLegalName", drives "notary.serviceLegalName";
        /// Whether it checks transactions. It cannot be changed.
        validating: Option<Located<bool>> = "validating", default "false", drives "notary.validating";
        /// Several workers with one identity and one database. Corda Enterprise only.
        high_availability: Option<HighAvailability> = "highAvailability", default "one node";
        /// When it joins: with the network's first parameters, or by a parameter update later.
        joins: Option<Located<NotaryJoins>> = "joins", default "initially", drives "notaries of the initial network parameters";
        /// Its subzone.
        subzone: Option<Located<String>> = "subzone", default "the main one";
        /// The settings that it shares.
        class: Option<Located<String>> = "class", default "none";
        /// Its public P2P host.
        host: Option<Located<DnsName>> = "host", default "the name of its Service inside of the cluster",
            drives "p2pAddress";
        /// How peers outside of the network's own namespaces reach it.
        exposure: Option<Exposure> = "exposure", default "none";
        /// Its ports.
        ports: Ports = "ports";
    }
}

mapping! {
    /// A notary of several workers (reference §6.9).
    pub struct HighAvailability = "`highAvailability`" {
        /// The database that all workers share, beside each worker's own.
        @required database: Option<Database> = "database", drives "notary.jpa";
        /// The workers; at least two.
        @required workers: Vec<Worker> = "workers";
        /// The image with `corda-tools-ha-utilities.jar`, which registers the service's identity.
        @required tools_image: Option<Located<Image>> = "toolsImage";
    }
}

mapping! {
    /// One worker of a notary.
    pub struct Worker = "a worker" {
        /// Its name, unique among all nodes.
        @required name: Option<Located<NodeName>> = "name";
        /// Its own legal name.
        @required legal_name: Option<Located<X500Name>> = "legalName", drives "myLegalName";
        /// Its own database.
        database: Option<Database> = "database", default "that of the notary";
        /// Its public P2P host.
        host: Option<Located<DnsName>> = "host", default "the name of its Service inside of the cluster";
        /// How peers outside of the network's own namespaces reach it.
        exposure: Option<Exposure> = "exposure", default "that of the notary";
    }
}

mapping! {
    /// A participant: a member of the network with its node.
    pub struct Participant = "a participant" {
        flatten settings: NodeSettings;
        /// Its name, unique among notaries and participants.
        @required name: Option<Located<NodeName>> = "name", drives "names of its namespace and objects";
        /// Its legal name. It cannot be changed.
        @required legal_name: Option<Located<X500Name>> = "legalName", drives "myLegalName";
        /// Its subzone.
        subzone: Option<Located<String>> = "subzone", default "the main one";
        /// The settings that it shares.
        class: Option<Located<String>> = "class", default "none";
        /// Its public P2P host; not with `firewall`, whose float has it.
        host: Option<Located<DnsName>> = "host", default "the name of its Service inside of the cluster",
            drives "p2pAddress";
        /// How peers outside of the network's own namespaces reach it: one address a node.
        exposure: Option<Exposure> = "exposure", default "none";
        /// Its ports.
        ports: Ports = "ports";
        /// Users of its RPC beside those of `rpcClients`.
        rpc_users: Vec<RpcUser> = "rpcUsers", default "none", drives "rpcUsers";
        /// Programs that call its RPC, each in a Pod of its own.
        rpc_clients: Vec<RpcClient> = "rpcClients", default "none";
        /// The Corda Firewall in front of it.
        firewall: Option<Firewall> = "firewall", default "none";
    }
}

mapping! {
    /// The ports of a node; 9404 (metrics) and 10770 (RPC administration) are taken.
    pub struct Ports = "`ports`" {
        /// Where peers call.
        p2p: Option<Located<Whole<1024, 65535>>> = "p2p", default "10002 for a notary, 10200 for a participant",
            drives "p2pAddress, messagingServerAddress";
        /// Where RPC clients call.
        rpc: Option<Located<Whole<1024, 65535>>> = "rpc", default "10003 for a notary, 10201 for a participant",
            drives "rpcSettings.address";
    }
}

mapping! {
    /// A user of a participant's RPC.
    pub struct RpcUser = "an RPC user" {
        /// Its name.
        @required name: Option<Located<NodeName>> = "name", drives "rpcUsers[].username";
        /// Its password.
        @required password: Option<SecretReference> = "password", drives "rpcUsers[].password";
        /// What it may do, in Corda's words.
        permissions: Vec<Located<String>> = "permissions", default "nothing", drives "rpcUsers[].permissions";
    }
}

mapping! {
    /// A program that calls a participant's RPC: a Job in a Pod of its own, in the participant's namespace. A rollout
    /// waits until it has completed. It finds the node by `CORDA_RPC_ADDRESS`, `CORDA_RPC_USER` and
    /// `CORDA_RPC_PASSWORD_FILE`.
    pub struct RpcClient = "an RPC client" {
        /// Its name, also that of its RPC user. It must differ from its participant's and its siblings'.
        @required name: Option<Located<NodeName>> = "name", drives "rpcUsers[].username";
        /// The image.
        @required image: Option<Located<Image>> = "image";
        /// What it is called with.
        arguments: Vec<Located<String>> = "arguments", default "none", drives "container args";
        /// What its RPC user may do, in Corda's words.
        permissions: Vec<Located<String>> = "permissions", default "nothing", drives "rpcUsers[].permissions";
        /// Notaries and participants, by name, that must run before it does.
        counterparties: Vec<Located<String>> = "counterparties", default "none", drives "edges of the rollout";
    }
}
