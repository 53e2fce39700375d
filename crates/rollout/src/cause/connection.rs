//! Whether the network's own policies let a connection through, asked when a log says that nobody answered. Each
//! connection of the matrix has one policy at its client and one at its server, so their names name the row.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::Value;

use super::log::Target;
use crate::object::Object;

type Labels = BTreeMap<String, String>;

/// Why nobody answered, as far as policies tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No such Service or Pod belongs to the network.
    Unknown,
    /// No policy of the client lets it out.
    NoEgress { server: String },
    /// No policy of the server lets it in.
    NoIngress { server: String },
    /// Both sides let it through, by these policies: it is the server that does not answer.
    Allowed { server: String, policies: Vec<String> },
}

/// One end of a connection.
struct End {
    namespace: String,
    namespace_labels: Labels,
    labels: Labels,
}

/// Judges a connection from a Pod to a target by the objects of the network.
pub(crate) fn verdict(objects: &[Object], client: &Object, target: &Target) -> Refusal {
    let Some((server, name, ports)) = server(objects, client, target) else {
        return Refusal::Unknown;
    };
    let client = End {
        namespace: client.namespace().to_owned(),
        namespace_labels: namespace_labels(objects, client.namespace()),
        labels: labels_of(client.value()),
    };
    let policies: Vec<NetworkPolicy> = objects
        .iter()
        .filter(|object| object.text("/kind") == Some("NetworkPolicy"))
        .filter_map(Object::typed)
        .collect();
    let mut by = Vec::new();
    for (direction, from, to) in [("Egress", &client, &server), ("Ingress", &server, &client)] {
        match pass(&policies, direction, from, to, &ports) {
            Pass::Free => {}
            Pass::By(policy) => by.push(policy),
            Pass::Closed if direction == "Egress" => return Refusal::NoEgress { server: name },
            Pass::Closed => return Refusal::NoIngress { server: name },
        }
    }
    Refusal::Allowed {
        server: name,
        policies: by,
    }
}

/// The Service or Pod behind a host, with the ports under which policies may know it.
fn server(objects: &[Object], client: &Object, target: &Target) -> Option<(End, String, Vec<IntOrString>)> {
    let mut names = target.host.split('.');
    let (first, second) = (names.next()?, names.next());
    let namespace = second.unwrap_or(client.namespace());
    let by_address = |object: &&Object, pointer: &str| object.text(pointer) == Some(&target.host);
    let of_kind = |kind: &'static str| {
        objects
            .iter()
            .filter(move |object| object.text("/kind") == Some(kind))
    };
    let service = of_kind("Service").find(|service| {
        (service.name() == first && service.namespace() == namespace)
            || by_address(service, "/spec/clusterIP")
    });
    let number = i32::from(target.port);
    if let Some(service) = service {
        let labels = strings(service.value().pointer("/spec/selector"));
        let full = of_kind("Pod")
            .find(|pod| pod.namespace() == service.namespace() && pod.has_labels(&labels))
            .map_or_else(|| labels.clone(), |pod| labels_of(pod.value()));
        let listed = service.value().pointer("/spec/ports").and_then(Value::as_array);
        let mut ports = vec![IntOrString::Int(number)];
        for port in listed.into_iter().flatten().filter(|port| port["port"] == number) {
            match &port["targetPort"] {
                Value::String(name) => ports.push(IntOrString::String(name.clone())),
                other => ports.extend(
                    other
                        .as_i64()
                        .and_then(|port| i32::try_from(port).ok())
                        .map(IntOrString::Int),
                ),
            }
        }
        let end = End {
            namespace: service.namespace().to_owned(),
            namespace_labels: namespace_labels(objects, service.namespace()),
            labels: full,
        };
        return Some((end, format!("{}:{number}", service.key()), ports));
    }
    let pod = of_kind("Pod").find(|pod| by_address(pod, "/status/podIP"))?;
    let end = End {
        namespace: pod.namespace().to_owned(),
        namespace_labels: namespace_labels(objects, pod.namespace()),
        labels: labels_of(pod.value()),
    };
    Some((
        end,
        format!("{}:{number}", pod.key()),
        vec![IntOrString::Int(number)],
    ))
}

