//! Corda's own code (`corda-node-api` 4.10) takes what is made here, and refuses each wrong kind; our own check
//! refuses the same. Needs a JDK and Maven, and no cluster.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, too")]

#[path = "../../crates/certificates/tests/it/custodian.rs"]
mod custodian;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use certificates::ceremony::SignedFile;
use certificates::inspection::{StoreInput, inspect};
use certificates::{
    Algorithms, CertificatePlan, CordaRole, EntityPlan, IssuedBy, KeyAlgorithm, KeyRing, Lifetimes,
    MapSigner, PlanRequest, Purpose, StoreEntry, aliases, files,
};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};

const IDENTITY_MANAGER: (&str, &str, &str) = (
    files::IDENTITY_MANAGER_KEYS,
    aliases::IDENTITY_MANAGER,
    "DOORMAN_CA",
);
const NETWORK_MAP: (&str, &str, &str) = (files::NETWORK_MAP_KEYS, aliases::NETWORK_MAP, "NETWORK_MAP");

fn request() -> PlanRequest {
    PlanRequest {
        network: "demo".into(),
        organisation: "Example Network".into(),
        locality: "London".into(),
        country: "GB".into(),
        crl_base_url: "http://identity-manager.example".into(),
        signing_component: "signer".into(),
        signing_keys_in_hsm: false,
        map_signers: vec![MapSigner::only()],
        token_component: "auth".into(),
        ssl_identities: Vec::new(),
        operator_token: None,
        tunnels: Vec::new(),
        public_hosts: Vec::new(),
        secrets: Vec::new(),
        algorithms: Algorithms::default(),
        lifetimes: Lifetimes::default(),
    }
}

fn plan() -> CertificatePlan {
    CertificatePlan::new(&request()).unwrap()
}

fn entity<'a>(plan: &'a mut CertificatePlan, alias: &str) -> &'a mut EntityPlan {
    plan.entities
        .iter_mut()
        .find(|entity| entity.alias == alias)
        .unwrap()
}

fn made(plan: &CertificatePlan, at: Timestamp) -> KeyRing {
    let mut ring = KeyRing::new("demo");
    ring.make_missing(plan, at).unwrap();
    ring
}

/// A folder with stores, the commands that Corda's code gets, and what our own check says.
struct Folder {
    place: tempfile::TempDir,
    commands: Vec<String>,
    findings: Vec<String>,
}

