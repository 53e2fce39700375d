//! What a rollout says that it would do, and that it does just that.

mod common;

use std::sync::Arc;

use common::{cluster, deployment, key, manifest, namespace, network, rollout, run, server, step, workload};
use kubernetes_objects::manifest::ObjectKey;
use kubernetes_objects::step::Gate;
use rollout::cluster::FieldOwner;
use rollout::cluster::simulated::SimulatedCluster;
use rollout::event::{Outcome, Summary};
use rollout::plan::{Action, Plan, PlanFile, plan};
use rollout::{Cancellation, Choices, Options, Rollout, RolloutError, labels, roll_out};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

fn with(choices: Choices) -> Options {
    Options {
        choices,
        ..Options::default()
    }
}

async fn planned(cluster: &SimulatedCluster, rollout: &Rollout, choices: Choices) -> PlanFile {
    plan(Arc::new(cluster.clone()), rollout, &with(choices))
        .await
        .expect("it can be planned")
}

async fn carried_out(
    cluster: &SimulatedCluster,
    rollout: Rollout,
    options: Options,
) -> Result<Summary, RolloutError> {
    let (events, _told) = unbounded_channel();
    roll_out(
        Arc::new(cluster.clone()),
        rollout,
        options,
        Cancellation::default(),
        events,
    )
    .await
}

/// Everything that is not unchanged, a line each.
fn told(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for (step, object) in plan
        .objects()
        .filter(|(_, object)| object.action != Action::Unchanged)
    {
        lines.push(format!("{}: {:?} {}", step.id, object.action, object.key));
        for change in &object.changes {
            let text = |value: &Option<Value>| value.as_ref().map_or("-".into(), Value::to_string);
            lines.push(format!(
                "  {} {} -> {}",
                change.path,
                text(&change.old),
                text(&change.new)
            ));
        }
        for known in &object.known_after {
            lines.push(format!("  {} known after {}", known.binding, known.step));
        }
        if let Some(because) = &object.because {
            lines.push(format!("  because {because}"));
        }
        if object.restarts {
            lines.push("  restarts".to_owned());
        }
        if let Some(cost) = &object.cost {
            lines.push(format!("  costs {cost}"));
        }
        if let Some(blocked) = &object.blocked {
            lines.push(format!("  blocked: {}; {}", blocked.reason, blocked.way_on));
        }
    }
    lines.join("\n")
}

/// The network with another environment in one of its servers.
fn changed(name: &str, environment: &Value) -> Rollout {
    let mut rollout = network();
    for step in &mut rollout.steps {
        if step.id == name {
            *step = server(name, environment);
        }
    }
    rollout
}

fn without(name: &str) -> Rollout {
    let whole = network();
    let steps = whole.steps.into_iter().filter(|step| step.id != name).collect();
    let edges: Vec<(String, String)> = whole
        .graph
        .edges()
        .map(|edge| (edge.prerequisite.id.clone(), edge.dependent.id.clone()))
        .filter(|(before, after)| before != name && after != name)
        .collect();
    let edges: Vec<(&str, &str)> = edges.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    rollout(steps, &edges)
}