enum Pass {
    /// No policy holds this end in.
    Free,
    /// This policy lets it through.
    By(String),
    /// Policies hold it in and none lets it through.
    Closed,
}

fn pass(policies: &[NetworkPolicy], direction: &str, here: &End, there: &End, ports: &[IntOrString]) -> Pass {
    let mut is_held = false;
    for policy in policies {
        let namespace = policy.metadata.namespace.as_deref().unwrap_or_default();
        let Some(spec) = &policy.spec else { continue };
        let holds = namespace == here.namespace
            && spec.policy_types.iter().flatten().any(|kind| kind == direction)
            && spec
                .pod_selector
                .as_ref()
                .is_none_or(|selector| selects(selector, &here.labels));
        if !holds {
            continue;
        }
        is_held = true;
        let fits = |peers: Option<&Vec<NetworkPolicyPeer>>, allowed: Option<&Vec<NetworkPolicyPort>>| {
            let of_peer = |peer: &NetworkPolicyPeer| is_peer(peer, namespace, there);
            let of_port = |port: &NetworkPolicyPort| is_port(port, ports);
            peers.is_none_or(|peers| peers.is_empty() || peers.iter().any(of_peer))
                && allowed.is_none_or(|allowed| allowed.is_empty() || allowed.iter().any(of_port))
        };
        let lets = if direction == "Egress" {
            let mut rules = spec.egress.iter().flatten();
            rules.any(|rule| fits(rule.to.as_ref(), rule.ports.as_ref()))
        } else {
            let mut rules = spec.ingress.iter().flatten();
            rules.any(|rule| fits(rule.from.as_ref(), rule.ports.as_ref()))
        };
        if lets {
            return Pass::By(format!(
                "{namespace}/{}",
                policy.metadata.name.as_deref().unwrap_or_default()
            ));
        }
    }
    if is_held { Pass::Closed } else { Pass::Free }
}

fn is_peer(peer: &NetworkPolicyPeer, home: &str, there: &End) -> bool {
    if let Some(block) = &peer.ip_block {
        // Addresses of Pods are not known here; a block of everything is.
        return block.cidr == "0.0.0.0/0";
    }
    let in_namespace = match &peer.namespace_selector {
        Some(selector) => selects(selector, &there.namespace_labels),
        None => there.namespace == home,
    };
    in_namespace
        && peer
            .pod_selector
            .as_ref()
            .is_none_or(|selector| selects(selector, &there.labels))
}

fn is_port(allowed: &NetworkPolicyPort, ports: &[IntOrString]) -> bool {
    let is_tcp = allowed.protocol.as_deref().unwrap_or("TCP") == "TCP";
    is_tcp
        && match (&allowed.port, allowed.end_port) {
            (None, _) => true,
            (Some(IntOrString::Int(first)), Some(last)) => ports
                .iter()
                .any(|port| matches!(port, IntOrString::Int(number) if (first..=&last).contains(&number))),
            (Some(port), _) => ports.contains(port),
        }
}

fn selects(selector: &LabelSelector, labels: &Labels) -> bool {
    let exactly = selector.match_labels.iter().flatten();
    let mut expressions = selector.match_expressions.iter().flatten();
    exactly
        .into_iter()
        .all(|(name, value)| labels.get(name) == Some(value))
        && expressions.all(|expression| {
            let found = labels.get(&expression.key);
            let listed = |value: &String| expression.values.iter().flatten().any(|one| one == value);
            match expression.operator.as_str() {
                "In" => found.is_some_and(listed),
                "NotIn" => !found.is_some_and(listed),
                "Exists" => found.is_some(),
                "DoesNotExist" => found.is_none(),
                _ => false,
            }
        })
}

fn labels_of(object: &Value) -> Labels {
    strings(object.pointer("/metadata/labels"))
}

