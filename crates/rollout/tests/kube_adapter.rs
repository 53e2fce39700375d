//! What the real cluster's client sends, and what it makes of answers.

use std::time::Duration;

use http::{Request, Response};
use kube::Client;
use kube::client::Body;
use kubernetes_objects::manifest::ObjectKey;
use rollout::cluster::kube::KubeCluster;
use rollout::cluster::{ApplyMode, Cluster, ClusterError, FieldOwner, Propagation, Right};
use rollout::kinds::Kind;
use serde_json::{Value, json};
use tower_test::mock::{Handle, pair};

type Server = Handle<Request<Body>, Response<Body>>;

fn cluster() -> (KubeCluster, Server) {
    let (service, server) = pair();
    (
        KubeCluster::with_client(Client::new(service, "default"), "mock"),
        server,
    )
}

fn deployment() -> ObjectKey {
    ObjectKey {
        api_version: "apps/v1".into(),
        kind: "Deployment".into(),
        namespace: Some("n".into()),
        name: "auth".into(),
    }
}

/// Expects one request, checks its line, answers, and gives its body back.
async fn serve(server: &mut Server, expected: &str, code: u16, answer: &Value) -> Value {
    let (request, send) = server.next_request().await.expect("a request is sent");
    assert_eq!(format!("{} {}", request.method(), request.uri()), expected);
    let body = request
        .into_body()
        .collect_bytes()
        .await
        .expect("the body is at hand");
    let response = Response::builder()
        .status(code)
        .body(Body::from(answer.to_string().into_bytes()));
    send.send_response(response.expect("the answer is whole"));
    serde_json::from_slice(&body).unwrap_or_default()
}

fn refusal(code: u16, reason: &str, message: &str, details: &Value) -> Value {
    json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
        "message": message, "details": details,
    })
}

#[tokio::test]
async fn apply_is_server_side_strict_and_without_force() {
    let (cluster, mut server) = cluster();
    let wanted = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "auth", "namespace": "n" } });
    let line =
        "PATCH /apis/apps/v1/namespaces/n/deployments/auth?&fieldManager=cordanetes&fieldValidation=Strict";
    let (applied, sent) = tokio::join!(
        cluster.apply(&wanted, ApplyMode::default()),
        serve(&mut server, line, 200, &wanted)
    );
    assert_eq!(sent, wanted);
    assert_eq!(applied.unwrap().key(), deployment());
}

