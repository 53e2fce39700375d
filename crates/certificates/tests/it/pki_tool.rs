//! A folder as R3's PKI tool leaves it (reference §3.5), made with keytool and OpenSSL: JKS and PKCS#12, passwords and
//! names of R3's charts, and the charts' mistake.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use certificates::inspection::{CrlInput, StoreInput};
use secrecy::SecretString;

use crate::tool;

const PASSWORD: &str = "key-password";
const TRUST_PASSWORD: &str = "trust-store-password";
/// Of the key in the subordinate's store: JKS can have two.
const OTHER_PASSWORD: &str = "another-password";
const CRL_BASE: &str = "http://identity-manager.example:10000/certificate-revocation-list";

const AUTHORITY: [&str; 3] = [
    "bc:c=ca:true",
    "ku:c=digitalSignature,keyCertSign,cRLSign",
    "eku=serverAuth,clientAuth",
];
const LEAF: [&str; 2] = ["ku:c=digitalSignature", "eku=serverAuth,clientAuth"];

/// One store with one key.
struct Made {
    alias: &'static str,
    file: &'static str,
    kind: &'static str,
    name: &'static str,
    key_password: &'static str,
}

const ROOT: Made = Made {
    alias: "cordarootca",
    file: "root-key-store.jks",
    kind: "JKS",
    name: "Test Root CA Certificate",
    key_password: PASSWORD,
};
const SUBORDINATE: Made = Made {
    alias: "subordinateca",
    file: "subordinate-key-store.jks",
    kind: "JKS",
    name: "Test Subordinate CA Certificate",
    key_password: OTHER_PASSWORD,
};
const IDENTITY_MANAGER: Made = Made {
    alias: "identitymanagerca",
    file: "identity-manager-key-store.jks",
    kind: "PKCS12",
    name: "Test Identity Manager Service Certificate",
    key_password: PASSWORD,
};
const NETWORK_MAP: Made = Made {
    alias: "networkmap",
    file: "network-map-key-store.jks",
    kind: "JKS",
    name: "Test Network Map Service Certificate",
    key_password: PASSWORD,
};
const TLS_SIGNER: Made = Made {
    alias: "tlscrlsigner",
    file: "tls-crl-signer-key-store.jks",
    kind: "JKS",
    name: "Test TLS Signer Certificate",
    key_password: PASSWORD,
};
/// R3's charts put the root of the SSL hierarchy beside the Identity Manager's key.
const SSL_ROOT: Made = Made {
    alias: "cordasslrootca",
    file: "corda-ssl-identity-manager-keys.jks",
    kind: "JKS",
    name: "Test SSL Root CA Certificate",
    key_password: PASSWORD,
};
const SSL_AUTH: Made = Made {
    alias: "cordasslauthservice",
    file: "corda-ssl-auth-keys.jks",
    kind: "PKCS12",
    name: "Test SSL Auth Certificate",
    key_password: PASSWORD,
};
/// Without the names of its Service.
const SSL_SIGNER: Made = Made {
    alias: "cordasslsigner",
    file: "corda-ssl-signer-keys.jks",
    kind: "JKS",
    name: "Test SSL Signer Certificate",
    key_password: PASSWORD,
};

/// Makes the stores.
struct Maker<'a>(&'a Path);