impl Folder {
    fn new() -> Self {
        Self {
            place: tempfile::tempdir().unwrap(),
            commands: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Asks about a signer of `ring`, with `change` done to its store's bytes and passwords.
    fn signer(
        &mut self,
        name: &str,
        ring: &KeyRing,
        (file, alias, role): (&str, &str, &str),
        change: impl FnOnce(&mut Vec<u8>, &mut String),
    ) {
        self.signer_trusting(name, ring, ring, (file, alias, role), change);
    }

    fn signer_trusting(
        &mut self,
        name: &str,
        ring: &KeyRing,
        trusting: &KeyRing,
        (file, alias, role): (&str, &str, &str),
        change: impl FnOnce(&mut Vec<u8>, &mut String),
    ) {
        let store = ring.store(file).unwrap();
        let (mut bytes, mut password) = (store.bytes.to_vec(), store.password.expose_secret().to_owned());
        change(&mut bytes, &mut password);
        let trust = trusting.store(files::NETWORK_TRUST).unwrap();
        let (stored, trusted) = (format!("{name}.jks"), format!("{name}-trust.jks"));
        std::fs::write(self.place.path().join(&stored), &bytes).unwrap();
        std::fs::write(self.place.path().join(&trusted), trust.bytes).unwrap();
        let trust_password = trust.password.expose_secret();
        self.commands.push(format!(
            "signer {stored} {password} {password} {alias} {role} {trusted} {trust_password}"
        ));
        let password = SecretString::from(password);
        let both = [
            (file, &bytes[..], &password),
            (files::NETWORK_TRUST, trust.bytes, trust.password),
        ];
        let inputs = both.map(|(name, bytes, password)| StoreInput {
            name,
            bytes,
            password,
            key_password: password,
        });
        let found = inspect(&inputs, &[], Timestamp::now());
        self.findings.push(format!("{name}: {}", found.findings.len()));
    }

    fn identity(&mut self, name: &str, ring: &KeyRing) {
        let store = ring.store(files::IDENTITY_MANAGER_KEYS).unwrap();
        let trust = ring.store(files::NETWORK_TRUST).unwrap();
        let (stored, trusted) = (format!("{name}.jks"), format!("{name}-trust.jks"));
        std::fs::write(self.place.path().join(&stored), store.bytes).unwrap();
        std::fs::write(self.place.path().join(&trusted), trust.bytes).unwrap();
        let (password, trust_password) = (store.password.expose_secret(), trust.password.expose_secret());
        let alias = aliases::IDENTITY_MANAGER;
        self.commands.push(format!(
            "identity {stored} {password} {password} {alias} {trusted} {trust_password}"
        ));
    }

    /// What Corda's code answers, a line for each command.
    fn answers(&self) -> Vec<String> {
        let project = project();
        let mut child = Command::new("java")
            .args(
                ["java.base/sun.security.x509", "java.base/sun.security.util"]
                    .map(|package| format!("--add-exports={package}=ALL-UNNAMED")),
            )
            .arg("-cp")
            .arg(format!(
                "{0}/target/certificate-acceptance.jar:{0}/target/lib/*",
                project.display()
            ))
            .arg("cordanetes.acceptance.Main")
            .arg(self.place.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a JDK is needed by this test");
        child
            .stdin
            .take()
            .unwrap()
            .write_all((self.commands.join("\n") + "\n").as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaints}");
        let answers: Vec<String> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(ToOwned::to_owned)
            .collect();
        assert_eq!(answers.len(), self.commands.len(), "{answers:#?}\n{complaints}");
        answers
    }
}

/// Builds the program that calls Corda's code.
fn project() -> PathBuf {
    static BUILT: std::sync::Once = std::sync::Once::new();
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("certificate-acceptance");
    BUILT.call_once(|| {
        let built = Command::new("mvn")
            .args(["--batch-mode", "--no-transfer-progress", "--quiet", "package"])
            .current_dir(&project)
            .output()
            .expect("Maven is needed by this test");
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stdout)
        );
    });
    project
}

#[test]
fn corda_takes_every_signer_of_every_kind_of_key() {
    let mut folder = Folder::new();
    for (name, key) in [
        ("ec", KeyAlgorithm::EcP256),
        ("rsa-2048", KeyAlgorithm::Rsa2048),
        ("rsa-4096", KeyAlgorithm::Rsa4096),
    ] {
        let mut request = request();
        request.algorithms.network = key;
        request.map_signers.push(MapSigner {
            subzone: None,
            parameters: true,
            alias: "cordanetworkparameters".into(),
            file: "network-parameters-key-store.jks".into(),
        });
        let ring = made(&CertificatePlan::new(&request).unwrap(), Timestamp::now());
        let parameters = (
            "network-parameters-key-store.jks",
            "cordanetworkparameters",
            "NETWORK_PARAMETERS",
        );
        folder.signer(
            &format!("{name}-identity-manager"),
            &ring,
            IDENTITY_MANAGER,
            |_, _| {},
        );
        folder.signer(&format!("{name}-network-map"), &ring, NETWORK_MAP, |_, _| {});
        folder.signer(&format!("{name}-parameters"), &ring, parameters, |_, _| {});
        folder.identity(&format!("{name}-node"), &ring);
    }
    let mut expected = Vec::new();
    for name in ["ec", "rsa-2048", "rsa-4096"] {
        expected.extend([
            format!("{name}-identity-manager.jks: accepted, DOORMAN_CA, chain of 3"),
            format!("{name}-network-map.jks: accepted, NETWORK_MAP, chain of 3"),
            format!("{name}-parameters.jks: accepted, NETWORK_PARAMETERS, chain of 3"),
            format!("{name}-node.jks: accepted, O=PartyA, L=London, C=GB"),
        ]);
    }
    assert_eq!(folder.answers(), expected);
    assert!(
        folder.findings.iter().all(|finding| finding.ends_with(": 0")),
        "{:?}",
        folder.findings
    );
}

/// A network whose root was made, and has signed, by OpenSSL and the checklist of a ceremony alone.
#[test]
fn corda_takes_what_a_ceremony_has_signed() {
    let place = tempfile::tempdir().unwrap();
    let (out, keys) = (place.path().join("ceremony"), place.path().join("keys"));
    std::fs::create_dir(&keys).unwrap();
    let plan = plan();
    let now = Timestamp::now();
    let mut ring = KeyRing::new("demo");
    let offline = [aliases::ROOT, aliases::SUBORDINATE, aliases::TLS_CRL_SIGNER].map(ToOwned::to_owned);
    ring.keep_offline(&offline, &plan, now).unwrap();
    for file in ring.prepare_ceremony(&plan, now).unwrap().files("accept") {
        let path = out.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.text).unwrap();
    }
    custodian::holds(&out, &keys);
    let names: Vec<String> = ["cordarootca", "cordasubordinateca", "cordatlscrlsigner"]
        .into_iter()
        .chain(["cordaidentitymanagerca", "cordanetworkmap"])
        .map(|alias| format!("signed/{alias}.pem"))
        .chain([files::ROOT_CRL, files::SUBORDINATE_CRL, files::TLS_CRL].map(|file| format!("signed/{file}")))
        .collect();
    let contents: Vec<Vec<u8>> = names
        .iter()
        .map(|name| std::fs::read(out.join(name)).unwrap())
        .collect();
    let signed: Vec<SignedFile<'_>> = names
        .iter()
        .zip(&contents)
        .map(|(name, bytes)| SignedFile { name, bytes })
        .collect();
    let fingerprints = custodian::fingerprints(&out);
    if let Err(problems) = ring.accept_ceremony(&plan, &signed, &fingerprints, Timestamp::now()) {
        assert_eq!(problems, []);
    }
    let mut folder = Folder::new();
    folder.signer("identity-manager", &ring, IDENTITY_MANAGER, |_, _| {});
    folder.signer("network-map", &ring, NETWORK_MAP, |_, _| {});
    folder.identity("node", &ring);
    assert_eq!(
        folder.answers(),
        [
            "identity-manager.jks: accepted, DOORMAN_CA, chain of 3",
            "network-map.jks: accepted, NETWORK_MAP, chain of 3",
            "node.jks: accepted, O=PartyA, L=London, C=GB",
        ]
    );
    assert!(
        folder.findings.iter().all(|finding| finding.ends_with(": 0")),
        "{:?}",
        folder.findings
    );
}

