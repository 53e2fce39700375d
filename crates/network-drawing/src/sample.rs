//! Topologies for tests.

use std::fmt::Write as _;

use topology::{Topology, connection::ConnectionMatrix, source::Source};

use crate::view::{Folding, NetworkView};

/// A network that is built by counting.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) network: &'static str,
    pub(crate) notaries: usize,
    /// So many workers has each notary; without any it is one node.
    pub(crate) workers: usize,
    /// What participants' names begin with.
    pub(crate) participant: &'static str,
    pub(crate) participants: usize,
    /// So many of the participants, the first, have an RPC client.
    pub(crate) with_clients: usize,
    /// So many of the participants, the last, have a firewall.
    pub(crate) with_firewalls: usize,
    /// So many of the participants, the first, are called by their peers on another port than usual.
    pub(crate) with_other_port: usize,
    /// Monitoring and ingress.
    pub(crate) watched: bool,
}

pub(crate) const SMALL: Sample = Sample {
    network: "small",
    notaries: 1,
    workers: 0,
    participant: "bank",
    participants: 3,
    with_clients: 1,
    with_firewalls: 0,
    with_other_port: 0,
    watched: true,
};

/// Everything that a topology can say, once: several subzones, a notary of three workers, a firewall, an HSM,
/// databases, exposures, a shell, a download.
pub(crate) fn consortium() -> Topology {
    read(include_str!("../samples/consortium.yaml"))
}

/// The view of a network with the connections that it needs.
pub(crate) fn view(topology: &Topology, folding: Folding) -> NetworkView {
    NetworkView::new(topology, &ConnectionMatrix::of(topology), folding)
}

fn read(text: &str) -> Topology {
    let read = topology::read(&Source::new("sample.yaml", text));
    read.map_err(|_| "a diagnostic").expect("the sample is valid")
}

impl Sample {
    pub(crate) fn view(self, folding: Folding) -> NetworkView {
        view(&self.topology(), folding)
    }

    pub(crate) fn topology(self) -> Topology {
        read(&self.text())
    }

    fn text(self) -> String {
        let mut text = format!(
            "name: {}\ndomain: bank.test\noperator: O=Operator, L=London, C=GB\nprofile: trial\ncenm: {{version: \"1.7\", image: i/c:1, \
             identityManager: {{approval: automatic}}, networkMap: {{label: Main}}}}\ncorda: {{version: \"4.10\", edition: enterprise, image: i/n:1}}\nnotaries:\n",
            self.network
        );
        for number in 1..=self.notaries {
            text.push_str(&self.notary(number));
        }
        text.push_str("participants:\n");
        for number in 1..=self.participants {
            text.push_str(&self.participant(number));
        }
        if self.watched {
            text.push_str("monitoring: {image: i/p:1, agentImage: i/a:1}\ningress: {}\n");
        }
        text
    }

    fn notary(self, number: usize) -> String {
        let mut text = format!(
            "  - {{name: notary-{number}, serviceLegalName: \"O=Notary Service {number}, L=London, C=GB\", \
             validating: false, "
        );
        if self.workers == 0 {
            let _ = writeln!(text, "legalName: \"O=Notary {number}, L=London, C=GB\"}}");
            return text;
        }
        let database = |kind: &str, user: &str| {
            format!(
                "database: {{kind: {kind}, address: \"{kind}-{number}.test:5432\", addresses: [10.0.0.9], name: d, \
                 user: {user}, password: {{secret: {{name: d, key: k}}}}, driver: {{image: i/d:1}}}}"
            )
        };
        let _ = write!(
            text,
            "highAvailability: {{toolsImage: i/t:1, {}, workers: [",
            database("cockroachdb", "notary")
        );
        for worker in 1..=self.workers {
            let _ = write!(
                text,
                "{{name: worker-{number}-{worker}, legalName: \"O=Worker {number} {worker}, L=London, C=GB\", {}}}, ",
                database("postgresql", &format!("worker{worker}"))
            );
        }
        text + "]}}\n"
    }

    fn participant(self, number: usize) -> String {
        let mut text = format!(
            "  - {{name: {}-{number:03}, legalName: \"O=Bank {number}, L=London, C=GB\"",
            self.participant
        );
        if number <= self.with_clients {
            text.push_str(", rpcClients: [{name: web, image: i/w:1}]");
        }
        if number <= self.with_other_port {
            text.push_str(", ports: {p2p: 10300}");
        }
        if number + self.with_firewalls > self.participants {
            let _ = write!(text, ", firewall: {{image: i/f:1, host: {number}.bank.test}}");
        }
        text + "}\n"
    }
}
