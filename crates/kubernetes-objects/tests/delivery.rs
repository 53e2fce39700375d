//! The quick start with its keys delivered by the operator's own store: the same files at the same places, and nothing
//! secret in what is rendered.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use certificates::{CertificatePlan, Holder, KeyRing};
use kubernetes_objects::delivery::DeliveredSecret;
use kubernetes_objects::{Rendered, given::GivenSecrets, key_request::key_request, render};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use topology::{
    Topology, connection::ConnectionMatrix, connection::Party, model::SecretReference, source::Source,
};

const EXTERNAL_SECRETS: &str = "delivery: { externalSecrets: { store: bank, prefix: corda/trade } }\n";
const VAULT: &str = "delivery: { vaultAgent: { address: \"https://vault.vault.svc:8200\" } }\n";
const VAULT_FOR_ALL: &str = "delivery:
  vaultAgent:
    address: https://vault.vault.svc:8200
    mount: kv
    prefix: corda
    namespace: bank
    signingService: true
    certificateAuthority: |
      -----BEGIN CERTIFICATE-----
      MIIB
      -----END CERTIFICATE-----
";
/// A password of each kind of reference, and an RPC user whose password is full of what files must escape.
const GIVEN: &str = "    rpcUsers:
      - name: reader
        password: { environment: READER }
      - name: writer
        password: { secret: { name: writers, key: password } }
";
const NOW: &str = "2026-01-01T00:00:00Z";
const HOSTILE: &str = "a\"b\\c{{ $d }}@{e";

fn topology(delivery: &str) -> Topology {
    let text = include_str!("../../../topologies/quickstart.yaml");
    let text = text.replace(
        "    legalName: O=PartyB, L=New York, C=US\n",
        &format!("    legalName: O=PartyB, L=New York, C=US\n{GIVEN}"),
    );
    let source = Source::new("quickstart.yaml", format!("{text}\n{delivery}"));
    topology::read(&source).expect("it is valid")
}

fn given() -> GivenSecrets {
    let mut given = GivenSecrets::default();
    given.insert(
        SecretReference::Environment("READER".to_owned()),
        SecretString::from(HOSTILE),
    );
    given
}

struct Network {
    ring: KeyRing,
    topology: Topology,
    rendered: Rendered,
}

impl Network {
    fn new(delivery: &str) -> Self {
        let topology = topology(delivery);
        let mut ring = KeyRing::new("quickstart");
        ring.make_missing(&plan(&topology), NOW.parse().unwrap()).unwrap();
        Self::with(topology, ring)
    }

    fn with(topology: Topology, ring: KeyRing) -> Self {
        let rendered = render(&topology, &ring, &given()).unwrap();
        Self {
            ring,
            topology,
            rendered,
        }
    }

    fn objects(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.rendered.steps.iter().flat_map(|step| {
            let manifests = step.manifests.iter();
            manifests.map(|manifest| (step.id.as_str(), manifest.value()))
        })
    }

    fn object(&self, kind: &str, name: &str) -> &Value {
        self.objects()
            .map(|(_, object)| object)
            .find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
            .expect(name)
    }

    /// Everything that must not be seen: what stores hold, and every password.
    fn secrets(&self) -> Vec<(String, String)> {
        let mut secrets = vec![("given".to_owned(), HOSTILE.to_owned())];
        secrets.push(("given, escaped".to_owned(), Value::from(HOSTILE).to_string()));
        for file in self.ring.store_files() {
            let store = self.ring.store(file).unwrap();
            secrets.push((file.to_owned(), STANDARD.encode(store.bytes)));
            secrets.push((
                format!("password of {file}"),
                store.password.expose_secret().to_owned(),
            ));
        }
        for name in plan(&self.topology).secrets {
            let secret = self.ring.secret(&name).unwrap().expose_secret().to_owned();
            secrets.push((name, secret));
        }
        secrets
    }

    fn delivered(&self, secret: &str) -> &DeliveredSecret {
        let found = self.rendered.delivered.iter().find(|one| one.secret == secret);
        found.expect(secret)
    }
}

