//! A ceremony, held with OpenSSL alone by the commands of the checklist as they stand there; and what is refused of what
//! can come back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use certificates::ceremony::{AcceptProblem, Accepted, Agenda, OFFLINE_BY_DEFAULT, SignedFile};
use certificates::inspection::inspect_ring;
use certificates::{Away, CertificatePlan, KeyAlgorithm, KeyRing, aliases, files};
use jiff::{SignedDuration, Timestamp};

use crate::{custodian, fixture, tool};

const ACCEPT: &str = "cordanetes certificates ceremony accept network.yaml demo-ceremony";

fn offline(aliases: &[&str]) -> Vec<String> {
    aliases.iter().map(|alias| (*alias).to_owned()).collect()
}

/// A folder that goes out, with the keys of the custodian beside it.
struct Ceremony {
    place: tempfile::TempDir,
}

impl Ceremony {
    fn of(agenda: &Agenda) -> Self {
        let ceremony = Self {
            place: tempfile::tempdir().unwrap(),
        };
        ceremony.goes_out(agenda);
        ceremony
    }

    fn folder(&self) -> PathBuf {
        self.place.path().join("demo-ceremony")
    }

    /// Another ceremony with the same custodian.
    fn goes_out(&self, agenda: &Agenda) {
        let folder = self.folder();
        if folder.exists() {
            fs_err::remove_dir_all(&folder).unwrap();
        }
        for file in agenda.files(ACCEPT) {
            let path = folder.join(&file.name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, file.text).unwrap();
        }
        fs_err::create_dir_all(self.place.path().join("keys")).unwrap();
    }

    /// Runs every command of the checklist, and gives back what was printed.
    fn is_held(&self) -> Vec<String> {
        custodian::holds(&self.folder(), &self.place.path().join("keys"))
    }

    fn accept(&self, ring: &mut KeyRing, plan: &CertificatePlan) -> Result<Accepted, Vec<AcceptProblem>> {
        let fingerprints = custodian::fingerprints(&self.folder());
        self.accept_with(ring, plan, &fingerprints)
    }

    fn accept_with(
        &self,
        ring: &mut KeyRing,
        plan: &CertificatePlan,
        fingerprints: &BTreeMap<String, String>,
    ) -> Result<Accepted, Vec<AcceptProblem>> {
        let files = files_below(&self.folder());
        let signed: Vec<SignedFile<'_>> = files
            .iter()
            .map(|(name, bytes)| SignedFile { name, bytes })
            .collect();
        ring.accept_ceremony(plan, &signed, fingerprints, Timestamp::now())
    }

    fn refused(&self, ring: &KeyRing, plan: &CertificatePlan) -> String {
        told(&self.accept(&mut ring.clone(), plan).expect_err("it is refused"))
    }
}

