//! What only a real API server can prove: defaulting and dry runs, field owners, immutable fields, adoption, the
//! Lease, removal. Nothing in it needs an image. `cargo xtask test` runs it; alone, on the development cluster:
//!
//! ```text
//! cargo xtask enter cargo test --offline --package rollout --test live -- --ignored
//! ```

mod common;

use std::sync::Arc;

use common::{key, manifest, namespace, rollout, step};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{Api, Patch, PatchParams, PostParams};
use kube::config::KubeConfigOptions;
use kubernetes_objects::manifest::Manifest;
use rollout::cluster::Cluster as _;
use rollout::cluster::kube::{ConnectOptions, KubeCluster};
use rollout::event::{Outcome, Summary};
use rollout::plan::{Action, Plan, plan};
use rollout::{Cancellation, Choices, DestroyOptions, Options, Rollout, RolloutError, destroy, roll_out};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

/// The only cluster that this touches.
const CONTEXT: &str = "kind-cordanetes";
const NETWORK: &str = "live";
const HOME: &str = "live-net";

struct World {
    cluster: Arc<KubeCluster>,
    /// Somebody else with the same rights.
    other: kube::Client,
}

impl World {
    async fn new() -> Self {
        let _installed = rustls_provider();
        let options = ConnectOptions {
            context: Some(CONTEXT.to_owned()),
            ..ConnectOptions::default()
        };
        let choice = KubeConfigOptions {
            context: Some(CONTEXT.to_owned()),
            ..KubeConfigOptions::default()
        };
        let config = kube::Config::from_kubeconfig(&choice).await;
        Self {
            cluster: Arc::new(KubeCluster::connect(&options).await.expect("a kubeconfig")),
            other: kube::Client::try_from(config.expect("a kubeconfig")).expect("a client"),
        }
    }

    fn maps(&self) -> Api<ConfigMap> {
        Api::namespaced(self.other.clone(), HOME)
    }

    async fn plan(&self, rollout: &Rollout, choices: Choices) -> Plan {
        let options = Options {
            choices,
            ..Options::default()
        };
        let made = plan(self.cluster.clone(), rollout, &options).await;
        made.expect("it can be planned").plan
    }

    async fn roll_out(&self, rollout: Rollout, choices: Choices) -> Result<Summary, RolloutError> {
        let (events, _told) = unbounded_channel();
        let options = Options {
            choices,
            holder: "the live test".to_owned(),
            ..Options::default()
        };
        roll_out(
            self.cluster.clone(),
            rollout,
            options,
            Cancellation::default(),
            events,
        )
        .await
    }

    async fn clear(&self) {
        let (events, _told) = unbounded_channel();
        let options = DestroyOptions {
            delete_data: true,
            ..DestroyOptions::default()
        };
        match destroy(
            self.cluster.clone(),
            NETWORK,
            options,
            Cancellation::default(),
            events,
        )
        .await
        {
            Ok(summary) => assert_eq!(summary.outcome, Outcome::Done, "{:?}", summary.failed),
            Err(RolloutError::NoNetwork { .. }) => {}
            Err(error) => assert_eq!(error.to_string(), "", "it can be taken away"),
        }
    }
}

fn rustls_provider() -> bool {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_ok()
}

/// A network without Pods: what matters here is what the API server says.
fn network(change: impl FnOnce(&mut Vec<Manifest>)) -> Rollout {
    let map = manifest(
        &key("v1", "ConfigMap", HOME, "settings"),
        &json!({ "data": { "a": "1" } }),
    );
    let secret = manifest(
        &key("v1", "Secret", HOME, "keys"),
        &json!({ "stringData": { "store": "secret-one" } }),
    );
    let service = manifest(
        &key("v1", "Service", HOME, "web"),
        &json!({ "spec": { "selector": { "app": "web" }, "ports": [{ "name": "http", "port": 80 }] } }),
    );
    let template = json!({
        "metadata": { "labels": { "app": "web" } },
        "spec": { "containers": [{ "name": "main", "image": "example" }] },
    });
    let set = manifest(
        &key("apps/v1", "StatefulSet", HOME, "web"),
        &json!({ "spec": {
            "replicas": 0, "serviceName": "web", "selector": { "matchLabels": { "app": "web" } }, "template": template,
        }}),
    );
    let claim = manifest(
        &key("v1", "PersistentVolumeClaim", HOME, "ledger"),
        &json!({ "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Mi" } } } }),
    );
    let mut objects = vec![map, secret, service, set, claim];
    change(&mut objects);
    let names: Vec<Manifest> = vec![namespace(HOME)];
    let mut network = rollout(
        vec![step("home", names, vec![]), step("web", objects, vec![])],
        &[("home", "web")],
    );
    network.network = NETWORK.into();
    network
}

