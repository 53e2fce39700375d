//! Topologies for tests.

use std::fmt::Write as _;

use topology::{connection::ConnectionMatrix, source::Source};

use crate::view::{Folding, NetworkView};

/// A network that is built by counting.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) network: &'static str,
    pub(crate) notaries: usize,
    /// What participants' names begin with.
    pub(crate) participant: &'static str,
    pub(crate) participants: usize,
    /// So many of the participants, the first, have an RPC client.
    pub(crate) with_clients: usize,
    /// Monitoring and ingress.
    pub(crate) watched: bool,
}

pub(crate) const SMALL: Sample = Sample {
    network: "small",
    notaries: 1,
    participant: "bank",
    participants: 3,
    with_clients: 1,
    watched: true,
};

/// Everything that a topology can say, once: several subzones, a notary of three workers, a firewall, an HSM,
/// databases, exposures, a shell, a download.
pub(crate) fn consortium() -> NetworkView {
    view(include_str!("../samples/consortium.yaml"), Folding::WhenLarge)
}

fn view(text: &str, folding: Folding) -> NetworkView {
    let read = topology::read(&Source::new("sample.yaml", text));
    let topology = read.map_err(|_| "a diagnostic").expect("the sample is valid");
    NetworkView::new(&topology, &ConnectionMatrix::of(&topology), folding)
}

impl Sample {
    pub(crate) fn view(self, folding: Folding) -> NetworkView {
        view(&self.text(), folding)
    }

    fn text(self) -> String {
        let mut text = format!(
            "name: {}\ndomain: bank.test\noperator: O=Operator, L=London, C=GB\nprofile: trial\ncenm: {{version: \"1.7\", image: i/c:1, \
             identityManager: {{approval: automatic}}, networkMap: {{label: Main}}}}\ncorda: {{version: \"4.10\", image: i/n:1}}\nnotaries:\n",
            self.network
        );
        for number in 1..=self.notaries {
            let _ = writeln!(
                text,
                "  - {{name: notary-{number}, legalName: \"O=Notary {number}, L=London, C=GB\", \
                 serviceLegalName: \"O=Notary Service {number}, L=London, C=GB\", validating: false}}"
            );
        }
        text.push_str("participants:\n");
        for number in 1..=self.participants {
            let clients = if number <= self.with_clients {
                ", rpcClients: [{name: web, image: i/w:1}]"
            } else {
                ""
            };
            let _ = writeln!(
                text,
                "  - {{name: {}-{number:03}, legalName: \"O=Bank {number}, L=London, C=GB\"{clients}}}",
                self.participant
            );
        }
        if self.watched {
            text.push_str("monitoring: {image: i/p:1, agentImage: i/a:1}\ningress: {}\n");
        }
        text
    }
}