#[tokio::test(start_paused = true)]
async fn a_first_rollout_is_all_creation_and_says_what_is_known_only_later() {
    let cluster = cluster();
    let file = planned(&cluster, &network(), Choices::default()).await;
    insta::assert_snapshot!(told(&file.plan), @"
    namespaces: Create Namespace alpha-net
    namespaces: Create NetworkPolicy alpha-net/deny
    keys: Create Secret alpha-net/keys
    auth: Create Service alpha-net/auth
    auth: Create Deployment alpha-net/auth
    zone: Create Service alpha-net/zone
    zone: Create Deployment alpha-net/zone
      @{service-ip:alpha-net/auth} known after auth
    users: Create Job alpha-net/users
    subzone: Create Job alpha-net/subzone
    map: Create Service alpha-net/map
    map: Create StatefulSet alpha-net/map
      @{secret:alpha-net/token/token} known after subzone
    metrics: Create Service alpha-net/metrics
    metrics: Create Deployment alpha-net/metrics
    ");
    assert_eq!((cluster.writes(), cluster.objects().len()), (0, 0));
    assert!(file.plan.is_pending());
    assert_eq!(
        file.plan.estimate.unknown,
        ["auth", "zone", "users", "subzone", "map", "metrics"]
    );
}

#[tokio::test(start_paused = true)]
async fn without_changes_a_plan_is_empty_and_knows_nothing_to_do() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let writes = cluster.writes();
    let file = planned(&cluster, &network(), Choices::default()).await;
    assert_eq!(told(&file.plan), "");
    assert!(!file.plan.is_pending());
    assert_eq!(file.plan.count(Action::Unchanged), 13);
    assert_eq!(cluster.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_told_by_field_with_the_time_that_it_took_before() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let rollout = changed("metrics", &json!([{ "name": "LEVEL", "value": "debug" }]));
    let file = planned(&cluster, &rollout, Choices::default()).await;
    insta::assert_snapshot!(told(&file.plan), @r#"
    metrics: Change Deployment alpha-net/metrics
      .spec.template.spec.containers[main].env[LEVEL] - -> {"name":"LEVEL","value":"debug"}
      restarts
    "#);
    assert_eq!(file.plan.estimate.chain, ["metrics"]);
    assert!(
        file.plan.estimate.duration.as_millis() >= 2500,
        "{:?}",
        file.plan.estimate
    );

    // Exactly that is done.
    let options = Options {
        plan: Some(file),
        ..Options::default()
    };
    let summary = carried_out(&cluster, rollout, options).await.unwrap();
    assert_eq!(
        (
            summary.outcome,
            summary.objects.configured,
            summary.objects.written()
        ),
        (Outcome::Done, 1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn secrets_are_masked_in_the_plan_and_in_its_file() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let mut rollout = network();
    let secret = &mut rollout.steps[1].manifests[0];
    let mut value = secret.value().clone();
    value["stringData"]["store"] = "hunter2-hunter2".into();
    *secret = value.into();
    let file = planned(&cluster, &rollout, Choices::default()).await;
    let text = file.text().unwrap();
    for hidden in ["hunter2", "aHVudGVyMi1odW50ZXIy"] {
        assert!(!text.contains(hidden), "{text}");
    }
    assert!(text.contains("<15 bytes, "), "{text}");
    assert_eq!(PlanFile::read(&text).unwrap(), file);
    let error = PlanFile::read(&text.replace("plan/v1", "plan/v9")).unwrap_err();
    assert!(error.to_string().contains("plan/v9"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_refused_when_the_cluster_or_the_topology_has_moved() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let wanted = || changed("metrics", &json!([{ "name": "LEVEL", "value": "debug" }]));
    let file = planned(&cluster, &wanted(), Choices::default()).await;
    let options = || Options {
        plan: Some(file.clone()),
        ..Options::default()
    };
    let writes = cluster.writes();

    let other = changed("metrics", &json!([{ "name": "LEVEL", "value": "trace" }]));
    let error = carried_out(&cluster, other, options())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the topology or its keys give another Deployment/alpha-net/metrics"),
        "{error}"
    );
    cluster.lose(&deployment("alpha-net", "metrics"));
    let error = carried_out(&cluster, wanted(), options())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Deployment/alpha-net/metrics was changed in the cluster"),
        "{error}"
    );
    assert_eq!(cluster.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_told_with_its_owner_and_forced_only_by_name() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let owner = FieldOwner {
        field: ".spec.replicas".into(),
        manager: "kubectl-edit".into(),
    };
    cluster.occupy(deployment("alpha-net", "metrics"), owner);
    let wanted = || changed("metrics", &json!([{ "name": "LEVEL", "value": "debug" }]));
    let error = carried_out(&cluster, wanted(), Options::default())
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @r"
    nothing was begun, because one object cannot be applied as declared:
      Deployment alpha-net/metrics: field .spec.replicas belongs to `kubectl-edit`; let `kubectl-edit` give the field up, or take it over with `--take-ownership Deployment/alpha-net/metrics`
    ");
    let choices = Choices {
        take_ownership: vec!["Deployment/alpha-net/metrics".parse().unwrap()],
        ..Choices::default()
    };
    let summary = carried_out(&cluster, wanted(), with(choices)).await.unwrap();
    assert_eq!((summary.outcome, summary.objects.configured), (Outcome::Done, 1));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_changed_in_place_is_made_anew_only_by_name() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let wanted = || {
        let mut rollout = network();
        for step in rollout.steps.iter_mut().filter(|step| step.id == "map") {
            let mut value = step.manifests[1].value().clone();
            value["spec"]["serviceName"] = "other".into();
            step.manifests[1] = value.into();
        }
        rollout
    };
    let file = planned(&cluster, &wanted(), Choices::default()).await;
    insta::assert_snapshot!(told(&file.plan), @r#"
    map: Recreate StatefulSet alpha-net/map
      .spec.serviceName - -> "other"
      restarts
      costs its Pods stop until it is made anew; the claims of its templates stay as they are, with their data
      blocked: a field cannot be changed in place: spec: field is immutable; take the change back, or let it be deleted and made again with `--recreate StatefulSet/alpha-net/map`; the cost: its Pods stop until it is made anew; the claims of its templates stay as they are, with their data
    "#);
    assert!(matches!(
        carried_out(&cluster, wanted(), Options::default()).await,
        Err(RolloutError::Refused { .. })
    ));
    // A plan that allows it is enough to carry it out.
    let choices = Choices {
        recreate: vec!["statefulset/alpha-net/map".parse().unwrap()],
        ..Choices::default()
    };
    let file = planned(&cluster, &wanted(), choices).await;
    let options = Options {
        plan: Some(file),
        ..Options::default()
    };
    let summary = carried_out(&cluster, wanted(), options).await.unwrap();
    assert_eq!((summary.outcome, summary.objects.recreated), (Outcome::Done, 1));
    assert_eq!(
        told(&planned(&cluster, &wanted(), Choices::default()).await.plan),
        ""
    );
}

fn simple(name: &str) -> Rollout {
    let map = manifest(
        &key("v1", "ConfigMap", "alpha-net", name),
        &json!({ "data": { "a": "1" } }),
    );
    rollout(vec![step("home", vec![namespace("alpha-net"), map], vec![])], &[])
}

/// An object as somebody else has made it.
async fn made_by_hand(cluster: &SimulatedCluster, kind: &str, name: &str, network: Option<&str>) {
    use rollout::cluster::{ApplyMode, Cluster as _};
    let mut value = json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name, "namespace": "alpha-net" }, "data": { "a": "0" } });
    if kind == "Namespace" {
        value = json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name } });
    }
    if let Some(network) = network {
        value["metadata"]["labels"] = json!({ (labels::NETWORK): network });
    }
    let made = cluster.apply(&value, ApplyMode::default()).await;
    made.expect("it can be made");
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_has_made_is_taken_over_only_on_request() {
    let cluster = SimulatedCluster::default();
    made_by_hand(&cluster, "Namespace", "alpha-net", None).await;
    made_by_hand(&cluster, "ConfigMap", "settings", None).await;
    let error = carried_out(&cluster, simple("settings"), Options::default())
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @r"
    nothing was begun, because 2 objects cannot be applied as declared:
      Namespace alpha-net: it exists already and was not made by a rollout of this network; delete it, or take it over with `--adopt`
      ConfigMap alpha-net/settings: it exists already and was not made by a rollout of this network; delete it, or take it over with `--adopt`
    ");
    assert_eq!(cluster.objects().len(), 2);
    let choices = Choices {
        adopt: true,
        ..Choices::default()
    };
    let file = planned(&cluster, &simple("settings"), choices.clone()).await;
    let text = told(&file.plan);
    assert!(
        text.contains("Adopt ConfigMap") && text.contains(".data.a \"0\" -> \"1\""),
        "{text}"
    );
    let summary = carried_out(&cluster, simple("settings"), with(choices.clone()))
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.objects.configured), (Outcome::Done, 2));

    // The namespace of the record is no exception.
    let elsewhere = SimulatedCluster::default();
    made_by_hand(&elsewhere, "Namespace", "alpha-rollout", None).await;
    let error = carried_out(&elsewhere, simple("settings"), Options::default())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("Namespace alpha-rollout: it exists already"),
        "{error}"
    );

    // Another network's objects are never taken over.
    made_by_hand(&cluster, "ConfigMap", "other", Some("beta")).await;
    let error = carried_out(&cluster, simple("other"), with(choices))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("it belongs to the network `beta`"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_others_changed_is_seen_and_put_back_on_request() {
    use rollout::cluster::{ApplyMode, Cluster as _};
    let cluster = SimulatedCluster::default();
    run(&cluster, simple("settings")).await;
    let settings = key("v1", "ConfigMap", "alpha-net", "settings");
    let mut value = cluster.get(&settings).await.unwrap().unwrap().value().clone();
    value["data"]["a"] = "2".into();
    cluster.apply(&value, ApplyMode::default()).await.unwrap();
    assert_eq!(
        told(
            &planned(&cluster, &simple("settings"), Choices::default())
                .await
                .plan
        ),
        ""
    );
    let choices = Choices {
        repair: true,
        ..Choices::default()
    };
    let file = planned(&cluster, &simple("settings"), choices.clone()).await;
    insta::assert_snapshot!(told(&file.plan), @r#"
    home: Change ConfigMap alpha-net/settings
      .data.a "2" -> "1"
      because changed since it was applied
    "#);
    let summary = carried_out(&cluster, simple("settings"), with(choices))
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.objects.configured), (Outcome::Done, 1));
    let now = cluster.get(&settings).await.unwrap().unwrap();
    assert_eq!(now.value()["data"]["a"], "1");
}

