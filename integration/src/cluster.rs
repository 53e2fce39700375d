//! The cluster as the tests see it.

use std::{fmt::Write as _, time::Duration};

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Bytes};
use hyper_util::rt::TokioIo;
use k8s_openapi::{
    Metadata, NamespaceResourceScope,
    api::core::v1::{ConfigMap, Namespace, PersistentVolumeClaim, Pod, Secret, Service},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use kube::{
    Api, Client, Config, ResourceExt,
    api::{AttachParams, DeleteParams, ListParams, LogParams, Patch, PatchParams},
    config::{KubeConfigOptions, Kubeconfig},
    runtime::wait::{await_condition, conditions},
};
use serde::de::DeserializeOwned;
use tokio::io::AsyncReadExt;

/// The only context that the tests touch.
const CONTEXT: &str = "kind-cordanetes";

/// A connection to the development cluster.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
    url: String,
}

/// How a command in a Pod ended.
#[derive(Debug)]
pub struct Ended {
    /// Whether with code 0.
    pub success: bool,
    /// What it printed.
    pub stdout: String,
}

impl Cluster {
    /// Connects; refuses every context but the development cluster's.
    pub async fn connect() -> Result<Self> {
        let kubeconfig = Kubeconfig::read().context("no kubeconfig: run the tests by `cargo xtask test`")?;
        let options = KubeConfigOptions {
            context: Some(CONTEXT.into()),
            ..KubeConfigOptions::default()
        };
        let config = Config::from_custom_kubeconfig(kubeconfig, &options)
            .await
            .with_context(|| {
                format!("the kubeconfig has no context {CONTEXT}: run the tests by `cargo xtask test`")
            })?;
        Ok(Self {
            url: config.cluster_url.to_string(),
            client: Client::try_from(config)?,
        })
    }

