//! What `profile: production`, the default, refuses.

use super::{Entry, Example::Keys};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::production-approval",
        title: "approval of everybody",
        cause: "With automatic approval whoever reaches the Identity Manager gets a certificate.",
        example: Keys(
            "profile: production\ncenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  identityManager: { approval: automatic }\n",
        ),
        fix: "Let people approve: `approval: jira`, or a plugin of your own.",
    },
    Entry {
        code: "topology::production-h2",
        title: "a trial database",
        cause: "H2 is a file in the Pod's volume: no replica, no backup while it runs, and not supported by R3.",
        example: Keys("profile: production\n"),
        fix: "Name a database server under `database`.",
    },
    Entry {
        code: "topology::production-http-gateway",
        title: "a Gateway without TLS",
        cause: "Operators send passwords and tokens to the Gateway, which speaks plain HTTP: whatever stands before it must \
                speak TLS.",
        example: Keys("profile: production\ningress: {}\n"),
        fix: "Add `tls` to `ingress` or to the Gateway's exposure, use a Gateway with TLS, or do not expose it.",
    },
    Entry {
        code: "topology::production-one-notary",
        title: "one notary",
        cause: "While its only notary is down or upgraded, a network cannot move a single state.",
        example: Keys("profile: production\n"),
        fix: "Add a second notary, or make it one of several workers with `highAvailability`.",
    },
    Entry {
        code: "topology::production-default-name",
        title: "a name of samples",
        cause: "The domain can be owned by nobody (RFC 2606, RFC 6762), or the operator is the one of a sample. Both stand \
                in certificates for good.",
        example: Keys("profile: production\ndomain: trade.test\n"),
        fix: "Write a domain that you own, and your own legal name.",
    },
    Entry {
        code: "topology::production-development-cordapps",
        title: "CorDapps that anybody can sign",
        cause: "R3's development key is public: whoever has it can sign a CorDapp that the nodes take for the real one.",
        example: Keys(
            "profile: production\ncorda: { image: \"registry.example/corda/corda-node:4.10\", developmentCordapps: true }\n",
        ),
        fix: "Sign your CorDapps with a key of your own.",
    },
    Entry {
        code: "topology::production-ssh",
        title: "a shell in the node",
        cause: "Whoever knows an RPC password and reaches the port gets a console.",
        example: Keys(
            "profile: production\ncorda: { image: \"registry.example/corda/corda-node:4.10\", ssh: { enabled: true } }\n",
        ),
        fix: "Switch it off; RPC clients do what the shell does.",
    },
    Entry {
        code: "topology::production-soft-token",
        title: "a token in software",
        cause: "SoftHSM keeps keys in files, readable by whoever reads the disk.",
        example: Keys(
            "profile: production\ncustody:\n  pkcs11: { module: /usr/lib/softhsm/libsofthsm2.so, token: trade, pin: { environment: TOKEN_PIN } }\n",
        ),
        fix: "Name the library of a hardware token.",
    },
    Entry {
        code: "topology::production-encryption-at-rest",
        title: "nobody was asked about encryption at rest",
        cause: "Key stores and passwords are Secrets, which etcd keeps as they are unless the API server or the provider \
                encrypts them. A managed control plane does not show that.",
        example: Keys("profile: production\nplatform: { kind: aks }\n"),
        fix: "Have whoever runs the cluster say so (a KMS key on EKS, AKS and GKE, the encryption type on OpenShift), then \
              write `platform.encryptionAtRest: confirmed`.",
    },
    Entry {
        code: "topology::production-subzones",
        title: "several subzones",
        cause: "R3 does not support more than one subzone in production.",
        example: Keys(
            "profile: production\ncenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  subzones: [{ name: north, label: North }]\n",
        ),
        fix: "Make a network of its own instead.",
    },
    Entry {
        code: "topology::production-event-horizon",
        title: "nodes are forgotten too soon",
        cause: "A node that is away for longer than `eventHorizonDays` is dropped from the map. Less than a week is less \
                than a holiday.",
        example: Keys(
            "profile: production\ncenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  networkMap: { parameters: { eventHorizonDays: 3 } }\n",
        ),
        fix: "Write 30.",
    },
];