fn told(problems: &[AcceptProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn accepted(outcome: Result<Accepted, Vec<AcceptProblem>>) -> Accepted {
    outcome.unwrap_or_else(|problems| panic!("{}", told(&problems)))
}

/// A ring that has asked, and what it asked for.
fn asked(plan: &CertificatePlan, aliases: &[&str]) -> (KeyRing, Agenda) {
    let now = Timestamp::now();
    let mut ring = KeyRing::new("demo");
    ring.keep_offline(&offline(aliases), plan, now).unwrap();
    let agenda = ring.prepare_ceremony(plan, now).unwrap();
    (ring, agenda)
}

#[test]
fn a_network_grows_from_a_root_that_was_never_here() {
    let plan = fixture::plan();
    let (mut ring, agenda) = asked(&plan, &OFFLINE_BY_DEFAULT);
    let refused = ring
        .make_missing(&plan, Timestamp::now())
        .expect_err("nothing is signed yet");
    insta::assert_snapshot!("before_the_ceremony", refused.to_string());

    let ceremony = Ceremony::of(&agenda);
    let printed = ceremony.is_held().join("\n");
    for (alias, fingerprint) in agenda.fingerprints() {
        assert!(printed.contains(&fingerprint), "{alias}: {printed}");
    }
    let accepted = accepted(ceremony.accept(&mut ring, &plan));
    let names: Vec<&str> = accepted
        .certificates
        .iter()
        .map(|(alias, _)| alias.as_str())
        .collect();
    assert_eq!(
        names,
        [aliases::ROOT, aliases::SUBORDINATE, aliases::TLS_CRL_SIGNER]
    );
    assert_eq!(accepted.made.stores.len(), plan.stores.len());
    assert!(ring.make_missing(&plan, Timestamp::now()).unwrap().is_empty());
    assert!(inspect_ring(&ring, Timestamp::now()).findings.is_empty());
    for alias in OFFLINE_BY_DEFAULT {
        assert_eq!(ring.away(alias), Some(&Away::Offline));
        let refused = ring.private_key(alias).expect_err("it was never here");
        assert!(refused.to_string().contains("is kept offline"), "{refused}");
    }
    assert!(ring.prepare_ceremony(&plan, Timestamp::now()).unwrap().is_empty());
}

#[test]
fn what_openssl_signs_by_the_settings_is_what_is_made_here() {
    let plan = fixture::plan();
    let (mut ring, agenda) = asked(&plan, &OFFLINE_BY_DEFAULT);
    let ceremony = Ceremony::of(&agenda);
    ceremony.is_held();
    accepted(ceremony.accept(&mut ring, &plan));
    let here = fixture::shared();
    let folder = tempfile::tempdir().unwrap();
    // In OpenSSL's words, without what differs from key to key.
    let printed = |der: &[u8]| {
        let path = folder.path().join("certificate");
        fs_err::write(&path, der).unwrap();
        let path = path.to_str().unwrap();
        let extensions = "subjectAltName,basicConstraints,keyUsage,extendedKeyUsage,crlDistributionPoints";
        let text = tool::run(
            "openssl",
            &[
                "x509", "-in", path, "-inform", "DER", "-noout", "-subject", "-ext", extensions,
            ],
            "",
        );
        let mut parts: Vec<String> = text.split("X509v3 ").map(ToOwned::to_owned).collect();
        parts.sort();
        parts
    };
    for alias in [aliases::ROOT, aliases::SUBORDINATE, aliases::TLS_CRL_SIGNER] {
        assert_eq!(
            printed(ring.certificate(alias).unwrap()),
            printed(here.certificate(alias).unwrap())
        );
    }
}

#[test]
fn the_checklist_says_who_does_what() {
    let plan = fixture::plan();
    let (_, agenda) = asked(
        &plan,
        &[aliases::ROOT, aliases::SUBORDINATE, aliases::TLS_CRL_SIGNER],
    );
    let files = agenda.files(ACCEPT);
    let text = |name: &str| files.iter().find(|file| file.name == name).unwrap().text.clone();
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC", "[moment]");
    settings.bind(|| insta::assert_snapshot!("checklist", text("CHECKLIST.md")));
    insta::assert_snapshot!(
        "settings_identity_manager",
        text("settings/cordaidentitymanagerca.cnf")
    );
    insta::assert_snapshot!("settings_tls_crl", text("settings/tls.crl.cnf"));
    let all: String = files.iter().map(|file| file.text.as_str()).collect();
    assert!(!all.contains("PRIVATE KEY-----\n"), "the folder holds no key");
}

/// Every authority offline, RSA, and a name that OpenSSL's settings could take for something else.
#[test]
fn every_authority_can_be_offline() {
    let mut request = fixture::request();
    request.organisation = r#"$dir\ #1 "Crédit", 'x' `y`"#.into();
    request.algorithms.network = KeyAlgorithm::Rsa2048;
    let plan = CertificatePlan::new(&request).unwrap();
    let (mut ring, agenda) = asked(
        &plan,
        &[aliases::ROOT, aliases::SUBORDINATE, aliases::TLS_CRL_SIGNER],
    );
    let ceremony = Ceremony::of(&agenda);
    ceremony.is_held();
    let first = accepted(ceremony.accept(&mut ring, &plan));
    assert_eq!(first.certificates.len(), 5);
    assert_eq!(first.crls.len(), 3);
    assert!(ring.private_key(aliases::IDENTITY_MANAGER).is_ok());
    assert!(ring.private_key(aliases::SUBORDINATE).is_err());

    // A later ceremony: a new signer of maps, and lists with the next number.
    let now = Timestamp::now();
    assert_eq!(
        ring.offline_issuer(aliases::NETWORK_MAP, &plan),
        Some(aliases::SUBORDINATE)
    );
    ring.request_rotation(aliases::NETWORK_MAP, &plan, now).unwrap();
    assert_eq!(
        ring.request_crls(&plan, now),
        [files::ROOT_CRL, files::SUBORDINATE_CRL, files::TLS_CRL]
    );
    assert_eq!(ring.renew_crls(&plan, now).unwrap(), [files::SSL_CRL]);
    assert!(
        ring.make_missing(&plan, now).unwrap().is_empty(),
        "the network goes on meanwhile"
    );
    let (before, keys_before) = (
        ring.certificate(aliases::NETWORK_MAP).unwrap().to_vec(),
        ring.store(files::NETWORK_MAP_KEYS).unwrap().bytes.to_vec(),
    );
    let agenda = ring.prepare_ceremony(&plan, now).unwrap();
    ceremony.goes_out(&agenda);
    ceremony.is_held();
    let second = accepted(ceremony.accept(&mut ring, &plan));
    assert_eq!(second.stores, [files::NETWORK_MAP_KEYS]);
    assert_ne!(ring.certificate(aliases::NETWORK_MAP).unwrap(), before);
    assert_ne!(ring.store(files::NETWORK_MAP_KEYS).unwrap().bytes, keys_before);
    assert!(inspect_ring(&ring, Timestamp::now()).findings.is_empty());
    assert!(ring.prepare_ceremony(&plan, now).unwrap().is_empty());
}

#[test]
fn asking_again_asks_for_the_same_keys() {
    let plan = fixture::plan();
    let (mut ring, first) = asked(&plan, &OFFLINE_BY_DEFAULT);
    let again = ring.prepare_ceremony(&plan, Timestamp::now()).unwrap();
    assert_eq!(first.fingerprints(), again.fingerprints());
}

#[test]
fn some_keys_cannot_be_kept_offline() {
    let plan = fixture::plan();
    let now = Timestamp::now();
    let mut told = Vec::new();
    let mut refuse = |ring: &mut KeyRing, aliases: &[&str]| {
        let refused = ring
            .keep_offline(&offline(aliases), &plan, now)
            .expect_err("it is refused");
        told.push(refused.to_string());
    };
    refuse(&mut KeyRing::new("demo"), &[aliases::SSL_ROOT]);
    refuse(&mut KeyRing::new("demo"), &[aliases::SUBORDINATE]);
    refuse(&mut fixture::shared().clone(), &[aliases::ROOT]);
    insta::assert_snapshot!(told.join("\n"));
}

/// Runs a line with OpenSSL in the folder, in place of one of the checklist's.
fn instead(ceremony: &Ceremony, script: &str) {
    custodian::runs(&ceremony.folder(), &ceremony.place.path().join("keys"), script);
}

#[test]
fn each_wrong_answer_is_refused_by_name() {
    let plan = fixture::plan();
    let (ring, agenda) = asked(
        &plan,
        &[aliases::ROOT, aliases::SUBORDINATE, aliases::TLS_CRL_SIGNER],
    );
    let ceremony = Ceremony::of(&agenda);
    ceremony.is_held();
    accepted(ceremony.accept(&mut ring.clone(), &plan));
    let keep = tempfile::tempdir().unwrap();
    let signed = ceremony.folder().join("signed");
    copy(&signed, keep.path());
    let mut answers = Vec::new();
    let im = "signed/cordaidentitymanagerca.pem";
    let request = "requests/cordaidentitymanagerca.csr";
    let settings = "settings/cordaidentitymanagerca.cnf";
    let by_subordinate = "-CA signed/cordasubordinateca.pem -CAkey \"$KEYS/cordasubordinateca.key\"";
    for (name, script) in [
        (
            "another key",
            format!(
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out \"$KEYS/other.key\"\n\
                 openssl req -new -config {settings} -key \"$KEYS/other.key\" -out work/other.csr\n\
                 openssl x509 -req -in work/other.csr {by_subordinate} -extfile {settings} -extensions extensions -days 100 \
                 -out {im}"
            ),
        ),
        (
            "no role",
            format!(
                "grep -v 50530 {settings} > work/no-role.cnf\n\
                 openssl x509 -req -in {request} {by_subordinate} -extfile work/no-role.cnf -extensions extensions -days 100 \
                 -out {im}"
            ),
        ),
        (
            "another role",
            format!(
                "sed 's/INTEGER:1$/INTEGER:2/' {settings} > work/role.cnf\n\
                 openssl x509 -req -in {request} {by_subordinate} -extfile work/role.cnf -extensions extensions -days 100 \
                 -out {im}"
            ),
        ),
        (
            "no CA bit",
            format!(
                "sed 's/CA:TRUE/CA:FALSE/' {settings} > work/leaf.cnf\n\
                 openssl x509 -req -in {request} {by_subordinate} -extfile work/leaf.cnf -extensions extensions -days 100 \
                 -out {im}"
            ),
        ),
        (
            "another parent",
            format!(
                "openssl x509 -req -in {request} -CA signed/cordarootca.pem -CAkey \"$KEYS/cordarootca.key\" \
                 -extfile {settings} -extensions extensions -days 100 -out {im}"
            ),
        ),
        (
            "expired",
            format!(
                "printf '[ca]\\ndefault_ca = x\\n[x]\\ndatabase = work/index\\nserial = work/serial\\n\
                 new_certs_dir = work\\ndefault_md = sha256\\npolicy = any\\n[any]\\ncountryName = optional\\n\
                 localityName = optional\\norganizationName = optional\\ncommonName = supplied\\n' > work/ca.cnf\n\
                 : > work/index; echo 01 > work/serial\n\
                 openssl ca -batch -notext -preserveDN -config work/ca.cnf -in {request} \
                 -cert signed/cordasubordinateca.pem -keyfile \"$KEYS/cordasubordinateca.key\" -extfile {settings} \
                 -extensions extensions -startdate 20200101000000Z -enddate 20200201000000Z -out {im}"
            ),
        ),
        (
            "no settings at all",
            format!("openssl x509 -req -in {request} {by_subordinate} -days 8000 -out {im}"),
        ),
        (
            "another subject",
            format!(
                "sed 's/^O = .*/O = Somebody Else/' {settings} > work/other.cnf\n\
                 openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out \"$KEYS/other.key\"\n\
                 openssl req -new -config work/other.cnf -key \"$KEYS/other.key\" -out work/other.csr\n\
                 openssl x509 -req -in work/other.csr -force_pubkey work/public.pem {by_subordinate} -extfile {settings} \
                 -extensions extensions -days 100 -out {im}"
            ),
        ),
        (
            "a list of another key, and the files of one mixed up",
            "cp signed/root.crl signed/subordinate.crl\n\
             mv signed/cordanetworkmap.pem signed/networkmap.pem"
                .to_owned(),
        ),
        (
            "a list that is not indirect",
            "sed '/issuingDistributionPoint/d' settings/tls.crl.cnf > work/direct.cnf\n\
             openssl ca -gencrl -config work/direct.cnf -keyfile \"$KEYS/cordatlscrlsigner.key\" \
             -cert signed/cordatlscrlsigner.pem -crldays 10 -out signed/tls.crl"
                .to_owned(),
        ),
        (
            "keys that travel, and no certificates",
            "cp \"$KEYS/cordarootca.key\" signed/cordarootca.pem\necho lost > signed/cordatlscrlsigner.pem\n\
             cp requests/cordanetworkmap.csr signed/cordanetworkmap.pem"
                .to_owned(),
        ),
    ] {
        let prepare = format!("mkdir -p work\nopenssl req -in {request} -noout -pubkey > work/public.pem\n");
        instead(&ceremony, &(prepare + &script));
        answers.push(format!("# {name}\n{}", ceremony.refused(&ring, &plan)));
        fs_err::remove_dir_all(&signed).unwrap();
        copy(keep.path(), &signed);
    }
    let mut filters = insta::Settings::clone_current();
    filters.add_filter(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[moment]");
    filters.bind(|| insta::assert_snapshot!("wrong_answers", answers.join("\n\n")));
    accepted(ceremony.accept(&mut ring.clone(), &plan));
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs_err::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn certificates_that_vouch_for_themselves_need_a_voice() {
    let plan = fixture::plan();
    let (ring, agenda) = asked(&plan, &OFFLINE_BY_DEFAULT);
    let ceremony = Ceremony::of(&agenda);
    ceremony.is_held();
    let mut fingerprints = custodian::fingerprints(&ceremony.folder());
    let none = ceremony.accept_with(&mut ring.clone(), &plan, &BTreeMap::new());
    let mut answers = vec![told(&none.expect_err("nobody has read them"))];
    let tls = fingerprints.remove(aliases::TLS_CRL_SIGNER).unwrap();
    fingerprints.insert(aliases::TLS_CRL_SIGNER.into(), "00".repeat(32));
    fingerprints.insert(aliases::SUBORDINATE.into(), tls.clone());
    let wrong = ceremony.accept_with(&mut ring.clone(), &plan, &fingerprints);
    answers.push(
        told(&wrong.expect_err("one is wrong")).replace(&tls.replace(':', "").to_lowercase(), "[sha256]"),
    );
    insta::assert_snapshot!("fingerprints", answers.join("\n\n"));
}

/// The clock of the custodian's machine runs ahead, or stands years behind.
#[test]
fn a_wrong_clock_is_told() {
    let plan = fixture::plan();
    let (mut ring, agenda) = asked(&plan, &OFFLINE_BY_DEFAULT);
    let ceremony = Ceremony::of(&agenda);
    ceremony.is_held();
    let files = files_below(&ceremony.folder());
    let signed: Vec<SignedFile<'_>> = files
        .iter()
        .map(|(name, bytes)| SignedFile { name, bytes })
        .collect();
    let fingerprints = custodian::fingerprints(&ceremony.folder());
    let yesterday = Timestamp::now() - SignedDuration::from_hours(24);
    let problems = ring
        .accept_ceremony(&plan, &signed, &fingerprints, yesterday)
        .expect_err("it begins tomorrow");
    let told = told(&problems);
    assert_eq!(told.matches("set the clock right, or wait").count(), 6, "{told}");
}

/// Everything in the folder and its folders.
fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs_err::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.push((name, fs_err::read(&path).unwrap()));
            }
        }
    }
    files
}