fn plan(topology: &Topology) -> CertificatePlan {
    CertificatePlan::new(&key_request(topology)).unwrap()
}

/// What is rendered, one line an object, without digests.
fn snapshot(network: &Network, steps: &[&str]) -> String {
    let mut text = String::new();
    for step in &network.rendered.steps {
        let changed = step.manifests.iter().filter(|manifest| {
            let key = manifest.key();
            key.kind == "ExternalSecret" || key.kind == "Secret" || key.name.ends_with("-vault-agent")
        });
        let lines: Vec<_> = changed
            .map(|manifest| format!("    {}", manifest.key()))
            .collect();
        if !lines.is_empty() {
            writeln!(text, "{}\n{}", step.id, lines.join("\n")).unwrap();
        }
    }
    for (_, object) in network.objects().filter(|(step, object)| {
        steps.contains(step) && object["kind"] != "ServiceAccount" && object["kind"] != "NetworkPolicy"
    }) {
        writeln!(text, "---\n{}", serde_saphyr::to_string(object).unwrap()).unwrap();
    }
    text.push_str("---\n");
    for one in &network.rendered.delivered {
        let properties: Vec<_> = one.properties.keys().map(String::as_str).collect();
        writeln!(
            text,
            "{} for {}: {}",
            one.path,
            one.component,
            properties.join(", ")
        )
        .unwrap();
    }
    text
}

fn without_digests() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\b[0-9a-f]{64}\b", "[checksum]");
    settings.add_filter(r"\b[0-9a-f]{16}\b", "[content]");
    settings.add_filter(r"\.[0-9a-f]{8}\b", ".[mark]");
    settings
}

#[test]
fn the_quick_start_by_external_secrets() {
    let network = Network::new(EXTERNAL_SECRETS);
    without_digests().bind(|| {
        insta::assert_snapshot!(
            "external_secrets",
            snapshot(
                &network,
                &[
                    "identity-manager-keys",
                    "identity-manager",
                    "party-a.payment.done"
                ]
            )
        );
    });
}

#[test]
fn the_quick_start_by_the_agent_of_vault() {
    let network = Network::new(VAULT);
    without_digests().bind(|| {
        insta::assert_snapshot!("vault_agent", snapshot(&network, &["auth", "identity-manager"]));
    });
    let network = Network::new(VAULT_FOR_ALL);
    without_digests().bind(|| {
        insta::assert_snapshot!(
            "vault_agent_for_all",
            snapshot(&network, &["namespace-signing", "signing-service"])
        );
    });
}

/// Nothing of what is rendered holds anything of what was made; the store holds all of it.
#[test]
fn nothing_secret_is_rendered() {
    for delivery in [EXTERNAL_SECRETS, VAULT_FOR_ALL] {
        let network = Network::new(delivery);
        let all: String = network.objects().map(|(_, object)| object.to_string()).collect();
        for (name, secret) in network.secrets() {
            assert!(!all.contains(&secret), "{name} is rendered with {delivery}");
        }
        let delivered: BTreeSet<&str> = network
            .rendered
            .delivered
            .iter()
            .flat_map(|one| one.properties.values().map(ExposeSecret::expose_secret))
            .collect();
        for file in network.ring.store_files() {
            let bytes = STANDARD.encode(network.ring.store(file).unwrap().bytes);
            assert!(
                delivered.contains(bytes.as_str()),
                "{file} is not delivered with {delivery}"
            );
        }
        assert!(delivered.contains(HOSTILE));
        // The key of the digests stays where they are made.
        let mark = network.ring.secret("delivery").unwrap().expose_secret();
        assert!(!delivered.contains(mark));
    }
}