fn edited(objects: &mut [Manifest], kind: &str, edit: impl FnOnce(&mut Value)) {
    let object = objects
        .iter_mut()
        .find(|object| object.key().kind == kind)
        .expect("it is there");
    let mut value = object.value().clone();
    edit(&mut value);
    *object = value.into();
}

fn told(plan: &Plan) -> Vec<String> {
    plan.objects()
        .filter(|(_, object)| object.action != Action::Unchanged)
        .map(|(_, object)| {
            let changes: Vec<String> = object.changes.iter().map(|change| change.path.clone()).collect();
            format!("{:?} {} {}", object.action, object.key, changes.join(" "))
                .trim()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
#[ignore = "needs the development cluster"]
async fn the_api_server_s_own_rules() {
    let world = World::new().await;
    world.clear().await;
    a_first_rollout(&world).await;
    changes_by_dry_run(&world).await;
    conflicts(&world).await;
    immutable_fields(&world).await;
    adoption(&world).await;
    the_lease(&world).await;
    removal(&world).await;
    world.clear().await;
    let namespaces: Api<Namespace> = Api::all(world.other.clone());
    assert!(namespaces.get_opt(HOME).await.expect("it answers").is_none());
}

/// Objects of namespaces that do not exist are planned as new, and nothing is made by that.
async fn a_first_rollout(world: &World) {
    let plan = world.plan(&network(|_| ()), Choices::default()).await;
    assert_eq!((plan.count(Action::Create), plan.blocked().count()), (6, 0));
    let namespaces: Api<Namespace> = Api::all(world.other.clone());
    assert!(namespaces.get_opt(HOME).await.expect("it answers").is_none());
    let summary = world.roll_out(network(|_| ()), Choices::default()).await;
    let summary = summary.expect("it begins");
    assert_eq!((summary.outcome, summary.objects.created), (Outcome::Done, 6));
    // What the server has added by itself is no difference, even where every object is compared.
    let whole = Choices {
        repair: true,
        ..Choices::default()
    };
    let before = world.cluster.requests();
    assert_eq!(
        told(&world.plan(&network(|_| ()), Choices::default()).await),
        [] as [&str; 0]
    );
    let quick = world.cluster.requests() - before;
    assert_eq!(told(&world.plan(&network(|_| ()), whole).await), [] as [&str; 0]);
    let all = world.cluster.requests() - before - quick;
    assert_eq!(all - quick, 6, "a dry run for each object");
}

async fn changes_by_dry_run(world: &World) {
    let wanted = || {
        network(|objects| {
            edited(objects, "ConfigMap", |map| map["data"] = json!({ "b": "2" }));
            edited(objects, "Secret", |secret| {
                secret["stringData"]["store"] = "secret-two".into();
            });
            edited(objects, "Service", |service| {
                service["spec"]["ports"] = json!([{ "name": "http", "port": 8080 }]);
            });
        })
    };
    let plan = world.plan(&wanted(), Choices::default()).await;
    assert_eq!(
        told(&plan),
        [
            "Change ConfigMap live-net/settings .data.a .data.b",
            "Change Secret live-net/keys .data.store",
            // The target port follows by the server's own defaulting.
            "Change Service live-net/web .spec.ports[http].port .spec.ports[http].targetPort",
        ]
    );
    let text = serde_json::to_string(&plan).expect("it is JSON");
    assert!(
        !text.contains("secret-two") && !text.contains("c2VjcmV0LXR3bw"),
        "{text}"
    );
    let summary = world
        .roll_out(wanted(), Choices::default())
        .await
        .expect("it begins");
    assert_eq!((summary.outcome, summary.objects.configured), (Outcome::Done, 3));
    let summary = world.roll_out(network(|_| ()), Choices::default()).await;
    assert_eq!(summary.expect("it begins").objects.configured, 3);
}

async fn conflicts(world: &World) {
    let theirs = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "settings" }, "data": { "a": "theirs" } });
    let force = PatchParams::apply("somebody").force();
    let taken = world
        .maps()
        .patch("settings", &force, &Patch::Apply(&theirs))
        .await;
    taken.expect("they may");
    // Nothing of ours has changed, so nothing is written; who looks sees it.
    let whole = Choices {
        repair: true,
        ..Choices::default()
    };
    assert_eq!(
        told(&world.plan(&network(|_| ()), Choices::default()).await),
        [] as [&str; 0]
    );
    let plan = world.plan(&network(|_| ()), whole.clone()).await;
    assert_eq!(told(&plan), ["Change ConfigMap live-net/settings .data.a"]);
    let wanted = || network(|objects| edited(objects, "ConfigMap", |map| map["data"]["a"] = "ours".into()));
    let error = world
        .roll_out(wanted(), Choices::default())
        .await
        .expect_err("it is refused");
    let text = error.to_string();
    assert!(
        text.contains("field .data.a belongs to `somebody`")
            && text.contains("--take-ownership ConfigMap/live-net/settings"),
        "{text}"
    );
    let choices = Choices {
        take_ownership: vec!["ConfigMap/live-net/settings".parse().expect("a name")],
        ..Choices::default()
    };
    let summary = world.roll_out(wanted(), choices).await.expect("it begins");
    assert_eq!(summary.objects.configured, 1);
    let now = world.maps().get("settings").await.expect("it is there");
    assert_eq!(now.data.expect("it has data")["a"], "ours");
    // Put back on request, from whoever set it.
    world
        .maps()
        .patch("settings", &force, &Patch::Apply(&theirs))
        .await
        .expect("they may");
    let summary = world.roll_out(wanted(), whole).await.expect("it begins");
    assert_eq!(summary.objects.configured, 1);
    let now = world.maps().get("settings").await.expect("it is there");
    assert_eq!(now.data.expect("it has data")["a"], "ours");
    world
        .roll_out(network(|_| ()), Choices::default())
        .await
        .expect("it begins");
}

