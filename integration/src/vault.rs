//! A real Vault beside the cluster, in memory, whose Kubernetes authentication asks the cluster's API server; and its
//! agent.

use std::{
    env,
    fs::{self, File},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::{ConfigMap, ServiceAccount};
use k8s_openapi::api::rbac::v1::ClusterRoleBinding;
use kube::api::PostParams;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::cluster::{Cluster, within};

/// The variable with the folder of the program.
pub const PROGRAM: &str = "CORDANETES_VAULT";
/// The namespace of the account by which Vault asks whose a token is.
const NAMESPACE: &str = "vault-reviewer";
const REVIEWER: &str = "reviewer";
/// Only processes in the cluster's network reach it.
const LISTENING: &str = "127.0.0.1:8200";
const ADDRESS: &str = "https://127.0.0.1:8200";

/// A Vault as long as this is not dropped.
pub struct Vault {
    program: PathBuf,
    cluster: Cluster,
    server: Child,
    root_token: String,
    folder: TempDir,
}

impl Vault {
    /// Starts one with an empty key-value engine at `secret/`, and lets it ask the cluster.
    pub async fn start(cluster: &Cluster) -> Result<Self> {
        let installed = env::var_os(PROGRAM).context("run the tests by `cargo xtask test --with-vault`")?;
        let program = Path::new(&installed).join("vault");
        let folder = tempfile::tempdir()?;
        let root_token = uuid()?;
        let log = File::create(folder.path().join("server.log"))?;
        let mut server = Command::new(&program)
            .args(["server", "-dev", "-dev-tls", "-dev-no-store-token"])
            .arg(format!("-dev-listen-address={LISTENING}"))
            .arg(format!("-dev-tls-cert-dir={}", folder.path().display()))
            .env("VAULT_DEV_ROOT_TOKEN_ID", &root_token)
            // It keeps the token helper's files in the home directory.
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let output = server.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output).lines();
        within(60, "Vault's start", async {
            loop {
                match lines.next_line().await? {
                    // The last it tells once everything is there.
                    Some(line) if line.contains("Development mode should NOT be used") => return Ok(()),
                    Some(_) => {}
                    None => bail!("Vault has ended"),
                }
            }
        })
        .await??;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let vault = Self {
            program,
            cluster: cluster.clone(),
            server,
            root_token,
            folder,
        };
        vault.trust_the_cluster().await?;
        Ok(vault)
    }

    async fn trust_the_cluster(&self) -> Result<()> {
        self.cluster.make_namespace(NAMESPACE).await?;
        let metadata = json!({ "namespace": NAMESPACE, "name": REVIEWER });
        self.cluster
            .apply::<ServiceAccount>(
                json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata }),
            )
            .await?;
        self.cluster
            .apply_global::<ClusterRoleBinding>(json!({
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "ClusterRoleBinding",
                "metadata": { "name": NAMESPACE },
                "roleRef": {
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:auth-delegator",
                },
                "subjects": [{ "kind": "ServiceAccount", "name": REVIEWER, "namespace": NAMESPACE }],
            }))
            .await?;
        let authority = self
            .cluster
            .api::<ConfigMap>("kube-system")
            .get("kube-root-ca.crt")
            .await?;
        let authority = authority
            .data
            .and_then(|mut data| data.remove("ca.crt"))
            .context("the cluster does not tell its authority")?;
        let config = json!({
            "kubernetes_host": self.cluster.url(),
            "kubernetes_ca_cert": authority,
            "token_reviewer_jwt": self.token(NAMESPACE, REVIEWER, None).await?,
        });
        let file = self.private_file("kubernetes.json", &config.to_string())?;
        self.done(&["auth", "enable", "kubernetes"]).await?;
        self.done(&["write", "auth/kubernetes/config", &format!("@{}", file.display())])
            .await
    }

    /// A token of a component's account, as Kubernetes mounts it into a Pod.
    pub async fn token(&self, namespace: &str, account: &str, audience: Option<&str>) -> Result<String> {
        let request = TokenRequest {
            spec: TokenRequestSpec {
                audiences: audience.into_iter().map(ToOwned::to_owned).collect(),
                expiration_seconds: Some(3600),
                ..TokenRequestSpec::default()
            },
            ..TokenRequest::default()
        };
        let api = self.cluster.api::<ServiceAccount>(namespace);
        let given = api
            .create_token_request(account, &PostParams::default(), &request)
            .await
            .with_context(|| format!("no token for {namespace}/{account}"))?;
        Ok(given.status.context("the token is not there")?.token)
    }

    /// Runs a command of Vault's command line as its administrator, or a script that calls that.
    pub async fn run_as_administrator(&self, program: &Path, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(program);
        command.env("VAULT_TOKEN", &self.root_token).args(arguments);
        told(command).await
    }

    async fn done(&self, arguments: &[&str]) -> Result<()> {
        self.run_as_administrator(&self.program, arguments)
            .await
            .map(drop)
    }

    /// Logs in by an account's token; Vault's own token for it.
    pub async fn log_in(&self, role: &str, token: &str) -> Result<String> {
        let file = self.private_file("login.json", &json!({ "role": role, "jwt": token }).to_string())?;
        let mut command = self.command(&self.program);
        command.args([
            "write",
            "-field=token",
            "auth/kubernetes/login",
            &format!("@{}", file.display()),
        ]);
        told(command).await
    }

    /// Reads an object of the engine with one of Vault's tokens.
    pub async fn read(&self, token: &str, path: &str) -> Result<String> {
        let mut command = self.command(&self.program);
        command
            .env("VAULT_TOKEN", token)
            .args(["kv", "get", "-mount=secret", "-format=json", path]);
        told(command).await
    }

    /// Runs the agent until it has written its files, with a Pod's configuration and token. Paths of the Pod are below
    /// `root`.
    pub async fn run_agent(&self, config: &Value, token: &str, root: &Path) -> Result<()> {
        let mut config = config.clone();
        let below = |path: &str| root.join(path.trim_start_matches('/'));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        config["vault"]["address"] = json!(ADDRESS);
        config["vault"]["ca_cert"] = json!(self.authority_file());
        let method = &mut config["auto_auth"]["method"][0]["config"];
        let token_path = below(&text(&method["token_path"]));
        method["token_path"] = json!(token_path);
        fs::create_dir_all(token_path.parent().context("a file has a folder")?)?;
        private_file(&token_path, token)?;
        for pointer in ["/pid_file", "/auto_auth/sink/0/config/path"] {
            let path = config
                .pointer_mut(pointer)
                .with_context(|| format!("the agent has no {pointer}"))?;
            let moved = below(&text(path));
            fs::create_dir_all(moved.parent().context("a file has a folder")?)?;
            *path = json!(moved);
        }
        let templates = config["template"].as_array_mut().context("it writes nothing")?;
        for template in templates {
            template["destination"] = json!(below(&text(&template["destination"])));
            template["contents"] = json!(
                text(&template["contents"])
                    .replace("/vault/custom", &below("/vault/custom").to_string_lossy())
            );
        }
        let file = root.join("config-init.hcl");
        private_file(&file, &config.to_string())?;
        let mut command = self.command(&self.program);
        command.arg("agent").arg(format!("-config={}", file.display()));
        within(60, "the agent", told(command)).await?.map(drop)
    }

    /// Ends it and takes away what it had in the cluster.
    pub async fn stop(mut self) -> Result<()> {
        self.server.kill().await?;
        self.cluster
            .delete_global::<ClusterRoleBinding>(NAMESPACE)
            .await?;
        self.cluster.remove_namespace(NAMESPACE).await
    }

    /// The authority of its certificate, as PEM.
    pub fn authority(&self) -> Result<String> {
        Ok(fs::read_to_string(self.authority_file())?)
    }

    fn authority_file(&self) -> PathBuf {
        self.folder.path().join("vault-ca.pem")
    }

    fn private_file(&self, name: &str, content: &str) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        private_file(&path, content)?;
        Ok(path)
    }

    /// A program that finds this Vault, and its command line by name.
    fn command(&self, program: &Path) -> Command {
        let mut paths: Vec<PathBuf> = self.program.parent().map(Path::to_owned).into_iter().collect();
        paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let mut command = Command::new(program);
        command
            .env("VAULT_ADDR", ADDRESS)
            .env("VAULT_CACERT", self.authority_file())
            .env("HOME", self.folder.path())
            .env("PATH", env::join_paths(paths).unwrap_or_default())
            .env_remove("VAULT_TOKEN")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

async fn told(mut command: Command) -> Result<String> {
    let output = command.output().await.context("it cannot be started")?;
    ensure!(
        output.status.success(),
        "it ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

fn private_file(path: &Path, content: &str) -> Result<()> {
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content.as_bytes())?;
    Ok(())
}

/// A random word, for a token that nobody else knows.
fn uuid() -> Result<String> {
    Ok(fs::read_to_string("/proc/sys/kernel/random/uuid")?
        .trim()
        .to_owned())
}