/// The Signing Service is left alone by Vault unless the topology says otherwise, and its stores are Secrets then.
#[test]
fn the_signing_service_calls_vault_only_if_it_is_told_to() {
    for (delivery, is_called) in [(EXTERNAL_SECRETS, false), (VAULT, false), (VAULT_FOR_ALL, true)] {
        let network = Network::new(delivery);
        let calls = |object: &&Value| {
            object["kind"] == "NetworkPolicy"
                && object["metadata"]["name"].as_str().unwrap().contains("-v1-to-")
        };
        let callers: BTreeSet<&str> = network
            .objects()
            .map(|(_, object)| object)
            .filter(calls)
            .map(|object| {
                object["metadata"]["labels"]["app.kubernetes.io/name"]
                    .as_str()
                    .unwrap()
            })
            .collect();
        assert_eq!(callers.contains("signing-service"), is_called, "{callers:?}");
        assert_eq!(
            callers.len(),
            if delivery == EXTERNAL_SECRETS {
                0
            } else {
                10 + usize::from(is_called)
            },
            "{callers:?}"
        );
        let matrix = ConnectionMatrix::of(&network.topology);
        let to_vault = matrix
            .iter()
            .filter(|it| matches!(&it.server, Party::Endpoint(server) if server.address.port == 8200));
        assert_eq!(to_vault.count(), callers.len());
    }
    let policy = Network::new(VAULT_FOR_ALL);
    let policy = policy.object("NetworkPolicy", "signing-service-v1-to-vault.vault.svc-8200");
    let egress = &policy["spec"]["egress"][0];
    assert_eq!(
        egress["to"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"],
        "vault"
    );
    assert_eq!(egress["ports"][0]["port"], 8200);
}

/// The folders in which a Pod finds files of Secrets that Cordanetes fills, with the files.
fn mounted(
    network: &Network,
    made: &BTreeMap<(String, String), BTreeSet<String>>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, object) in network.objects() {
        let Some(pod) = object.pointer("/spec/template/spec") else {
            continue;
        };
        let namespace = object["metadata"]["namespace"].as_str().unwrap();
        let name = format!("{namespace}/{}", object["metadata"]["name"].as_str().unwrap());
        for volume in pod["volumes"].as_array().into_iter().flatten() {
            let secret = volume["secret"]["secretName"].as_str().unwrap_or_default();
            let Some(files) = made.get(&(namespace.to_owned(), secret.to_owned())) else {
                continue;
            };
            let items = volume["secret"]["items"].as_array();
            let mounts = pod["containers"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|container| container["volumeMounts"].as_array().into_iter().flatten());
            for mount in mounts.filter(|mount| mount["name"] == volume["name"]) {
                let folder = mount["mountPath"].as_str().unwrap();
                let wanted = files
                    .iter()
                    .filter(|file| items.is_none_or(|items| items.iter().any(|item| item["key"] == **file)));
                found
                    .entry(name.clone())
                    .or_default()
                    .extend(wanted.map(|file| format!("{folder}/{file}")));
            }
        }
    }
    found
}

/// Every file is where it is with Secrets, in the same Pods and no others.
#[test]
fn the_agent_writes_the_same_files_to_the_same_places() {
    let plain = Network::new("");
    let mut made = BTreeMap::new();
    for (_, object) in plain.objects().filter(|(_, object)| object["kind"] == "Secret") {
        let text = |field: &str| object["metadata"][field].as_str().unwrap().to_owned();
        let keys = ["data", "stringData"]
            .into_iter()
            .filter_map(|field| object[field].as_object());
        let files: BTreeSet<String> = keys.flat_map(|map| map.keys().cloned()).collect();
        made.insert((text("namespace"), text("name")), files);
    }
    let wanted = mounted(&plain, &made);
    assert_eq!(wanted.len(), 19, "{wanted:?}");

    let vault = Network::new(VAULT_FOR_ALL);
    let mut written: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, object) in vault
        .objects()
        .filter(|(_, object)| object["kind"] == "ConfigMap")
    {
        let Some(config) = object["data"]["config-init.hcl"].as_str() else {
            continue;
        };
        let config: Value = serde_json::from_str(config).unwrap();
        let namespace = object["metadata"]["namespace"].as_str().unwrap();
        let workload = object["metadata"]["name"]
            .as_str()
            .unwrap()
            .strip_suffix("-vault-agent")
            .unwrap();
        let destinations = config["template"].as_array().unwrap().iter();
        let files: BTreeSet<String> = destinations
            .map(|template| template["destination"].as_str().unwrap().to_owned())
            // A variable of a Secret is a file now, where no volume was.
            .filter(|file| !file.starts_with("/vault/secrets/"))
            .collect();
        written.insert(format!("{namespace}/{workload}"), files);
    }
    assert_eq!(written, wanted);
    assert_eq!(
        mounted(&vault, &made),
        BTreeMap::new(),
        "nothing is mounted twice"
    );
    let auth = vault.object("Deployment", "auth");
    let container = &auth["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(
        container["command"][2],
        "export INITIAL_ADMIN_PASSWORD=\"$(cat /vault/secrets/auth-initial-user.password)\"; exec \"$0\" \"$@\""
    );
}