    /// Where the API server is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn api<K>(&self, namespace: &str) -> Api<K>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), namespace)
    }

    /// Applies an object of a namespace, given as JSON.
    pub async fn apply<K>(&self, object: serde_json::Value) -> Result<()>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()> + Metadata<Ty = ObjectMeta>,
        K: Clone + std::fmt::Debug + DeserializeOwned,
    {
        let name = object["metadata"]["name"]
            .as_str()
            .context("the object has no name")?
            .to_owned();
        let namespace = object["metadata"]["namespace"]
            .as_str()
            .context("it has no namespace")?
            .to_owned();
        self.api::<K>(&namespace)
            .patch(
                &name,
                &PatchParams::apply("integration-test").force(),
                &Patch::Apply(object),
            )
            .await
            .with_context(|| format!("{namespace}/{name} is not accepted"))?;
        Ok(())
    }

    /// Applies an object of no namespace, given as JSON.
    pub async fn apply_global<K>(&self, object: serde_json::Value) -> Result<()>
    where
        K: kube::Resource<DynamicType = ()> + Clone + std::fmt::Debug + DeserializeOwned,
    {
        let name = object["metadata"]["name"]
            .as_str()
            .context("the object has no name")?
            .to_owned();
        Api::<K>::all(self.client.clone())
            .patch(
                &name,
                &PatchParams::apply("integration-test").force(),
                &Patch::Apply(object),
            )
            .await
            .with_context(|| format!("{name} is not accepted"))?;
        Ok(())
    }

    /// Deletes an object of no namespace, if it is there.
    pub async fn delete_global<K>(&self, name: &str) -> Result<()>
    where
        K: kube::Resource<DynamicType = ()> + Clone + std::fmt::Debug + DeserializeOwned,
    {
        match Api::<K>::all(self.client.clone())
            .delete(name, &DeleteParams::default())
            .await
        {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
            Err(error) => Err(error).with_context(|| format!("{name} cannot be deleted")),
        }
    }

    /// Deletes an object of a namespace, if it is there.
    pub async fn delete<K>(&self, namespace: &str, name: &str) -> Result<()>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
        K: Clone + std::fmt::Debug + DeserializeOwned,
    {
        match self
            .api::<K>(namespace)
            .delete(name, &DeleteParams::default().grace_period(0))
            .await
        {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
            Err(error) => Err(error).with_context(|| format!("{namespace}/{name} cannot be deleted")),
        }
    }

    /// Makes a namespace of the test's own, without policies.
    pub async fn make_namespace(&self, name: &str) -> Result<()> {
        self.apply_global::<Namespace>(serde_json::json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name }
        }))
        .await
    }

    /// Removes a namespace of the test's own and waits until it is gone.
    pub async fn remove_namespace(&self, name: &str) -> Result<()> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let Some(found) = api.get_opt(name).await? else {
            return Ok(());
        };
        let uid = found.uid().context("a namespace has a uid")?;
        api.delete(name, &DeleteParams::default()).await?;
        within(
            180,
            "the namespace to go",
            await_condition(api, name, conditions::is_deleted(&uid)),
        )
        .await??;
        Ok(())
    }

    /// Names of the namespaces that begin with a prefix.
    pub async fn namespaces(&self, prefix: &str) -> Result<Vec<String>> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let all = api.list(&ListParams::default()).await?;
        Ok(all
            .items
            .iter()
            .map(ResourceExt::name_any)
            .filter(|name| name.starts_with(prefix))
            .collect())
    }

    /// Starts a Pod and waits until its container runs.
    pub async fn run_pod(&self, pod: serde_json::Value) -> Result<()> {
        let name = pod["metadata"]["name"]
            .as_str()
            .context("the Pod has no name")?
            .to_owned();
        let namespace = pod["metadata"]["namespace"]
            .as_str()
            .context("it has no namespace")?
            .to_owned();
        self.apply::<Pod>(pod).await?;
        let running = Box::pin(await_condition(
            self.api::<Pod>(&namespace),
            &name,
            conditions::is_pod_running(),
        ));
        within(120, &format!("Pod {namespace}/{name} to run"), running).await??;
        Ok(())
    }

    /// All objects of a kind, of whatever namespace.
    pub async fn everywhere<K>(&self) -> Result<Vec<K>>
    where
        K: kube::Resource<DynamicType = ()> + Clone + std::fmt::Debug + DeserializeOwned,
    {
        let all = Api::<K>::all(self.client.clone());
        Ok(all.list(&ListParams::default()).await?.items)
    }

    /// The Pods of a namespace with a label.
    pub async fn pods(&self, namespace: &str, labels: &str) -> Result<Vec<Pod>> {
        Ok(self
            .api::<Pod>(namespace)
            .list(&ListParams::default().labels(labels))
            .await?
            .items)
    }

    /// The address of the one Pod with a label that runs.
    pub async fn pod_ip(&self, namespace: &str, labels: &str) -> Result<String> {
        let pods = self.pods(namespace, labels).await?;
        let running =
            |pod: &&Pod| pod.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Running");
        pods.iter()
            .find(running)
            .and_then(|pod| pod.status.as_ref()?.pod_ip.clone())
            .with_context(|| format!("no Pod with {labels} runs in {namespace}"))
    }

    /// The cluster address of a Service.
    pub async fn service_ip(&self, namespace: &str, name: &str) -> Result<String> {
        let service = self.api::<Service>(namespace).get(name).await?;
        service
            .spec
            .and_then(|spec| spec.cluster_ip)
            .with_context(|| format!("Service {namespace}/{name} has no cluster address"))
    }

    /// A value of a Secret, as text.
    pub async fn secret(&self, namespace: &str, name: &str, key: &str) -> Result<String> {
        let secret = self.api::<Secret>(namespace).get(name).await?;
        let value = secret.data.and_then(|mut data| data.remove(key));
        let bytes = value
            .with_context(|| format!("Secret {namespace}/{name} has no {key}"))?
            .0;
        Ok(String::from_utf8(bytes)?)
    }

    /// What is left in a namespace of the kinds that keep data, as `Kind/name`.
    pub async fn kept(&self, namespace: &str) -> Result<Vec<String>> {
        let every = ListParams::default();
        let claims = self.api::<PersistentVolumeClaim>(namespace).list(&every).await?;
        let secrets = self.api::<Secret>(namespace).list(&every).await?;
        let config_maps = self.api::<ConfigMap>(namespace).list(&every).await?;
        let mut kept: Vec<String> = claims
            .iter()
            .map(|claim| format!("PersistentVolumeClaim/{}", claim.name_any()))
            .collect();
        kept.extend(
            secrets
                .iter()
                .map(|secret| format!("Secret/{}", secret.name_any())),
        );
        // Kubernetes itself puts this one into every namespace.
        let own = config_maps
            .iter()
            .filter(|map| map.name_any() != "kube-root-ca.crt");
        kept.extend(own.map(|map| format!("ConfigMap/{}", map.name_any())));
        Ok(kept)
    }

    /// The log of a Job's Pods.
    pub async fn job_log(&self, namespace: &str, job: &str) -> Result<String> {
        let mut log = String::new();
        for pod in self
            .pods(namespace, &format!("batch.kubernetes.io/job-name={job}"))
            .await?
        {
            log += &self
                .api::<Pod>(namespace)
                .logs(&pod.name_any(), &LogParams::default())
                .await?;
        }
        Ok(log)
    }

    /// Runs a command in the first container of a Pod.
    pub async fn exec(&self, namespace: &str, pod: &str, command: &[&str]) -> Result<Ended> {
        let parameters = AttachParams::default().stdout(true).stderr(true);
        let mut attached = self
            .api::<Pod>(namespace)
            .exec(pod, command.iter().copied(), &parameters)
            .await
            .with_context(|| format!("no command can be run in {namespace}/{pod}"))?;
        let mut stdout = String::new();
        let mut output = attached.stdout().context("no standard output")?;
        let status = attached.take_status().context("no status")?;
        within(60, "a command in a Pod", output.read_to_string(&mut stdout)).await??;
        let status = status.await.context("the command ended without a status")?;
        Ok(Ended {
            success: status.status.as_deref() == Some("Success"),
            stdout,
        })
    }

    /// `GET path` on a port of a Pod, through a port-forward: status and body.
    pub async fn http_get(
        &self,
        namespace: &str,
        labels: &str,
        port: u16,
        path: &str,
    ) -> Result<(u16, Vec<u8>)> {
        let pods = self.pods(namespace, labels).await?;
        let pod = pods
            .first()
            .with_context(|| format!("no Pod with {labels} in {namespace}"))?
            .name_any();
        let mut forward = self.api::<Pod>(namespace).portforward(&pod, &[port]).await?;
        let stream = forward.take_stream(port).context("no stream")?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let driver = tokio::spawn(connection);
        let request = Request::get(path)
            .header("Host", "127.0.0.1")
            .body(Empty::<Bytes>::new())?;
        let response = within(30, "an HTTP answer", sender.send_request(request)).await??;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        drop(sender);
        driver.abort();
        Ok((status, body.to_vec()))
    }

    /// Every object of a network with its uid and generation: what a run that changes nothing leaves as it was.
    pub async fn fingerprint(&self, network: &str) -> Result<Vec<String>> {
        use k8s_openapi::api::{
            apps::v1::{Deployment, StatefulSet},
            batch::v1::Job,
            networking::v1::{Ingress, NetworkPolicy},
        };
        let selector = format!("cordanetes.dev/network={network}");
        let mut all = Vec::new();
        all.extend(self.versions::<Deployment>(&selector).await?);
        all.extend(self.versions::<StatefulSet>(&selector).await?);
        all.extend(self.versions::<Job>(&selector).await?);
        all.extend(self.versions::<NetworkPolicy>(&selector).await?);
        all.extend(self.versions::<Ingress>(&selector).await?);
        all.extend(self.versions::<Service>(&selector).await?);
        all.extend(self.versions::<Secret>(&selector).await?);
        all.extend(self.versions::<ConfigMap>(&selector).await?);
        all.extend(self.versions::<PersistentVolumeClaim>(&selector).await?);
        all.extend(self.versions::<Pod>(&selector).await?);
        all.sort();
        ensure!(!all.is_empty(), "no object belongs to {network}");
        Ok(all)
    }

    async fn versions<K>(&self, selector: &str) -> Result<Vec<String>>
    where
        K: kube::Resource<DynamicType = ()> + Clone + std::fmt::Debug + DeserializeOwned,
    {
        let api: Api<K> = Api::all(self.client.clone());
        let list = api.list(&ListParams::default().labels(selector)).await?;
        let line = |object: &K| {
            let meta = object.meta();
            format!(
                "{} {}/{} {} {}",
                K::kind(&()),
                meta.namespace.as_deref().unwrap_or_default(),
                object.name_any(),
                meta.uid.as_deref().unwrap_or_default(),
                meta.generation.unwrap_or_default()
            )
        };
        Ok(list.items.iter().map(line).collect())
    }

    /// The state of every Pod of the namespaces that begin with a prefix, for a failed test's report.
    pub async fn describe(&self, prefix: &str) -> Result<String> {
        let api: Api<Pod> = Api::all(self.client.clone());
        let mut text = String::new();
        for pod in api.list(&ListParams::default()).await? {
            let namespace = pod.namespace().unwrap_or_default();
            if namespace.starts_with(prefix) {
                let phase = pod
                    .status
                    .as_ref()
                    .and_then(|status| status.phase.clone())
                    .unwrap_or_default();
                writeln!(text, "{namespace}/{} {phase}", pod.name_any())?;
            }
        }
        Ok(text)
    }
}

/// Waits for something, no longer than so many seconds.
pub async fn within<T>(seconds: u64, what: &str, waited: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(Duration::from_secs(seconds), waited)
        .await
        .with_context(|| format!("{what} took more than {seconds} s"))
}
