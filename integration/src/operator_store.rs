//! An operator's store of secrets, read by the real controller of External Secrets: Secrets of a namespace of the test's
//! own, each an object of the store with its values as keys.

use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::core::v1::{ConfigMap, Secret, ServiceAccount};
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::{
    Api, ResourceExt,
    api::{ApiResource, DynamicObject, GroupVersionKind, Patch, PatchParams},
    runtime::{conditions, wait::await_condition},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::cluster::{Cluster, within};

/// The store as a topology names it.
pub const STORE: &str = "operator";
/// The namespace of its objects, which no network has a part in.
const NAMESPACE: &str = "operator-store";
/// The account that reads them.
const READER: &str = "reader";

/// The store, and the controller as long as this is not dropped.
pub struct OperatorStore {
    cluster: Cluster,
    controller: Child,
    definitions: Vec<String>,
    log: PathBuf,
    _folder: TempDir,
}

impl OperatorStore {
    /// Installs the definitions of External Secrets, starts its controller and waits until it has found the store.
    pub async fn open(cluster: &Cluster) -> Result<Self> {
        let installed =
            env::var_os("CORDANETES_EXTERNAL_SECRETS").context("run the tests by `cargo xtask test`")?;
        let installed = Path::new(&installed);
        let definitions = install(cluster, &installed.join("definitions")).await?;
        // One that a test has left when it failed would have everything already.
        cluster.remove_namespace(NAMESPACE).await?;
        cluster.make_namespace(NAMESPACE).await?;
        allow_reading(cluster).await?;
        let folder = tempfile::tempdir()?;
        let log = folder.path().join("controller.log");
        let mut store = Self {
            cluster: cluster.clone(),
            controller: start(&installed.join("external-secrets"), &log)?,
            definitions,
            log,
            _folder: folder,
        };
        let declared = store.declare().await;
        declared.with_context(|| store.told())?;
        Ok(store)
    }

    /// The store itself, which the controller says it can reach.
    async fn declare(&mut self) -> Result<()> {
        // Where the API server is for whoever runs outside of the cluster, as this test and the controller do.
        let account = json!({ "name": READER, "namespace": NAMESPACE });
        let store = json!({
            "apiVersion": "external-secrets.io/v1",
            "kind": "ClusterSecretStore",
            "metadata": { "name": STORE },
            "spec": { "provider": { "kubernetes": {
                "remoteNamespace": NAMESPACE,
                "server": {
                    "url": self.cluster.url(),
                    "caProvider": {
                        "type": "ConfigMap", "name": "kube-root-ca.crt", "key": "ca.crt", "namespace": NAMESPACE,
                    },
                },
                "auth": { "serviceAccount": account },
            } } },
        });
        let kind = GroupVersionKind::gvk("external-secrets.io", "v1", "ClusterSecretStore");
        let api: Api<DynamicObject> =
            Api::all_with(self.cluster.client().clone(), &ApiResource::from_gvk(&kind));
        api.patch(
            STORE,
            &PatchParams::apply("integration-test").force(),
            &Patch::Apply(store),
        )
        .await?;
        let ready = await_condition(api, STORE, |store: Option<&DynamicObject>| {
            let told = store.and_then(|store| store.data["status"]["conditions"].as_array());
            told.into_iter()
                .flatten()
                .any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
        });
        tokio::select! {
            ready = within(60, "the controller to reach the store", ready) => { ready??; }
            ended = self.controller.wait() => bail!("the controller ended with {}", ended?),
        }
        Ok(())
    }

    /// The end of what the controller has told so far, for a failed test's report.
    pub fn told(&self) -> String {
        const LINES: usize = 20;
        let log = fs::read_to_string(&self.log).unwrap_or_else(|error| error.to_string());
        let lines: Vec<&str> = log.lines().collect();
        let end = &lines[lines.len().saturating_sub(LINES)..];
        format!("the controller has told:\n{}", end.join("\n"))
    }

    /// Loads the objects that `certificates deliver` has written into a folder, but for those whose names begin with
    /// `held_back`; returns the names of these.
    pub async fn load(&self, folder: &Path, held_back: Option<&str>) -> Result<Vec<String>> {
        let index = fs::read_to_string(folder.join("index.csv"))?;
        let mut missing = Vec::new();
        for line in index.lines().skip(1) {
            let (name, file) = line.split_once(',').context("a line has a name and a file")?;
            if held_back.is_some_and(|beginning| name.starts_with(beginning)) {
                missing.push(name.to_owned());
                continue;
            }
            let values: BTreeMap<String, String> = serde_json::from_slice(&fs::read(folder.join(file))?)?;
            self.cluster
                .apply::<Secret>(json!({
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": { "namespace": NAMESPACE, "name": name },
                    "stringData": values,
                }))
                .await?;
        }
        ensure!(index.lines().count() > 1, "{} lists nothing", folder.display());
        Ok(missing)
    }

    /// Ends the controller and takes everything away that was installed.
    pub async fn close(mut self) -> Result<()> {
        self.controller.kill().await?;
        for name in &self.definitions {
            self.cluster
                .delete_global::<CustomResourceDefinition>(name)
                .await?;
        }
        self.cluster.remove_namespace(NAMESPACE).await
    }
}

/// Applies the definitions and waits until the API server serves them.
async fn install(cluster: &Cluster, folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let text = fs::read_to_string(entry?.path())?;
        let definition: Value = serde_saphyr::from_str(&text)?;
        let name = definition["metadata"]["name"]
            .as_str()
            .context("it has a name")?
            .to_owned();
        cluster
            .apply_global::<CustomResourceDefinition>(definition)
            .await?;
        names.push(name);
    }
    let api: Api<CustomResourceDefinition> = Api::all(cluster.client().clone());
    for name in &names {
        let established = await_condition(api.clone(), name, conditions::is_crd_established());
        within(60, &format!("{name} to be established"), established).await??;
    }
    Ok(names)
}

/// The account of the store reads Secrets of its namespace, and nothing else.
async fn allow_reading(cluster: &Cluster) -> Result<()> {
    let metadata = json!({ "namespace": NAMESPACE, "name": READER });
    cluster
        .apply::<ServiceAccount>(
            json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata }),
        )
        .await?;
    cluster
        .apply::<Role>(json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "Role",
            "metadata": metadata,
            "rules": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list", "watch"] }],
        }))
        .await?;
    cluster
        .apply::<RoleBinding>(json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": READER },
            "subjects": [{ "kind": "ServiceAccount", "name": READER, "namespace": NAMESPACE }],
        }))
        .await?;
    let api: Api<ConfigMap> = cluster.api(NAMESPACE);
    let known = await_condition(api, "kube-root-ca.crt", |map: Option<&ConfigMap>| {
        map.is_some_and(|map| map.name_any() == "kube-root-ca.crt")
    });
    within(60, "the namespace to know the cluster's authority", known).await??;
    Ok(())
}

/// The controller finds the cluster by the kubeconfig of this test.
fn start(program: &Path, log: &Path) -> Result<Child> {
    let told = File::create(log)?;
    Command::new(program)
        .args([
            "--metrics-addr=127.0.0.1:0",
            "--enable-push-secret-reconciler=false",
            "--enable-cluster-push-secret-reconciler=false",
            "--enable-cluster-external-secret-reconciler=false",
        ])
        .stdin(Stdio::null())
        .stdout(told.try_clone()?)
        .stderr(told)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))
}