impl Maker<'_> {
    fn keytool(&self, arguments: &[&str]) {
        let folder = self.0.to_str().unwrap();
        // No name of the machine's leads anywhere, and keytool asks nobody.
        let all: Vec<String> = arguments
            .iter()
            .map(|argument| argument.replace("DIR", folder))
            .collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        tool::run("keytool", &all, "");
    }

    fn pair(&self, made: &Made, extensions: &[&str], days: &str) {
        let name = format!("CN={}, OU=HQ, O=HoldCo LLC, L=New York, C=US", made.name);
        let store = format!("DIR/key-stores/{}", made.file);
        let mut arguments = vec![
            "-genkeypair",
            "-alias",
            made.alias,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-sigalg",
            "SHA256withECDSA",
            "-dname",
            &name,
            "-validity",
            days,
            "-storetype",
            made.kind,
            "-keystore",
            &store,
            "-storepass",
            PASSWORD,
            "-keypass",
            made.key_password,
        ];
        for extension in extensions {
            arguments.extend(["-ext", extension]);
        }
        self.keytool(&arguments);
    }

    /// A key whose certificate `issuers[0]` signs; the others stand above it.
    fn signed(&self, made: &Made, issuers: &[&Made], extensions: &[&str], days: &str) {
        self.pair(made, &[], "30");
        let store = format!("DIR/key-stores/{}", made.file);
        let own = [
            "-alias",
            made.alias,
            "-keystore",
            &store,
            "-storepass",
            PASSWORD,
            "-keypass",
            made.key_password,
        ];
        self.keytool(&[&["-certreq", "-file", "DIR/work/request"], &own[..]].concat());
        let issuer = issuers[0];
        let issuer_store = format!("DIR/key-stores/{}", issuer.file);
        let mut arguments = vec![
            "-gencert",
            "-rfc",
            "-alias",
            issuer.alias,
            "-keystore",
            &issuer_store,
            "-storepass",
            PASSWORD,
            "-keypass",
            issuer.key_password,
            "-sigalg",
            "SHA256withECDSA",
            "-validity",
            days,
            "-infile",
            "DIR/work/request",
            "-outfile",
            "DIR/work/reply",
        ];
        for extension in extensions {
            arguments.extend(["-ext", extension]);
        }
        self.keytool(&arguments);
        // The reply holds the certificate and those between it and the root.
        let reply = fs_err::read_to_string(self.0.join("work/reply")).unwrap();
        let root = self.certificate(issuers.last().unwrap());
        fs_err::write(self.0.join("work/chain"), reply + &root).unwrap();
        self.keytool(&[&["-importcert", "-noprompt", "-file", "DIR/work/chain"], &own[..]].concat());
    }

    /// In PEM form.
    fn certificate(&self, made: &Made) -> String {
        let store = format!("DIR/key-stores/{}", made.file);
        let file = format!("DIR/work/{}.pem", made.alias);
        self.keytool(&[
            "-exportcert",
            "-rfc",
            "-alias",
            made.alias,
            "-keystore",
            &store,
            "-storepass",
            PASSWORD,
            "-file",
            &file,
        ]);
        fs_err::read_to_string(self.0.join(format!("work/{}.pem", made.alias))).unwrap()
    }

    fn trust(&self, file: &str, trusted: &[&Made]) {
        for made in trusted {
            self.certificate(made);
            let certificate = format!("DIR/work/{}.pem", made.alias);
            let store = format!("DIR/trust-stores/{file}");
            self.keytool(&[
                "-importcert",
                "-noprompt",
                "-storetype",
                "JKS",
                "-alias",
                made.alias,
                "-file",
                &certificate,
                "-keystore",
                &store,
                "-storepass",
                TRUST_PASSWORD,
            ]);
        }
    }

    /// A list that revokes nothing, signed by OpenSSL.
    fn crl(&self, file: &str, signer: &Made, extensions: &str) {
        let (work, alias) = (self.0.join("work"), signer.alias);
        let store = format!("DIR/key-stores/{}", signer.file);
        let packed = format!("DIR/work/{alias}.p12");
        self.keytool(&[
            "-importkeystore",
            "-srckeystore",
            &store,
            "-srcstorepass",
            PASSWORD,
            "-srcalias",
            alias,
            "-srckeypass",
            signer.key_password,
            "-destkeystore",
            &packed,
            "-deststoretype",
            "PKCS12",
            "-deststorepass",
            PASSWORD,
            "-destkeypass",
            PASSWORD,
        ]);
        let settings = format!(
            "[ca]\ndefault_ca = list\n[list]\ndatabase = {0}/index\ncrlnumber = {0}/number\ndefault_md = sha256\n\
             crl_extensions = extensions\n[extensions]\nauthorityKeyIdentifier = keyid:always\n{extensions}\n",
            work.display()
        );
        fs_err::write(work.join("settings"), settings).unwrap();
        fs_err::write(work.join("index"), "").unwrap();
        fs_err::write(work.join("number"), "01\n").unwrap();
        let script = format!(
            "set -e; cd '{}'\n\
             openssl pkcs12 -in {alias}.p12 -nocerts -nodes -passin pass:{PASSWORD} -out {alias}.key\n\
             openssl ca -gencrl -config settings -keyfile {alias}.key -cert {alias}.pem -crldays 365 -out list.pem\n\
             openssl crl -in list.pem -outform DER -out ../crl-files/{file}\n",
            work.display()
        );
        tool::run("sh", &["-c", &script], "");
    }
}

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for part in ["key-stores", "trust-stores", "crl-files", "work"] {
        fs_err::create_dir(folder.path().join(part)).unwrap();
    }
    let maker = Maker(folder.path());
    let crl = |name: &str| format!("crl=uri:{CRL_BASE}/{name}");
    let role = |number: u8| format!("1.3.6.1.4.1.50530.1.1=02:01:{number:02}");
    maker.pair(&ROOT, &AUTHORITY, "7300");
    maker.signed(
        &SUBORDINATE,
        &[&ROOT],
        &[&AUTHORITY[..], &[&crl("root")]].concat(),
        "7000",
    );
    let above = [&SUBORDINATE, &ROOT];
    let below = crl("subordinate");
    maker.signed(
        &IDENTITY_MANAGER,
        &above,
        &[&AUTHORITY[..], &[&below, &role(1)]].concat(),
        "6000",
    );
    maker.signed(
        &NETWORK_MAP,
        &above,
        &[&LEAF[..], &[&below, &role(2)]].concat(),
        "6000",
    );
    maker.pair(&TLS_SIGNER, &["ku:c=cRLSign"], "7300");
    maker.pair(&SSL_ROOT, &AUTHORITY, "7300");
    let names = "san=dns:auth,dns:auth.demo-network.svc.cluster.local";
    maker.signed(
        &SSL_AUTH,
        &[&SSL_ROOT],
        &[&LEAF[..], &[&crl("ssl"), names]].concat(),
        "6000",
    );
    maker.signed(&SSL_SIGNER, &[&SSL_ROOT], &LEAF, "6000");
    maker.trust("network-root-truststore.jks", &[&ROOT, &TLS_SIGNER]);
    maker.trust("corda-ssl-trust-store.jks", &[&SSL_ROOT]);
    maker.certificate(&SUBORDINATE);
    maker.crl("root.crl", &ROOT, "");
    maker.crl("subordinate.crl", &SUBORDINATE, "");
    let point = format!(
        "issuingDistributionPoint = critical, @point\n[point]\nfullname = URI:{CRL_BASE}/tls\nindirectCRL = TRUE"
    );
    maker.crl("tls.crl", &TLS_SIGNER, &point);
    folder
});