#[tokio::test]
async fn refusals_keep_the_words_that_matter() {
    let check = async |code: u16, answer: Value, expected: ClusterError| {
        let (cluster, mut server) = cluster();
        let key = deployment();
        let line = "GET /apis/apps/v1/namespaces/n/deployments/auth";
        let (found, _) = tokio::join!(cluster.get(&key), serve(&mut server, line, code, &answer));
        assert_eq!(found.unwrap_err(), expected);
    };
    let conflict = json!({ "causes": [{
        "reason": "FieldManagerConflict", "field": ".spec.replicas",
        "message": "conflict with \"kubectl-edit\" using apps/v1",
    }]});
    check(
        409,
        refusal(409, "Conflict", "Apply failed with 1 conflict", &conflict),
        ClusterError::Conflict(vec![FieldOwner {
            field: ".spec.replicas".into(),
            manager: "kubectl-edit".into(),
        }]),
    )
    .await;
    check(
        429,
        refusal(
            429,
            "TooManyRequests",
            "too many",
            &json!({ "retryAfterSeconds": 4 }),
        ),
        ClusterError::Busy {
            cause: "too many".into(),
            retry_after: Some(Duration::from_secs(4)),
        },
    )
    .await;
    check(
        403,
        refusal(403, "Forbidden", "exceeded quota: small", &json!({})),
        ClusterError::Forbidden {
            cause: "exceeded quota: small".into(),
        },
    )
    .await;
    let leaving = json!({ "causes": [{ "reason": "NamespaceTerminating", "message": "" }] });
    check(
        403,
        refusal(403, "Forbidden", "namespace n is being terminated", &leaving),
        ClusterError::Busy {
            cause: "namespace n is being terminated".into(),
            retry_after: None,
        },
    )
    .await;
    check(
        422,
        refusal(
            422,
            "Invalid",
            "spec.selector: Invalid value: field is immutable",
            &json!({ "causes": [{ "reason": "FieldValueInvalid", "field": "spec.selector" }] }),
        ),
        ClusterError::Immutable {
            cause: "spec.selector: Invalid value: field is immutable".into(),
            fields: vec!["spec.selector".into()],
        },
    )
    .await;
    check(
        401,
        refusal(401, "Unauthorized", "Unauthorized", &json!({})),
        ClusterError::Unauthorised {
            cause: "Unauthorized".into(),
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    let (cluster, mut server) = cluster();
    let key = deployment();
    let line = "GET /apis/apps/v1/namespaces/n/deployments/auth";
    let gone = refusal(404, "NotFound", "not found", &json!({}));
    let (found, _) = tokio::join!(cluster.get(&key), serve(&mut server, line, 404, &gone));
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn lists_go_by_label_through_all_pages() {
    let (cluster, mut server) = cluster();
    let kind = Kind::of(&deployment()).unwrap();
    let page = |name: &str, more: &str| json!({ "metadata": { "continue": more }, "items": [{ "metadata": { "name": name, "namespace": "n" } }] });
    let base = "GET /apis/apps/v1/deployments?&labelSelector=a%3Db&limit=500";
    let pages = async {
        serve(&mut server, base, 200, &page("one", "more")).await;
        serve(
            &mut server,
            &format!("{base}&continue=more"),
            200,
            &page("two", ""),
        )
        .await;
    };
    let (found, ()) = tokio::join!(cluster.list(kind, "a=b"), pages);
    let keys: Vec<_> = found
        .unwrap()
        .iter()
        .map(|object| object.key().to_string())
        .collect();
    assert_eq!(keys, ["Deployment n/one", "Deployment n/two"]);
}

#[tokio::test]
async fn deletion_is_of_one_identity_only() {
    for (code, answer) in [
        (
            200,
            json!({ "kind": "Status", "apiVersion": "v1", "status": "Success" }),
        ),
        (404, refusal(404, "NotFound", "not found", &json!({}))),
        (
            409,
            refusal(
                409,
                "Conflict",
                "the UID in the precondition does not match",
                &json!({}),
            ),
        ),
    ] {
        let (cluster, mut server) = cluster();
        let key = deployment();
        let line = "DELETE /apis/apps/v1/namespaces/n/deployments/auth?";
        let deletion = cluster.delete(&key, "u1", Propagation::Foreground);
        let (result, sent) = tokio::join!(deletion, serve(&mut server, line, code, &answer));
        assert_eq!(result, Ok(()));
        assert_eq!(
            (&sent["preconditions"]["uid"], &sent["propagationPolicy"]),
            (&json!("u1"), &json!("Foreground"))
        );
    }
}

#[tokio::test]
async fn rights_cost_an_administrator_one_request_and_others_a_few() {
    let access = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews?";
    let rules = "POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews?";
    let verdict = |allowed: bool| json!({ "spec": {}, "status": { "allowed": allowed } });
    let needed = [
        Right {
            verb: "list",
            group: "",
            resource: "pods".into(),
        },
        Right {
            verb: "create",
            group: "",
            resource: "pods/exec".into(),
        },
    ];

    let (cluster, mut server) = self::cluster();
    let everything = verdict(true);
    let asked = serve(&mut server, access, 200, &everything);
    let (missing, _) = tokio::join!(cluster.missing_rights(&needed), asked);
    assert_eq!(missing.unwrap(), []);

    let (cluster, mut server) = self::cluster();
    let listed = json!({ "spec": {}, "status": {
        "incomplete": false, "nonResourceRules": [],
        "resourceRules": [{ "verbs": ["list"], "apiGroups": [""], "resources": ["*"] }],
    }});
    let asked = async {
        serve(&mut server, access, 200, &verdict(false)).await;
        serve(&mut server, rules, 200, &listed).await;
        let sent = serve(&mut server, access, 200, &verdict(false)).await;
        assert_eq!(sent["spec"]["resourceAttributes"]["subresource"], "exec");
    };
    let (missing, ()) = tokio::join!(cluster.missing_rights(&needed), asked);
    assert_eq!(missing.unwrap(), needed[1..]);
}

#[tokio::test]
async fn a_dry_run_and_a_takeover_are_asked_for_by_name() {
    let (cluster, mut server) = cluster();
    let wanted = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "auth", "namespace": "n" } });
    let mode = ApplyMode {
        dry_run: true,
        force: true,
    };
    let line = "PATCH /apis/apps/v1/namespaces/n/deployments/auth?&dryRun=All&force=true&fieldManager=cordanetes&fieldValidation=Strict";
    let (applied, _) = tokio::join!(
        cluster.apply(&wanted, mode),
        serve(&mut server, line, 200, &wanted)
    );
    assert_eq!(applied.unwrap().key(), deployment());
}

#[tokio::test]
async fn only_the_first_of_several_writes_counts() {
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": { "name": "run", "namespace": "n", "resourceVersion": "7" }, "spec": { "holderIdentity": "a" },
    });
    let taken = refusal(409, "AlreadyExists", "leases \"run\" already exists", &json!({}));
    let overtaken = ClusterError::Overtaken {
        cause: "leases \"run\" already exists".into(),
    };
    let path = "/apis/coordination.k8s.io/v1/namespaces/n/leases";

    let (cluster, mut server) = self::cluster();
    let line = format!("POST {path}?&fieldManager=cordanetes");
    let (created, _) = tokio::join!(cluster.create(&lease), serve(&mut server, &line, 409, &taken));
    assert_eq!(created.unwrap_err(), overtaken);

    let (cluster, mut server) = self::cluster();
    let line = format!("PUT {path}/run?&fieldManager=cordanetes");
    let (replaced, sent) = tokio::join!(cluster.replace(&lease), serve(&mut server, &line, 409, &taken));
    assert_eq!(replaced.unwrap_err(), overtaken);
    assert_eq!(sent["metadata"]["resourceVersion"], "7");
}
