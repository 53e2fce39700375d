//! The CENM services.

use std::time::Duration;

use super::{
    database::Database,
    exposure::Exposure,
    hsm::Hsm,
    placement::{Placement, VerticalScaling, Volume},
    secret::{ImageVolume, SecretReference},
};
use crate::{
    decode::Located,
    language::mapping,
    model::{ActiveSchedule, ApprovalKind, PackageKeyAlgorithm},
    names::{DnsName, NodeName},
    scalar::{CenmVersion, HostPort, Image, IpRange, Mebibytes, Millicores, Url, Whole},
};

mapping! {
    /// The CENM services.
    pub struct Cenm = "`cenm`" {
        /// The release of all services.
        @required version: Option<Located<CenmVersion>> = "version", drives "config keys, Java, command lines";
        /// The image of every service that names none of its own.
        image: Option<Located<Image>> = "image";
        /// The image with the `cenm` command line, for the bootstrap Jobs. Its release is that of the Gateway.
        command_line_image: Option<Located<Image>> = "commandLineImage", default "`image`";
        /// The database of every service that names none of its own; `schema` and `user` are each service's name then.
        database: Option<Database> = "database", default "H2 in a volume of each service (trials only)";
        /// The Auth Service.
        auth: Service = "auth";
        /// The Gateway Service.
        gateway: Gateway = "gateway";
        /// The Zone Service.
        zone: Service = "zone";
        /// The Identity Manager.
        identity_manager: IdentityManager = "identityManager";
        /// The Signing Service.
        signing_service: SigningService = "signingService";
        /// The Network Map of the main subzone.
        network_map: NetworkMap = "networkMap";
        /// Further subzones, each with a Network Map of its own. R3 does not support them in production.
        subzones: Vec<Subzone> = "subzones", default "none";
    }
}

mapping! {
    /// What every CENM service may say.
    pub struct Service = "a CENM service" {
        /// Its own image.
        image: Option<Located<Image>> = "image", default "`cenm.image`";
        /// Its own release; Auth, Gateway and the command line must be of one.
        version: Option<Located<CenmVersion>> = "version", default "`cenm.version`";
        /// Its memory. The heap of its JVM follows from it.
        memory: Option<Located<Mebibytes>> = "memory", default "512Mi; 768Mi for the Signing Service; 1Gi for the Identity Manager and the Network Map, which hold two JVMs",
            drives "container resources.requests and limits.memory";
        /// Its processors.
        cpu: Option<Located<Millicores>> = "cpu", default "none asked for", drives "container resources.requests.cpu";
        /// Its database.
        database: Option<Database> = "database", default "`cenm.database`";
        /// The volume of its H2 database; for none that has no such database.
        storage: Volume = "storage";
        /// Where it runs.
        placement: Placement = "placement";
        /// Whether its JVM's metrics are shown.
        monitoring: Option<Located<bool>> = "monitoring", default "true if the file has `monitoring`";
        /// Vertical scaling.
        vertical_scaling: VerticalScaling = "verticalScaling";
        /// Its public host name; the Identity Manager's is in every certificate, as the host of the CRLs. The Gateway's is for
        /// outsiders alone: it needs an exposure.
        host: Option<Located<DnsName>> = "host", default "its name, then the domain; only for those that are public";
        /// How it is reached from outside.
        exposure: Option<Exposure> = "exposure", default "`ingress` if the file has `ingress`, `gateway` if it has `gatewayApi`, else `none`; never for Auth, Zone and the Signing Service";
    }
}

mapping! {
    /// The Gateway Service, the only door for operators.
    pub struct Gateway = "`gateway`" {
        flatten service: Service;
    }
}

mapping! {
    /// The Identity Manager.
    pub struct IdentityManager = "`identityManager`" {
        flatten service: Service;
        /// Who approves certificate signing and revocation requests. Where people do, a rollout waits at each
        /// registration until it is approved.
        @required approval: Option<Located<ApprovalKind>> = "approval",
            drives "identitymanager.conf workflows.*.plugin";
        /// The Jira project; with `approval: jira`.
        jira: Option<Jira> = "jira", default "none", drives "JiraCsrWorkflowPlugin, JiraCrrWorkflowPlugin";
        /// A workflow plugin of the operator's own; with `approval: plugin`.
        plugin: Option<WorkflowPlugin> = "plugin", default "none", drives "plugin.pluginClass, plugin.pluginJar";
    }
}

mapping! {
    /// A Jira project in which people approve requests.
    pub struct Jira = "`jira`" {
        /// Its URL.
        @required address: Option<Located<Url>> = "address", drives "plugin.config.address";
        /// Its IP addresses or ranges, where that is a name outside of the cluster: policies know no names.
        addresses: Vec<Located<IpRange>> = "addresses", drives "NetworkPolicy spec.egress[].to[].ipBlock";
        /// The project.
        @required project: Option<Located<String>> = "project", drives "plugin.config.projectCode";
        /// The user.
        @required user: Option<Located<String>> = "user", drives "plugin.config.username";
        /// Its password.
        @required password: Option<SecretReference> = "password", drives "plugin.config.password";
    }
}