/// A ring whose plan was spoiled before it was made.
fn spoiled(spoil: impl FnOnce(&mut CertificatePlan)) -> KeyRing {
    let mut plan = plan();
    spoil(&mut plan);
    made(&plan, Timestamp::now())
}

#[test]
fn corda_refuses_each_wrong_kind_and_so_does_our_check() {
    let mut folder = Folder::new();
    let good = made(&plan(), Timestamp::now());

    let ring = spoiled(|plan| entity(plan, aliases::NETWORK_MAP).role = None);
    folder.signer("missing-role", &ring, NETWORK_MAP, |_, _| {});
    let ring = spoiled(|plan| entity(plan, aliases::SUBORDINATE).role = Some(CordaRole::IdentityManager));
    folder.signer("wrong-parent-role", &ring, NETWORK_MAP, |_, _| {});
    let ring = spoiled(|plan| {
        let at = plan
            .entities
            .iter()
            .position(|entity| entity.alias == aliases::NETWORK_MAP)
            .unwrap();
        let moved = plan.entities.remove(at);
        plan.entities.push(EntityPlan {
            issued_by: IssuedBy::Authority(aliases::SSL_ROOT.into()),
            ..moved
        });
    });
    folder.signer("wrong-parent", &ring, NETWORK_MAP, |_, _| {});
    let ring = spoiled(|plan| entity(plan, aliases::SUBORDINATE).purpose = Purpose::Tls);
    folder.signer("no-ca-bit", &ring, NETWORK_MAP, |_, _| {});
    let mut short = plan();
    entity(&mut short, aliases::NETWORK_MAP).days = 1;
    let long_ago = Timestamp::now() - SignedDuration::from_hours(48);
    folder.signer("expired", &made(&short, long_ago), NETWORK_MAP, |_, _| {});
    let ring = spoiled(|plan| {
        entity(plan, aliases::NETWORK_MAP).alias = "mymap".into();
        let keys = plan
            .stores
            .iter_mut()
            .find(|store| store.file == files::NETWORK_MAP_KEYS);
        keys.unwrap().entries = vec![StoreEntry::PrivateKey("mymap".into())];
    });
    folder.signer("wrong-alias", &ring, NETWORK_MAP, |_, _| {});
    folder.signer("wrong-password", &good, NETWORK_MAP, |_, password| {
        *password = "wrong".into();
    });
    folder.signer("truncated", &good, NETWORK_MAP, |bytes, _| bytes.truncate(400));
    folder.signer("foreign-store", &good, NETWORK_MAP, |bytes, _| {
        *bytes = b"{}".to_vec();
    });
    let other = made(&plan(), Timestamp::now());
    folder.signer_trusting("foreign-network", &good, &other, NETWORK_MAP, |_, _| {});

    let answers = folder.answers();
    for answer in &answers {
        assert!(answer.contains(": refused, "), "{answers:#?}");
    }
    insta::assert_snapshot!(answers.join("\n"));
    for finding in &folder.findings {
        assert!(!finding.ends_with(": 0"), "our own check takes {finding}");
    }
}