#[tokio::test(start_paused = true)]
async fn what_left_the_topology_goes_in_reverse_order_and_data_stays_until_it_is_named() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let file = planned(&cluster, &without("metrics"), Choices::default()).await;
    insta::assert_snapshot!(told(&file.plan), @"
    remove-metrics: Delete Deployment alpha-net/metrics
      because it left the topology
    remove-metrics: Delete Service alpha-net/metrics
      because it left the topology
    ");
    let summary = carried_out(&cluster, without("metrics"), Options::default())
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.objects.deleted), (Outcome::Done, 2));

    // The map's step goes with its StatefulSet; keys stay, and so does the namespace.
    let rest = || rollout(vec![step("other", vec![namespace("alpha-other")], vec![])], &[]);
    let summary = carried_out(&cluster, rest(), Options::default()).await.unwrap();
    assert_eq!(summary.outcome, Outcome::Done);
    let left = |cluster: &SimulatedCluster| -> Vec<String> {
        let in_net =
            |key: &ObjectKey| key.namespace.as_deref() == Some("alpha-net") || key.name == "alpha-net";
        let objects = cluster.objects().into_iter().map(|object| object.key());
        objects.filter(in_net).map(|key| key.to_string()).collect()
    };
    assert_eq!(
        left(&cluster),
        [
            "ConfigMap alpha-net/subzone",
            "Namespace alpha-net",
            "Secret alpha-net/keys",
            "Secret alpha-net/token"
        ]
    );
    let file = planned(&cluster, &rest(), Choices::default()).await;
    assert_eq!(file.plan.count(Action::Keep), 4);
    assert!(!file.plan.is_pending());

    // A name that means something that is declared is a mistake.
    let choices = |name: &str| Choices {
        prune_data: vec![name.to_owned()],
        ..Choices::default()
    };
    let error = carried_out(&cluster, rest(), with(choices("alpha-other")))
        .await
        .unwrap_err();
    assert!(matches!(error, RolloutError::StillDeclared { .. }), "{error}");
    let summary = carried_out(&cluster, rest(), with(choices("alpha-net")))
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.objects.deleted), (Outcome::Done, 4));
    assert_eq!(left(&cluster), [] as [&str; 0]);
    // The same command again has nothing left to do.
    let summary = carried_out(&cluster, rest(), with(choices("alpha-net")))
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.objects.written()), (Outcome::Done, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_removed_when_that_is_not_wanted_or_the_rest_has_failed() {
    let cluster = cluster();
    run(&cluster, network()).await;
    let choices = Choices {
        prune: false,
        ..Choices::default()
    };
    let summary = carried_out(&cluster, without("metrics"), with(choices))
        .await
        .unwrap();
    assert_eq!((summary.outcome, summary.objects.deleted), (Outcome::Done, 0));

    let mut broken = without("metrics");
    let gate = Gate::Ready(deployment("alpha-net", "extra"));
    broken.steps[0].gates.push(gate);
    broken.steps[0]
        .manifests
        .push(workload(&deployment("alpha-net", "extra"), &json!([])));
    cluster.behave(
        "extra",
        rollout::cluster::simulated::Behaviour {
            fate: rollout::cluster::simulated::Fate::NoImage("no such image".into()),
            ..rollout::cluster::simulated::Behaviour::default()
        },
    );
    let summary = carried_out(&cluster, broken, Options::default()).await.unwrap();
    assert_eq!((summary.outcome, summary.objects.deleted), (Outcome::Failed, 0));
}
