//! A production network of any number of participants, as its operator would write it: settings in classes, a database
//! server of each participant's own, metrics everywhere.

use std::fmt::Write as _;

const HEAD: &str = r#"name: large
domain: large.consortium-ledger.com
operator: O=Large Consortium, L=London, C=GB

cenm:
  version: "1.7"
  image: registry.consortium-ledger.com/cenm/enterprise-services:1.7.2
  database:
    kind: postgresql
    version: "16"
    address: cenm.db.consortium-ledger.com:5432
    addresses: [10.20.0.0/16]
    name: cenm
    password: { secret: { name: cenm-database, key: password } }
  identityManager:
    approval: jira
    jira:
      address: https://jira.consortium-ledger.com
      addresses: [10.21.0.5]
      project: CSR
      user: identity-manager
      password: { secret: { name: jira, key: password } }
  signingService:
    schedule: { certificateSigningRequests: 1m, revocationList: 12h, networkMap: 5m, networkParameters: 5m }

corda:
  edition: enterprise
  version: "4.12"
  image: registry.consortium-ledger.com/corda/corda-enterprise:4.12.5
  configuration:
    flowTimeout: { timeout: 30s, maxRestartCount: 6, backoffBase: 1.8 }

classes:
  standard: { heap: 2Gi, cpu: "1", storage: { className: fast, size: 20Gi } }
  large: { heap: 8Gi, cpu: "4", storage: { className: fast, size: 200Gi }, verticalScaling: { mode: recommend } }

monitoring:
  image: registry.consortium-ledger.com/tools/prometheus:2.53.2
  agentImage: registry.consortium-ledger.com/tools/jmx-exporter:0.20.0

ingress:
  className: nginx
  tls: { certManager: { issuer: letsencrypt } }

notaries:
"#;

/// The text of a topology with two notaries and so many participants.
pub(crate) fn of(participants: usize) -> String {
    let mut text = HEAD.to_owned();
    for letter in ["a", "b"] {
        let capital = letter.to_uppercase();
        node(
            &mut text,
            &format!("notary-{letter}"),
            &format!("O=Notary {capital}, L=London, C=GB"),
            "large",
        );
        let _infallible = writeln!(
            text,
            "    serviceLegalName: O=Notary Service {capital}, L=London, C=GB"
        );
    }
    text.push_str("\nparticipants:\n");
    for number in 0..participants {
        let class = if number % 10 == 0 { "large" } else { "standard" };
        node(
            &mut text,
            &format!("bank-{number}"),
            &format!("O=Bank {number}, L=Oslo, C=NO"),
            class,
        );
        let _infallible = writeln!(
            text,
            "    rpcUsers:\n      - name: back-office\n        password: {{ secret: {{ name: back-office, key: password }} }}"
        );
    }
    text
}

fn node(text: &mut String, name: &str, legal_name: &str, class: &str) {
    let _infallible = writeln!(
        text,
        "  - name: {name}
    legalName: {legal_name}
    class: {class}
    database:
      kind: postgresql
      address: {name}.db.consortium-ledger.com:5432
      addresses: [10.20.0.0/16]
      name: ledger
      user: node
      password: {{ secret: {{ name: ledger-database, key: password }} }}"
    );
}