/// What lies in a folder, to be changed by a test.
pub(crate) struct Output {
    pub(crate) stores: Vec<(String, Vec<u8>, SecretString, SecretString)>,
    pub(crate) crls: Vec<(String, Vec<u8>)>,
}

impl Output {
    /// As R3's PKI tool left it.
    pub(crate) fn new() -> Self {
        let mut output = Self {
            stores: Vec::new(),
            crls: Vec::new(),
        };
        for part in ["key-stores", "trust-stores", "crl-files"] {
            let mut files: Vec<PathBuf> = fs_err::read_dir(FOLDER.path().join(part))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect();
            files.sort();
            for path in files {
                let name = format!("{part}/{}", path.file_name().unwrap().to_str().unwrap());
                let bytes = fs_err::read(&path).unwrap();
                if part == "crl-files" {
                    output.crls.push((name, bytes));
                    continue;
                }
                let password = if part == "key-stores" {
                    PASSWORD
                } else {
                    TRUST_PASSWORD
                };
                let of_key = if name.ends_with(SUBORDINATE.file) {
                    OTHER_PASSWORD
                } else {
                    password
                };
                output.stores.push((name, bytes, password.into(), of_key.into()));
            }
        }
        output
    }

    /// Without the files whose names end so.
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        let kept = |name: &str| !names.iter().any(|end| name.ends_with(end));
        self.stores.retain(|(name, ..)| kept(name));
        self.crls.retain(|(name, _)| kept(name));
        self
    }

    pub(crate) fn stores(&self) -> Vec<StoreInput<'_>> {
        self.stores
            .iter()
            .map(|(name, bytes, password, key_password)| StoreInput {
                name,
                bytes,
                password,
                key_password,
            })
            .collect()
    }

    pub(crate) fn crls(&self) -> Vec<CrlInput<'_>> {
        self.crls
            .iter()
            .map(|(name, bytes)| CrlInput { name, bytes })
            .collect()
    }
}