async fn immutable_fields(world: &World) {
    let wanted = || {
        network(|objects| {
            edited(objects, "StatefulSet", |set| {
                set["spec"]["serviceName"] = "other".into();
            });
            edited(objects, "Service", |service| {
                service["spec"]["clusterIP"] = "None".into();
            });
            edited(objects, "PersistentVolumeClaim", |claim| {
                claim["spec"]["accessModes"] = json!(["ReadWriteMany"]);
            });
        })
    };
    let plan = world.plan(&wanted(), Choices::default()).await;
    let forced: Vec<String> = plan
        .objects()
        .filter(|(_, object)| object.action == Action::Recreate)
        .map(|(_, object)| format!("{} {}", object.key, object.forced_by.join(" ")))
        .collect();
    assert_eq!(
        forced,
        [
            "Service live-net/web .spec.clusterIP",
            "StatefulSet live-net/web .spec.serviceName",
            "PersistentVolumeClaim live-net/ledger .spec.accessModes[0]",
        ]
    );
    assert_eq!(plan.blocked().count(), 3);
    let error = world
        .roll_out(wanted(), Choices::default())
        .await
        .expect_err("it is refused");
    assert!(error.to_string().contains("all data on it"), "{error}");
    let names = [
        "Service/live-net/web",
        "StatefulSet/live-net/web",
        "PersistentVolumeClaim/live-net/ledger",
    ];
    let choices = Choices {
        recreate: names.map(|name| name.parse().expect("a name")).to_vec(),
        ..Choices::default()
    };
    let summary = world
        .roll_out(wanted(), choices.clone())
        .await
        .expect("it begins");
    assert_eq!(
        (summary.outcome, summary.objects.recreated),
        (Outcome::Done, 3),
        "{:?}",
        summary.failed
    );
    assert_eq!(
        told(&world.plan(&wanted(), Choices::default()).await),
        [] as [&str; 0]
    );
    let summary = world.roll_out(network(|_| ()), choices).await.expect("it begins");
    // A Service may stay without an address when none is asked for any more.
    assert_eq!(
        (summary.outcome, summary.objects.recreated),
        (Outcome::Done, 2),
        "{:?}",
        summary.failed
    );
}

