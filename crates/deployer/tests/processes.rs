//! The program as a process, against an API server of the test's own: it is interrupted, killed and run again.

mod api_server;
mod kubeconfig;
#[expect(dead_code, reason = "here a command has an end in time, by `World::told`")]
mod place;
mod process;

use api_server::Effect;
use hyper::Method;
use kubernetes_objects::manifest::ObjectKey;
use process::World;
use rollout::object::Object;
use serde_json::{Value, json};

fn contains_auth(steps: &Value) -> bool {
    steps
        .as_array()
        .is_some_and(|steps| steps.contains(&json!("auth")))
}

#[test]
fn the_first_ctrl_c_starts_nothing_more_and_waits_for_the_request_under_way() {
    let world = World::new();
    let server = &world.server;
    server.hold(Method::PATCH, "/deployments/auth", Effect::Later);
    let mut deployment = world.deploy();
    server.wait_until_held();
    deployment.signal("-INT");
    let stopping = deployment.until("rollout_stopping");
    // What else runs at that moment is up to the machine.
    assert!(contains_auth(&stopping["running"]), "{stopping}");
    assert!(deployment.is_running(), "a request was left in the middle");
    server.release();
    let ended = deployment.end();
    ended.assert_interrupted();
    assert_eq!(ended.steps("step_started"), [""; 0]);
    assert!(contains_auth(&ended.steps("step_interrupted").into()));
    // What was asked for is done: the object is there.
    let is_auth = |object: &Object| object.key().kind == "Deployment" && object.name() == "auth";
    assert!(server.cluster.objects().iter().any(is_auth));
    world.deploy_to_the_end();
}

#[test]
fn the_second_ctrl_c_ends_at_once_while_the_request_hangs() {
    for effect in [Effect::Later, Effect::Now] {
        let world = World::new();
        world.server.hold(Method::PATCH, "/deployments/auth", effect);
        let mut deployment = world.deploy();
        world.server.wait_until_held();
        deployment.signal("-INT");
        deployment.until("rollout_stopping");
        assert!(
            deployment.is_running(),
            "the first signal does not leave a request in the middle"
        );
        deployment.signal("-INT");
        // The server has not answered: nothing but the signal ends it.
        let ended = deployment.end();
        ended.assert_interrupted();
        assert!(
            contains_auth(&ended.steps("step_interrupted").into()),
            "{effect:?}"
        );
        assert!(contains_auth(&ended.summary()["not_done"]), "{effect:?}");
        world.server.release();
        let resumed = world.deploy_to_the_end();
        let unchanged = |event: &&Value| event["type"] == "step_done" && event["changed"] == false;
        let unchanged = resumed.events.iter().filter(unchanged).count();
        assert!(unchanged > 0, "what was done stays done");
        world.deploy_to_the_end().assert_changed_nothing();
    }
}

#[test]
fn a_load_balancer_is_waited_for_and_an_ingress_without_a_controller_is_not() {
    let world = World::new();
    let file = world.place.0.path().join("network.yaml");
    let text = std::fs::read_to_string(&file).expect("it is there");
    let text = text.replace("  kind: kind\n", "  kind: generic\n");
    let text = text.replace("ingress: {}\n", "ingress: { className: nobodys }\n");
    let text = text.replace(
        "  identityManager:\n",
        "  gateway: { exposure: { type: loadBalancer } }\n  identityManager:\n",
    );
    std::fs::write(&file, text).expect("it can be written");
    let mut deployment = world.deploy();
    let waits = deployment.until_told("step_progress", |event| event["step"] == "reached");
    assert_eq!(
        waits["reason"],
        "Service quickstart-gateway/gateway-public: its load balancer has no address yet"
    );
    let balancer = ObjectKey {
        api_version: "v1".into(),
        kind: "Service".into(),
        namespace: Some("quickstart-gateway".into()),
        name: "gateway-public".into(),
    };
    world.server.cluster.edit(&balancer, |value| {
        value["status"]["loadBalancer"] = json!({ "ingress": [{ "ip": "192.0.2.10" }] });
    });
    let ended = deployment.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let result = ended.events.last().expect("it tells a result");
    let told = |title: &str| {
        let mut all = result["summary"]["web"].as_array().expect("it is a list").iter();
        all.find(|endpoint| endpoint["title"] == title)
            .map(|endpoint| endpoint["url"].clone())
    };
    assert_eq!(
        told("Gateway Service"),
        Some(json!("http://gateway.quickstart.test"))
    );
    assert_eq!(
        told("Identity Manager"),
        Some(json!("http://identity-manager.quickstart.test/status"))
    );
}

