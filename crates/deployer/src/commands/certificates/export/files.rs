//! The files of a bundle.

use std::fmt::Write as _;

use certificates::{CertificateFacts, CertificatePlan, KeyRing, aliases, files};
use secrecy::ExposeSecret as _;
use serde_json::json;
use topology::Topology;
use topology::connection::{ConnectionMatrix, Port};
use topology::model::{Component, Node, Service, Subzone};

use super::File;
use crate::failure::Failure;

const CHECK: &str = include_str!("check.sh");

/// What a bundle is made from.
pub(super) struct Bundle<'a> {
    pub(super) topology: &'a Topology,
    pub(super) plan: &'a CertificatePlan,
    pub(super) ring: &'a KeyRing,
    pub(super) participant: &'a str,
    pub(super) parameters_hash: Option<&'a str>,
}

/// A line of the firewall list.
struct Opening {
    direction: &'static str,
    host: String,
    port: String,
    who: String,
    why: &'static str,
}

impl Bundle<'_> {
    pub(super) fn files(&self) -> Result<Vec<File>, Failure> {
        // A copy under a password of its own: those of the network's stores stay in the network.
        let trust = self
            .ring
            .copy_of_trust_store(files::NETWORK_TRUST)
            .map_err(Failure::from_library)?;
        let password = trust.password.expose_secret();
        let file = |name, content: Vec<u8>| File {
            name,
            content,
            executable: false,
        };
        Ok(vec![
            file("README.md", self.read_me().into_bytes()),
            file("network.json", self.description()?.into_bytes()),
            file(files::NETWORK_TRUST, trust.bytes),
            file("truststore-password.txt", password.as_bytes().to_vec()),
            file("root.pem", self.pem(aliases::ROOT)?.into_bytes()),
            file(
                "tls-crl-signer.pem",
                self.pem(aliases::TLS_CRL_SIGNER)?.into_bytes(),
            ),
            file("node.conf.part", self.node_conf().into_bytes()),
            file("firewall.csv", self.firewall().into_bytes()),
            file("check.list", self.check_list().into_bytes()),
            File {
                name: "check.sh",
                content: CHECK.as_bytes().to_vec(),
                executable: true,
            },
        ])
    }

    fn doorman_url(&self) -> String {
        format!("http://{}", self.topology.cenm.identity_manager_host)
    }

    /// That of a participant of the topology; whoever is not in it joins the main one.
    fn subzone(&self) -> &Subzone {
        let cenm = &self.topology.cenm;
        self.topology
            .participants
            .iter()
            .find(|node| node.name.as_str() == self.participant)
            .and_then(|node| cenm.subzone(&node.subzone))
            .unwrap_or(&cenm.main_subzone)
    }

    fn network_map_url(&self) -> String {
        format!("http://{}", self.subzone().host)
    }

    fn description(&self) -> Result<String, Failure> {
        let print = |alias: &str| -> Result<String, Failure> {
            let certificate = self.ring.certificate(alias).map_err(Failure::from_library)?;
            let facts = CertificateFacts::read(certificate).map_err(Failure::from_library)?;
            Ok(facts.sha256)
        };
        let mut description = json!({
            "network": self.topology.name.as_str(),
            "identityManager": self.doorman_url(),
            "networkMap": self.network_map_url(),
            "revocationLists": self.plan.crls.iter()
                .filter(|crl| crl.file != files::SSL_CRL)
                .map(|crl| crl.url.as_str())
                .chain([self.plan.doorman_crl_url.as_str()])
                .collect::<Vec<_>>(),
            "sha256": { "root.pem": print(aliases::ROOT)?, "tls-crl-signer.pem": print(aliases::TLS_CRL_SIGNER)? },
        });
        if let Some(hash) = self.parameters_hash {
            description["networkParametersHash"] = hash.into();
        }
        serde_json::to_string_pretty(&description)
            .map_err(|error| Failure::internal("the bundle's description", error))
    }

    fn pem(&self, alias: &str) -> Result<String, Failure> {
        self.ring.certificate_pem(alias).map_err(Failure::from_library)
    }

    fn node_conf(&self) -> String {
        let mut text = format!(
            "networkServices {{\n    doormanURL = \"{}\"\n    networkMapURL = \"{}\"\n}}\n",
            self.doorman_url(),
            self.network_map_url()
        );
        if let Some(crl) = self.plan.crl(files::TLS_CRL) {
            let _infallible = writeln!(
                text,
                "tlsCertCrlDistPoint = \"{}\"\ntlsCertCrlIssuer = \"{}\"",
                crl.url, crl.issuer
            );
        }
        text
    }

    /// The nodes on the participant's map that are not the participant itself.
    fn others(&self) -> impl Iterator<Item = &Node> {
        self.topology
            .nodes()
            .filter(|node| node.name.as_str() != self.participant && node.subzone == self.subzone().id)
    }

    /// Whom a participant outside of the cluster will call in vain, because the topology lets nobody in there.
    pub(super) fn unreachable(&self) -> Vec<String> {
        let matrix = ConnectionMatrix::of(self.topology);
        let services = [Service::IdentityManager.into(), self.subzone().component()];
        let services = services
            .iter()
            .filter(|component| !matrix.is_public(component))
            .map(ToString::to_string);
        let nodes = self
            .others()
            .filter(|node| public_address(node, &matrix).is_none())
            .map(|node| node.name.to_string());
        services.chain(nodes).collect()
    }

    /// What a participant of the network may call and is called by, as the connection matrix says.
    fn openings(&self) -> Vec<Opening> {
        let matrix = ConnectionMatrix::of(self.topology);
        let mut openings: Vec<Opening> = [
            (
                Service::IdentityManager,
                self.doorman_url(),
                "registration, revocation lists",
            ),
            (
                Service::NetworkMap,
                self.network_map_url(),
                "network map, parameters",
            ),
        ]
        .into_iter()
        .map(|(service, url, why)| {
            let host = url.trim_start_matches("http://").to_owned();
            Opening {
                direction: "out",
                host,
                port: "80".to_owned(),
                who: service.title().to_owned(),
                why,
            }
        })
        .collect();
        for node in self.others() {
            let row = matrix
                .accepted_by(&listener(node))
                .find(|connection| connection.port == Port::P2p);
            if let (Some(row), Some((host, port))) = (row, public_address(node, &matrix)) {
                openings.push(Opening {
                    direction: "out",
                    host,
                    port: port.to_string(),
                    who: format!("node {}", node.name),
                    why: row.purpose,
                });
            }
        }
        openings.push(Opening {
            direction: "in",
            host: "(your node)".to_owned(),
            port: "(your p2pAddress)".to_owned(),
            who: "every node of the network".to_owned(),
            why: "peers and notaries call back: P2P goes both ways, over mutual TLS, and must not be taken apart",
        });
        openings
    }

    fn firewall(&self) -> String {
        let mut text = "direction,host,port,protocol,other end,purpose\n".to_owned();
        for opening in self.openings() {
            let fields = [
                opening.direction,
                &opening.host,
                &opening.port,
                "TCP",
                &opening.who,
                opening.why,
            ];
            let _infallible = writeln!(text, "{}", fields.map(quoted).join(","));
        }
        text
    }

    fn check_list(&self) -> String {
        let mut text = String::new();
        let mut line = |words: [&str; 4]| {
            let [command, rest @ ..] = words;
            let quoted: Vec<String> = rest
                .iter()
                .filter(|word| !word.is_empty())
                .map(|word| format!("'{word}'"))
                .collect();
            let _infallible = writeln!(text, "{command} {}", quoted.join(" "));
        };
        line([
            "answers",
            &format!("{}/status", self.doorman_url()),
            "Identity Manager",
            "",
        ]);
        line([
            "answers",
            &format!("{}/network-map/my-hostname", self.network_map_url()),
            "Network Map",
            "",
        ]);
        for crl in &self.plan.crls {
            let signer = match crl.file.as_str() {
                files::ROOT_CRL => "root.pem",
                files::TLS_CRL => "tls-crl-signer.pem",
                files::SSL_CRL => continue,
                _ => "none",
            };
            line(["revocation", &crl.url, signer, ""]);
        }
        line(["revocation", &self.plan.doorman_crl_url, "none", ""]);
        for opening in self
            .openings()
            .iter()
            .filter(|opening| opening.who.starts_with("node "))
        {
            line(["reaches", &opening.host, &opening.port, &opening.who]);
        }
        if let Some(hash) = self.parameters_hash {
            let url = format!("{}/network-map-user/network-map", self.network_map_url());
            let _infallible = writeln!(
                text,
                "answers '{url}' 'network parameters' && if grep -qi '{hash}' \"$work/answer\"; then ok 'the parameters are \
                 {hash}'; else bad 'the parameters are not {hash}' 'they have changed since: ask for a new bundle'; fi"
            );
        }
        text
    }

    fn read_me(&self) -> String {
        let (network, participant) = (&self.topology.name, self.participant);
        format!(
            "# Joining {network}, for {participant}\n\n\
             1. Open the firewall as `firewall.csv` says. Nothing on the way may answer with a redirect, or end TLS.\n\
             2. Compare the fingerprint of `root.pem` (`network.json`) with the one that the operator tells you by another \
             way than this archive. Who gives you the root decides whom your node trusts.\n\
             3. Run `./check.sh` on the machine of the node.\n\
             4. Put `node.conf.part` into your `node.conf`, beside your legal name, addresses and passwords. The two \
             `tlsCertCrl…` lines are taken at registration and cannot be changed later.\n\
             5. Register: `java -jar corda.jar initial-registration --network-root-truststore network-root-truststore.jks \
             --network-root-truststore-password …` with the password of `truststore-password.txt`.\n\n\
             The archive holds no secret of the network: certificates, addresses, and the password of this copy of the \
             trust store. Your node makes its own keys; nobody else needs them.\n"
        )
    }
}

/// Who accepts a node's P2P: behind a firewall it is the float.
fn listener(node: &Node) -> Component {
    match &node.firewall {
        Some(_) => Component::Float(node.name.clone()),
        None => node.component(),
    }
}

/// Where peers outside of the cluster call a node: the address in its own configuration.
fn public_address(node: &Node, matrix: &ConnectionMatrix) -> Option<(String, u16)> {
    if !matrix.is_public(&listener(node)) {
        return None;
    }
    if let Some(firewall) = &node.firewall {
        let port = firewall.exposure.port.unwrap_or(firewall.port);
        return Some((firewall.host.to_string(), port));
    }
    let host = node.host.as_ref()?;
    Some((host.to_string(), node.exposure.port.unwrap_or(node.p2p_port)))
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