mapping! {
    /// A workflow plugin of the operator's own.
    pub struct WorkflowPlugin = "`plugin`" {
        /// The class that is asked about certificates.
        @required class: Option<Located<String>> = "class", drives "workflows.issuance.plugin.pluginClass";
        /// The class that is asked about revocations.
        revocation_class: Option<Located<String>> = "revocationClass", default "`class`",
            drives "workflows.revocation.plugin.pluginClass";
        /// The jar; `path` is its own, e.g. `plugins/approval.jar`.
        @required jar: Option<ImageVolume> = "jar", drives "plugin.pluginJar";
        /// The one server that the plugin calls.
        address: Option<Located<HostPort>> = "address", default "none: it reaches nobody",
            drives "NetworkPolicy spec.egress";
        /// Its IP addresses or ranges, where that is a name outside of the cluster: policies know no names.
        addresses: Vec<Located<IpRange>> = "addresses", drives "NetworkPolicy spec.egress[].to[].ipBlock";
    }
}

mapping! {
    /// The Signing Service.
    pub struct SigningService = "`signingService`" {
        flatten service: Service;
        /// The HSM that holds the signing keys.
        hsm: Option<Hsm> = "hsm", default "key stores that only its own Pod has";
        /// When it signs without being asked, in production.
        schedule: SigningSchedule = "schedule";
        /// When it signs without being asked while the network is made.
        bootstrap_schedule: Option<SigningSchedule> = "bootstrapSchedule", default "`schedule`";
        /// Which of the two holds now. Changing it restarts the Signing Service and nothing else.
        active_schedule: Option<Located<ActiveSchedule>> = "activeSchedule", default "production";
    }
}

mapping! {
    /// Intervals at which the Signing Service signs without being asked. A rollout waits until requests, map,
    /// parameters and list are signed; what has no interval is signed by hand.
    pub struct SigningSchedule = "a signing schedule" {
        /// Certificate signing requests.
        certificate_signing_requests: Option<Located<Duration>> = "certificateSigningRequests", default "by hand",
            drives "signer.conf signers.CSR.schedule.interval";
        /// The certificate revocation list.
        revocation_list: Option<Located<Duration>> = "revocationList", default "by hand",
            drives "signer.conf signers.CRL.schedule.interval";
        /// The network map.
        network_map: Option<Located<Duration>> = "networkMap", default "by hand",
            drives "signer.conf signers.NetworkMap.schedule.interval";
        /// Network parameters.
        network_parameters: Option<Located<Duration>> = "networkParameters", default "by hand",
            drives "signer.conf signers.NetworkParameters.schedule.interval";
    }
}

mapping! {
    /// The Network Map of the main subzone.
    pub struct NetworkMap = "`networkMap`" {
        flatten service: Service;
        /// The subzone's label, by which it is found again. It cannot be changed.
        label: Option<Located<String>> = "label", default "Main", drives "create-subzone --label";
        /// How often nodes poll.
        polling_interval: Option<Located<Duration>> = "pollingInterval", default "1m", drives "pollingInterval";
        /// The network parameters that the subzone is made with.
        parameters: NetworkParameters = "parameters";
    }
}

mapping! {
    /// A further subzone with a Network Map of its own.
    pub struct Subzone = "a subzone" {
        flatten network_map: NetworkMap;
        /// Its name, by which nodes choose it.
        @required name: Option<Located<NodeName>> = "name";
    }
}

mapping! {
    /// Initial network parameters (reference §2.10). They are made once; later changes are network parameter updates.
    pub struct NetworkParameters = "`parameters`" {
        /// Nodes below this platform version are refused.
        minimum_platform_version: Option<Located<Whole<1, 10000>>> = "minimumPlatformVersion", default "4",
            drives "minimumPlatformVersion";
        /// Bytes of a message at most; may only grow.
        max_message_size: Option<Located<Whole<1024, 1_073_741_824>>> = "maxMessageSize", default "10485760",
            drives "maxMessageSize";
        /// Bytes of a transaction at most; may only grow.
        max_transaction_size: Option<Located<Whole<1024, 1_073_741_824>>> = "maxTransactionSize", default "10485760",
            drives "maxTransactionSize";
        /// Days after which a node that was not seen is dropped. Nodes announce themselves once a day.
        event_horizon_days: Option<Located<Whole<2, 3650>>> = "eventHorizonDays", default "30",
            drives "eventHorizonDays";
        /// Who owns Java packages.
        package_ownership: Vec<PackageOwner> = "packageOwnership", default "none", drives "packageOwnership";
    }
}

mapping! {
    /// The owner of a Java package.
    pub struct PackageOwner = "a package owner" {
        /// The package.
        @required package: Option<Located<String>> = "package", drives "packageName";
        /// The owner's public key, a PEM block.
        @required public_key: Option<Located<String>> = "publicKey", drives "publicKeyPath";
        /// The key's algorithm.
        algorithm: Option<Located<PackageKeyAlgorithm>> = "algorithm", default "RSA", drives "algorithm";
    }
}