/// Each private key is in what is delivered to its holder, and in nothing else.
#[test]
fn each_private_key_is_delivered_to_its_holder_alone() {
    for delivery in [EXTERNAL_SECRETS, VAULT_FOR_ALL] {
        let network = Network::new(delivery);
        let plan = plan(&network.topology);
        let mut keys = 0;
        for entity in &plan.entities {
            let key = network.ring.private_key(&entity.alias).unwrap().expose_pkcs8();
            let mut holders = BTreeSet::new();
            for one in &network.rendered.delivered {
                for (file, content) in &one.properties {
                    let Ok(store) = network.ring.store(file) else {
                        continue;
                    };
                    let bytes = STANDARD.decode(content.expose_secret()).unwrap();
                    let opened =
                        certificates::read_store(file, &bytes, store.password, store.password).unwrap();
                    let holds = opened.entries.into_iter().any(|entry| {
                        matches!(entry.content, certificates::ReadContent::PrivateKey { key: Some(found), .. }
                            if found.expose_pkcs8() == key)
                    });
                    if holds {
                        holders.insert(one.component.name().into_owned());
                    }
                }
            }
            let wanted: BTreeSet<String> = match &entity.holder {
                Holder::Operator | Holder::OperatorToken(_) | Holder::Hsm(_) | Holder::Anyone => {
                    BTreeSet::new()
                }
                Holder::Component(name) => BTreeSet::from([name.clone()]),
            };
            keys += wanted.len();
            assert_eq!(holders, wanted, "{} with {delivery}", entity.alias);
        }
        assert_eq!(keys, 9);
    }
}

/// New content has a new name; what others were given keeps its own.
#[test]
fn a_rotation_renames_what_it_replaces_and_nothing_else() {
    for delivery in [EXTERNAL_SECRETS, VAULT_FOR_ALL] {
        let before = Network::new(delivery);
        let mut ring = before.ring.clone();
        ring.rotate("cordasslzone", &plan(&before.topology), NOW.parse().unwrap())
            .unwrap();
        let after = Network::with(topology(delivery), ring);
        let changed: Vec<&str> = before
            .rendered
            .delivered
            .iter()
            .filter(|one| after.delivered(&one.secret).path != one.path || one.namespace.is_empty())
            .map(|one| one.secret.as_str())
            .collect();
        assert_eq!(changed, ["zone-keys", "zone-config"], "{delivery}");
        let checksum = |network: &Network| {
            let zone = network.object("Deployment", "zone").clone();
            zone["spec"]["template"]["metadata"]["annotations"]["cordanetes.dev/config-checksum"].clone()
        };
        assert_ne!(checksum(&before), checksum(&after), "it restarts");
        // Rendering is pure: the same ring gives the same bytes.
        let again = Network::with(topology(delivery), after.ring.clone());
        let text = |network: &Network| {
            network
                .objects()
                .map(|(_, object)| object.to_string())
                .collect::<String>()
        };
        assert_eq!(text(&again), text(&after));
    }
}
