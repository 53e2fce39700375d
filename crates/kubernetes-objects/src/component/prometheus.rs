//! Prometheus, which scrapes what the connection matrix lets it.

use std::collections::BTreeMap;

use certificates::{Lifespan, Mortal};
use product_config::{
    HostPort,
    certificate_rules::{CertificateRules, End},
    prometheus_yml::{PrometheusYml, ScrapeJob, ScrapeTarget},
};
use topology::{
    connection::Port,
    model::{Component, Monitoring},
};

use crate::{
    context::{Context, RenderError},
    manifest::Manifest,
    metadata::checksum,
    names::metrics_service,
    pod::{
        container::ContainerSpec,
        probe::{Probes, Question},
        template::PodTemplate,
        volume::Volume,
    },
    resource::{claim::claim, config_map::config_map, service::SERVING, workload::deployment},
};

const CONFIG: &str = "/etc/prometheus";
/// Rules about ends of certificates.
const CERTIFICATE_RULES: &str = "certificates.rules.yml";
const DATA: &str = "/prometheus";
/// Where it answers queries.
pub const WEB_PORT: u16 = 9090;

/// Its configuration, volume and Deployment.
pub fn run(context: &Context<'_>, step: &str, monitoring: &Monitoring) -> Result<Vec<Manifest>, RenderError> {
    let component = Component::Prometheus;
    let owner = context.owner(step);
    let config = config(context).to_yaml();
    let rules = certificate_rules(context).to_yaml();
    let name = component.name();
    let name = name.as_ref();
    let data = format!("{name}-data");
    let volumes = [
        Volume::config_map("config", name, CONFIG),
        Volume::claim("data", &data, DATA),
        Volume::scratch("tmp", "/tmp"),
    ];
    let command = vec![
        "prometheus".to_owned(),
        format!("--config.file={CONFIG}/prometheus.yml"),
        format!("--storage.tsdb.path={DATA}"),
        format!(
            "--storage.tsdb.retention.time={}s",
            monitoring.retention.as_secs()
        ),
        format!("--web.listen-address=0.0.0.0:{WEB_PORT}"),
    ];
    let container = ContainerSpec {
        name,
        image: &monitoring.image,
        command,
        environment: Vec::new(),
        secret_environment: Vec::new(),
        volumes: &volumes,
        ports: vec![(Port::Prometheus.name(), WEB_PORT)],
        memory: monitoring.memory,
    }
    .build_with(Probes::new(Question::Http(WEB_PORT, "/-/ready"), WEB_PORT));
    let template = PodTemplate {
        component: &component,
        workload: SERVING,
        init_containers: Vec::new(),
        container,
        volumes: &volumes,
        host_aliases: Vec::new(),
        uses_dns: true,
        restart_policy: "Always",
        config_checksum: Some(checksum([config.as_bytes(), rules.as_bytes()])),
        grace_period_seconds: 30,
    }
    .build(owner);
    Ok(vec![
        config_map(
            owner,
            &component,
            name,
            [("prometheus.yml", config), (CERTIFICATE_RULES, rules)],
        ),
        claim(owner, &component, &data, &monitoring.storage),
        deployment(owner, &component, template),
    ])
}

/// When what the operator's side has made ends. Nodes keep their own certificates to themselves.
fn certificate_rules(context: &Context<'_>) -> CertificateRules {
    let end = |lifespan: Lifespan| End {
        name: lifespan.name,
        kind: match lifespan.what {
            Mortal::Certificate => "certificate",
            Mortal::Crl => "crl",
        },
        at: lifespan.ends.as_second(),
    };
    CertificateRules {
        ends: context.keys.lifespans().into_iter().map(end).collect(),
        warning_days: 45,
        critical_days: 7,
    }
}

/// One job a kind of component; targets are the metrics Services of the matrix.
fn config(context: &Context<'_>) -> PrometheusYml {
    let mut jobs: BTreeMap<&str, Vec<ScrapeTarget>> = BTreeMap::new();
    for connection in context.matrix.opened_by(&Component::Prometheus) {
        let Some(server) = connection
            .server_component()
            .filter(|_| connection.port == Port::Metrics)
        else {
            continue;
        };
        let host = context.host_of(server, &metrics_service(server));
        jobs.entry(server.kind()).or_default().push(ScrapeTarget {
            address: HostPort::new(host, connection.number),
            labels: BTreeMap::from([("component".to_owned(), server.name().into_owned())]),
        });
    }
    PrometheusYml {
        scrape_interval_seconds: 15,
        scrape_timeout_seconds: 10,
        external_labels: BTreeMap::from([("network".to_owned(), context.topology.name.to_string())]),
        rule_files: vec![CERTIFICATE_RULES.to_owned()],
        jobs: jobs
            .into_iter()
            .map(|(kind, targets)| ScrapeJob::new(kind, targets))
            .collect(),
    }
}
