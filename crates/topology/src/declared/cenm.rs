//! The CENM services as written.

use crate::{
    decode::{Fields, Located},
    diagnostic::Diagnostics,
    node::Node,
};

/// `cenm:`
#[derive(Clone, Debug)]
pub struct Cenm {
    /// Release, e.g. `"1.7"`.
    pub version: Option<Located<String>>,
    /// Image of every service that names none of its own.
    pub image: Option<Located<String>>,
    /// Image with the `cenm` command line, for the bootstrap Jobs.
    pub command_line_image: Option<Located<String>>,
    /// The Auth Service.
    pub auth: Service,
    /// The Gateway Service.
    pub gateway: Service,
    /// The Zone Service.
    pub zone: Service,
    /// The Identity Manager.
    pub identity_manager: Service,
    /// How certificate signing requests are approved.
    pub approval: Option<Located<String>>,
    /// The Signing Service.
    pub signing_service: Service,
    /// When it signs without being asked.
    pub schedule: SigningSchedule,
    /// The Network Map.
    pub network_map: NetworkMap,
}

/// What every service may say.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Its own image.
    pub image: Option<Located<String>>,
    /// Its public host name.
    pub host: Option<Located<String>>,
    /// Memory limit, e.g. `512Mi`.
    pub memory: Option<Located<String>>,
}

/// `signingService.schedule:`
#[derive(Clone, Debug, Default)]
pub struct SigningSchedule {
    /// Interval of signing certificate signing requests.
    pub certificate_signing_requests: Option<Located<String>>,
    /// Interval of signing the revocation list.
    pub revocation_list: Option<Located<String>>,
    /// Interval of signing the network map.
    pub network_map: Option<Located<String>>,
    /// Interval of signing network parameters.
    pub network_parameters: Option<Located<String>>,
}

/// `networkMap:`
#[derive(Clone, Debug, Default)]
pub struct NetworkMap {
    /// What it shares with the others.
    pub service: Service,
    /// The subzone's label.
    pub label: Option<Located<String>>,
    /// How often nodes poll.
    pub polling_interval: Option<Located<String>>,
    /// The network parameters.
    pub parameters: NetworkParameters,
}

/// `networkMap.parameters:`
#[derive(Clone, Debug, Default)]
pub struct NetworkParameters {
    /// Nodes below this platform version are refused.
    pub minimum_platform_version: Option<Located<u64>>,
    /// Bytes.
    pub max_message_size: Option<Located<u64>>,
    /// Bytes.
    pub max_transaction_size: Option<Located<u64>>,
    /// Days after which an unseen node is dropped.
    pub event_horizon_days: Option<Located<u64>>,
}

impl Cenm {
    pub(super) fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`cenm`", diagnostics);
        let service = |fields: &mut Fields<'_>, key, diagnostics: &mut Diagnostics| {
            fields
                .get(key)
                .map(|node| Service::decode(node, key, diagnostics))
                .unwrap_or_default()
        };
        let version = fields.required_text("version", diagnostics);
        let image = fields.text("image", diagnostics);
        let command_line_image = fields.text("commandLineImage", diagnostics);
        let auth = service(&mut fields, "auth", diagnostics);
        let gateway = service(&mut fields, "gateway", diagnostics);
        let zone = service(&mut fields, "zone", diagnostics);
        let (identity_manager, approval) =
            fields
                .get("identityManager")
                .map_or_else(Default::default, |node| {
                    let mut own = Fields::of(node, "`identityManager`", diagnostics);
                    let service = Service::fields(&mut own, diagnostics);
                    let approval = own.text("approval", diagnostics);
                    own.finish(diagnostics);
                    (service, approval)
                });
        let (signing_service, schedule) =
            fields
                .get("signingService")
                .map_or_else(Default::default, |node| {
                    let mut own = Fields::of(node, "`signingService`", diagnostics);
                    let service = Service::fields(&mut own, diagnostics);
                    let schedule = own
                        .get("schedule")
                        .map(|node| SigningSchedule::decode(node, diagnostics))
                        .unwrap_or_default();
                    own.finish(diagnostics);
                    (service, schedule)
                });
        let network_map = fields
            .get("networkMap")
            .map(|node| NetworkMap::decode(node, diagnostics))
            .unwrap_or_default();
        fields.finish(diagnostics);
        Self {
            version,
            image,
            command_line_image,
            auth,
            gateway,
            zone,
            identity_manager,
            approval,
            signing_service,
            schedule,
            network_map,
        }
    }
}

impl Service {
    fn decode(node: &Node, name: &'static str, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, name, diagnostics);
        let service = Self::fields(&mut fields, diagnostics);
        fields.finish(diagnostics);
        service
    }

    fn fields(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Self {
        Self {
            image: fields.text("image", diagnostics),
            host: fields.text("host", diagnostics),
            memory: fields.text("memory", diagnostics),
        }
    }
}

impl SigningSchedule {
    fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`schedule`", diagnostics);
        let schedule = Self {
            certificate_signing_requests: fields.text("certificateSigningRequests", diagnostics),
            revocation_list: fields.text("revocationList", diagnostics),
            network_map: fields.text("networkMap", diagnostics),
            network_parameters: fields.text("networkParameters", diagnostics),
        };
        fields.finish(diagnostics);
        schedule
    }
}

impl NetworkMap {
    fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`networkMap`", diagnostics);
        let network_map = Self {
            service: Service::fields(&mut fields, diagnostics),
            label: fields.text("label", diagnostics),
            polling_interval: fields.text("pollingInterval", diagnostics),
            parameters: fields
                .get("parameters")
                .map(|node| NetworkParameters::decode(node, diagnostics))
                .unwrap_or_default(),
        };
        fields.finish(diagnostics);
        network_map
    }
}

impl NetworkParameters {
    fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, "`parameters`", diagnostics);
        let bytes = 1..=1_073_741_824;
        let parameters = Self {
            minimum_platform_version: fields.integer("minimumPlatformVersion", 1..=1000, diagnostics),
            max_message_size: fields.integer("maxMessageSize", bytes.clone(), diagnostics),
            max_transaction_size: fields.integer("maxTransactionSize", bytes, diagnostics),
            event_horizon_days: fields.integer("eventHorizonDays", 1..=36_500, diagnostics),
        };
        fields.finish(diagnostics);
        parameters
    }
}
