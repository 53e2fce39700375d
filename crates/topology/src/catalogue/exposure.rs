//! Ways in from outside, and the platform underneath.

use super::{Entry, Example::Keys};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::never-public",
        title: "a way to a service that is never public",
        cause: "Auth, Zone and Signing Service are called from inside of the network only. The Signing Service holds the \
                keys that sign for everybody.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  signingService: { host: signer.trade.example }\n",
        ),
        fix: "Remove `host` and `exposure`. Operators come through the Gateway.",
    },
    Entry {
        code: "topology::missing-host",
        title: "a node without a name outside",
        cause: "A node that is reached from outside tells its peers a host name, which must be chosen: it becomes its P2P \
                address, which peers keep.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    exposure: { type: loadBalancer }\n",
        ),
        fix: "Add `host:` to the node.",
    },
    Entry {
        code: "topology::behind-firewall",
        title: "a door beside the firewall",
        cause: "Peers reach a node with a firewall at its float only, so that the node has neither host nor exposure.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    edition: enterprise\n    host: bank-a.trade.example\n    firewall: { image: \"registry.example/corda/firewall:4.10\", host: float.trade.example }\n",
        ),
        fix: "Move the key into `firewall`.",
    },
    Entry {
        code: "topology::ingress-not-http",
        title: "an Ingress for what is not HTTP",
        cause: "Nodes talk AMQP over mutual TLS, which an Ingress would end or refuse.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    host: bank-a.trade.example\n    exposure: { type: ingress }\n",
        ),
        fix: "Use `loadBalancer`, `nodePort`, or `gateway` with a listener that passes TLS through.",
    },
    Entry {
        code: "topology::no-gateway",
        title: "a route without its Gateway",
        cause: "An exposure by the Gateway API must say which Gateway the route belongs to.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  networkMap: { exposure: { type: gateway } }\n",
        ),
        fix: "Add `gateway:` to the exposure, or `gatewayApi:` to the file for all of them.",
    },
    Entry {
        code: "topology::https-only",
        title: "a listener of HTTPS for what is called by HTTP",
        cause: "Nodes are told `http://` addresses of Identity Manager and Network Map, and so are the readers of revocation \
                lists, in certificates for good. They follow no redirect. A route to one listener (`section`) that serves \
                HTTPS answers none of them.",
        example: Keys("gatewayApi: { name: public, namespace: gateways, section: https }\n"),
        fix: "Give Identity Manager and Network Map a listener of plain HTTP with `tls: false`, or leave `section` out. The \
              Gateway Service, where passwords go, keeps its HTTPS.",
    },
    Entry {
        code: "topology::not-for-this-kind",
        title: "a key without effect",
        cause: "The key belongs to another kind of exposure or database than the one that is chosen, or its service has no \
                such thing. It would silently do nothing.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  networkMap: { exposure: { type: clusterIp, address: 192.0.2.10 } }\n",
        ),
        fix: "Remove the key, or choose the kind that it belongs to.",
    },
    Entry {
        code: "topology::platform-limit",
        title: "more than the platform gives",
        cause: "The platform has a limit that the topology passes: load balancers an account, addresses that can be asked \
                for, databases that R3 supports there.",
        example: Keys(
            "platform: { kind: kind }\nparticipants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    host: bank-a.trade.example\n    exposure: { type: loadBalancer }\n",
        ),
        fix: "The help says how this platform does it; where a quota was raised, say so in `platform`.",
    },
    Entry {
        code: "topology::no-network-policies",
        title: "a cluster without policies",
        cause: "Where nothing enforces NetworkPolicies, everything may call the Signing Service. No network is rolled out \
                there.",
        example: Keys("platform: { networkPolicies: false }\n"),
        fix: "Install a network plugin that enforces them, e.g. Calico or Cilium.",
    },
    Entry {
        code: "topology::duplicate-node-port",
        title: "a node port that is taken",
        cause: "A node port is opened on every node of the cluster and leads to one Service. The workers of a notary have its exposure, unless they have their own.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    host: bank-a.trade.example\n    exposure: { type: nodePort, nodePort: 30100 }\n  - name: bank-b\n    legalName: O=Bank B, L=Oslo, C=NO\n    host: bank-b.trade.example\n    exposure: { type: nodePort, nodePort: 30100 }\n",
        ),
        fix: "Choose another, or leave `nodePort` out: Kubernetes then chooses.",
    },
    Entry {
        code: "topology::duplicate-address",
        title: "an address that is taken",
        cause: "Each node that is reached from outside has an address of its own, and a static address can be given to one load balancer.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    host: bank-a.trade.example\n    exposure: { type: loadBalancer, address: 203.0.113.7 }\n  - name: bank-b\n    legalName: O=Bank B, L=Oslo, C=NO\n    host: bank-b.trade.example\n    exposure: { type: loadBalancer, address: 203.0.113.7 }\n",
        ),
        fix: "Reserve an address for each.",
    },
];