/// The labels of a namespace, with the one that Kubernetes puts on each.
fn namespace_labels(objects: &[Object], name: &str) -> Labels {
    let mut labels = objects
        .iter()
        .find(|object| object.text("/kind") == Some("Namespace") && object.name() == name)
        .map(|namespace| labels_of(namespace.value()))
        .unwrap_or_default();
    labels.insert("kubernetes.io/metadata.name".to_owned(), name.to_owned());
    labels
}

fn strings(map: Option<&Value>) -> Labels {
    let map = map.and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(namespace: &str, name: &str) -> Object {
        Object::new(json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": format!("{name}-0"), "namespace": namespace, "labels": { "app": name, "step": name } },
        }))
    }

    fn policy(namespace: &str, name: &str, spec: &Value) -> Object {
        Object::new(json!({
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": { "name": name, "namespace": namespace }, "spec": spec,
        }))
    }

    fn peer(namespace: &str, name: &str) -> Value {
        json!([{
            "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": namespace } },
            "podSelector": { "matchLabels": { "app": name } },
        }])
    }

    /// A gateway that may call auth on 8081, in two closed namespaces.
    fn network() -> Vec<Object> {
        let deny = json!({ "podSelector": {}, "policyTypes": ["Ingress", "Egress"] });
        vec![
            pod("front", "gateway"),
            pod("back", "auth"),
            Object::new(json!({
                "apiVersion": "v1", "kind": "Service", "metadata": { "name": "auth", "namespace": "back" },
                "spec": { "clusterIP": "10.96.0.7", "selector": { "app": "auth" },
                    "ports": [{ "port": 80, "targetPort": 8081 }, { "port": 9090 }] },
            })),
            policy("front", "default-deny", &deny),
            policy("back", "default-deny", &deny),
            policy(
                "front",
                "gateway-c3-to-auth",
                &json!({ "podSelector": { "matchLabels": { "app": "gateway" } }, "policyTypes": ["Egress"],
                    "egress": [{ "to": peer("back", "auth"), "ports": [{ "protocol": "TCP", "port": 8081 }, { "port": 9090 }] }] }),
            ),
            policy(
                "back",
                "auth-c3-from-gateway",
                &json!({ "podSelector": { "matchExpressions": [{ "key": "app", "operator": "In", "values": ["auth"] }] },
                    "policyTypes": ["Ingress"],
                    "ingress": [{ "from": peer("front", "gateway"), "ports": [{ "port": 8000, "endPort": 8099 }] }] }),
            ),
        ]
    }

    #[test]
    fn the_policies_of_a_connection_are_named() {
        let objects = network();
        let check = |host: &str, port: u16, client: &Object, expected: Refusal| {
            let target = Target {
                host: host.into(),
                port,
            };
            assert_eq!(verdict(&objects, client, &target), expected, "{host}:{port}");
        };
        let server = |port: u16| format!("Service back/auth:{port}");
        let gateway = pod("front", "gateway");
        let allowed = Refusal::Allowed {
            server: server(80),
            policies: vec![
                "front/gateway-c3-to-auth".into(),
                "back/auth-c3-from-gateway".into(),
            ],
        };
        check("auth.back.svc", 80, &gateway, allowed.clone());
        check("auth.back.svc.cluster.local", 80, &gateway, allowed.clone());
        check("10.96.0.7", 80, &gateway, allowed);
        check(
            "auth.back.svc",
            9090,
            &gateway,
            Refusal::NoIngress { server: server(9090) },
        );
        check(
            "auth.back.svc",
            7,
            &gateway,
            Refusal::NoEgress { server: server(7) },
        );
        check(
            "auth.back.svc",
            80,
            &pod("front", "other"),
            Refusal::NoEgress { server: server(80) },
        );
        // An open namespace lets everything out; the server's end still counts.
        check(
            "auth.back.svc",
            80,
            &pod("open", "gateway"),
            Refusal::NoIngress { server: server(80) },
        );
        check("elsewhere.example.com", 443, &gateway, Refusal::Unknown);
    }
}