async fn adoption(world: &World) {
    let theirs: ConfigMap = serde_json::from_value(json!({
        "metadata": { "name": "found", "labels": { "app.kubernetes.io/managed-by": "helm" } }, "data": { "a": "0", "b": "0" },
    }))
    .expect("a ConfigMap");
    world
        .maps()
        .create(&PostParams::default(), &theirs)
        .await
        .expect("they may");
    let wanted = || {
        network(|objects| {
            let found = manifest(
                &key("v1", "ConfigMap", HOME, "found"),
                &json!({ "data": { "a": "1" } }),
            );
            objects.push(found);
        })
    };
    let error = world
        .roll_out(wanted(), Choices::default())
        .await
        .expect_err("it is refused");
    assert!(
        error
            .to_string()
            .contains("it exists already and is managed by `helm`"),
        "{error}"
    );
    let choices = Choices {
        adopt: true,
        ..Choices::default()
    };
    let summary = world.roll_out(wanted(), choices).await.expect("it begins");
    assert_eq!((summary.outcome, summary.objects.configured), (Outcome::Done, 1));
    let now = world.maps().get("found").await.expect("it is there");
    let data = now.data.expect("it has data");
    // What the topology does not say stays as it was.
    assert_eq!((data["a"].as_str(), data["b"].as_str()), ("1", "0"));
}

async fn the_lease(world: &World) {
    let key = key(
        "coordination.k8s.io/v1",
        "Lease",
        "live-rollout",
        "cordanetes-run",
    );
    let lease = world
        .cluster
        .get(&key)
        .await
        .expect("it answers")
        .expect("it is there");
    assert_eq!(lease.value()["spec"]["holderIdentity"], "", "it was given back");
    // A run that was killed: it holds the Lease and is not heard of.
    let mut held = lease.value().clone();
    held["spec"]["holderIdentity"] = "somebody@elsewhere #1".into();
    let held = world.cluster.replace(&held).await.expect("it may");
    let stale = world.cluster.replace(lease.value()).await;
    assert!(
        matches!(stale, Err(rollout::cluster::ClusterError::Overtaken { .. })),
        "{stale:?}"
    );
    // While it is heard of, a second one is refused.
    let alive = async {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let mut renewed = held.value().clone();
        renewed["spec"]["renewTime"] = "2026-01-01T00:00:00.000000Z".into();
        world.cluster.replace(&renewed).await.expect("it may");
    };
    let (refused, ()) = tokio::join!(world.roll_out(network(|_| ()), Choices::default()), alive);
    let error = refused.expect_err("it is refused");
    assert!(
        error
            .to_string()
            .starts_with("network `live` is being changed by somebody@elsewhere since"),
        "{error}"
    );
    // Once it is silent, the network is taken over.
    let began = std::time::Instant::now();
    let summary = world
        .roll_out(network(|_| ()), Choices::default())
        .await
        .expect("it begins");
    assert_eq!(summary.outcome, Outcome::Done);
    let took = began.elapsed().as_secs();
    assert!((9..60).contains(&took), "{took} s");
}

async fn removal(world: &World) {
    let smaller = || network(|objects| objects.retain(|object| object.key().kind == "ConfigMap"));
    let plan = world.plan(&smaller(), Choices::default()).await;
    assert_eq!(
        told(&plan),
        [
            "Delete StatefulSet live-net/web",
            "Delete Service live-net/web",
            "Keep PersistentVolumeClaim live-net/ledger",
            "Keep Secret live-net/keys",
        ]
    );
    let summary = world
        .roll_out(smaller(), Choices::default())
        .await
        .expect("it begins");
    assert_eq!((summary.outcome, summary.objects.deleted), (Outcome::Done, 2));
    let choices = Choices {
        prune_data: vec!["ledger".to_owned()],
        ..Choices::default()
    };
    let summary = world.roll_out(smaller(), choices).await.expect("it begins");
    assert_eq!((summary.outcome, summary.objects.deleted), (Outcome::Done, 1));
    let plan = world.plan(&smaller(), Choices::default()).await;
    assert_eq!(told(&plan), ["Keep Secret live-net/keys"]);
}