#[test]
fn a_killed_process_is_continued_by_the_same_command() {
    let world = World::new();
    // Its work is done and the answer never comes: the worst moment for a Job that must not run twice.
    world.server.hold(Method::PATCH, "/jobs/subzone", Effect::Now);
    let deployment = world.deploy();
    world.server.wait_until_held();
    deployment.signal("-KILL");
    assert_eq!(deployment.end().code, None);
    world.server.release();
    world.deploy_to_the_end();
    world.deploy_to_the_end().assert_changed_nothing();
}

#[test]
fn pending_changes_are_exit_code_3_and_a_plan_is_refused_once_the_cluster_has_moved() {
    let world = World::new();
    let keys = ["--passphrase-file", "passphrase"];
    let plan = |arguments: &[&str]| {
        let plan = ["plan", "network.yaml", "--detailed-exit-code"];
        world.told(&[&plan[..], &keys, arguments].concat())
    };
    let first = plan(&["--out", "plan.json"]);
    assert!(first.starts_with("exit 3\n"), "{first}");
    assert_eq!(world.server.cluster.writes(), 0, "a plan writes nothing");
    world.deploy_to_the_end();
    let settled = plan(&[]);
    assert!(settled.starts_with("exit 0\n"), "{settled}");
    let writes = world.server.cluster.writes();
    let refused = world.told(&[&["deploy", "--plan", "plan.json"][..], &keys].concat());
    assert!(refused.starts_with("exit 1\n"), "{refused}");
    for words in [
        "is not what would happen now",
        "make a new one with `cordanetes plan`",
    ] {
        assert!(refused.contains(words), "{refused}");
    }
    assert_eq!(world.server.cluster.writes(), writes, "nothing was changed");
}

#[test]
fn a_network_is_looked_at_and_taken_away_without_its_file() {
    let world = World::new();
    world.deploy_to_the_end();
    std::fs::remove_file(world.place.0.path().join("network.yaml")).expect("it is there");
    let well = world.told(&["status", "quickstart"]);
    assert!(well.starts_with("exit 0\n"), "{well}");
    let auth = ObjectKey {
        api_version: "apps/v1".into(),
        kind: "Deployment".into(),
        namespace: Some("quickstart-network".into()),
        name: "auth".into(),
    };
    let cluster = &world.server.cluster;
    cluster.edit(&auth, |value| {
        value["metadata"]["finalizers"] = json!(["example.com/hold"]);
        value["status"]["readyReplicas"] = 0.into();
        value["status"]["availableReplicas"] = 0.into();
    });
    let unwell = world.told(&["status", "quickstart"]);
    assert!(unwell.starts_with("exit 1\n"), "{unwell}");
    assert!(unwell.contains("auth"), "{unwell}");
    let mut destruction = world.start(&["destroy", "quickstart", "--delete-data"]);
    // The reason why it waits names what holds it; then whoever held it lets it go.
    let words = "Deployment quickstart-network/auth is being deleted and waits for example.com/hold";
    destruction.until_told("step_progress", |event| event["reason"] == words);
    cluster.edit(&auth, |value| value["metadata"]["finalizers"] = json!([]));
    let ended = destruction.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let left: Vec<ObjectKey> = cluster.objects().iter().map(Object::key).collect();
    assert!(left.is_empty(), "{left:?}");
}
