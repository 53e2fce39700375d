//! Releases, editions and databases: what runs with what.

use super::{Entry, Example::Keys};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::cenm-version",
        title: "a CENM release that is not supported",
        cause: "The releases differ in keys, commands and Java, so only those that are known can be rolled out.",
        example: Keys(
            "cenm: { version: \"1.2\", image: \"registry.example/cenm/enterprise-services:1.2.4\" }\n",
        ),
        fix: "Name a release that the help lists, as two numbers; the image tells the third.",
    },
    Entry {
        code: "topology::corda-version",
        title: "a Corda release that is not supported",
        cause: "The releases differ in keys of `node.conf` and in Java, so only those that are known can be rolled out.",
        example: Keys("corda: { version: \"5.2\", image: \"registry.example/corda/corda-node:5.2\" }\n"),
        fix: "Name a release that the help lists.",
    },
    Entry {
        code: "topology::mixed-releases",
        title: "Auth and Gateway of two releases",
        cause: "The command line, the Gateway and Auth talk to each other by what one release knows.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/services:1.7.2\n  auth: { version: \"1.6\", image: \"registry.example/cenm/services:1.6.1\" }\n",
        ),
        fix: "Give both one release. The other services may be of another while they are upgraded.",
    },
    Entry {
        code: "topology::image-release",
        title: "an image of another release",
        cause: "The tag of one of R3's images says another release than its service has. The release decides keys, files \
                and Java, so the service would not start.",
        example: Keys(
            "cenm: { version: \"1.7\", image: \"registry.example/cenm/enterprise-services:1.6.1\" }\n",
        ),
        fix: "Write the release that the image has, or name the image of the release.",
    },
    Entry {
        code: "topology::version-matrix",
        title: "not in R3's support matrix",
        cause: "The release or edition is not supported with this database or HSM. The help has the row of the matrix.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  database: { kind: oracle, address: \"db.bank.example:1521\", addresses: [10.20.0.5], name: corda, user: corda, password: { environment: CORDA_DATABASE }, driver: { image: \"registry.example/ojdbc:1.0\", path: drivers } }\n",
        ),
        fix: "Choose one that the row has.",
    },
    Entry {
        code: "topology::platform-version",
        title: "a node that is too old for its network",
        cause: "The platform version of the node's release is below the network's minimum: the node would refuse to start.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  networkMap: { parameters: { minimumPlatformVersion: 13 } }\n",
        ),
        fix: "Lower `minimumPlatformVersion`, or use a later release of Corda.",
    },
    Entry {
        code: "topology::enterprise-only",
        title: "a feature of Corda Enterprise",
        cause: "The Corda Firewall and notaries of several workers exist in Corda Enterprise only.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    firewall: { image: \"registry.example/corda/firewall:4.10\", host: bank-a.trade.example }\n",
        ),
        fix: "Write `edition: enterprise` with an image of it, or leave the feature out.",
    },
    Entry {
        code: "topology::jvm-argument",
        title: "an argument that the JVM must not have",
        cause: "The heap has a key of its own, and some arguments are unknown to the Java of the release: the JVM would \
                not start.",
        example: Keys(
            "corda: { image: \"registry.example/corda/corda-node:4.10\", jvmArguments: [-Xmx2g] }\n",
        ),
        fix: "Use `heap`, or remove the argument.",
    },
    Entry {
        code: "topology::notary-workers",
        title: "a notary of workers that cannot be one",
        cause: "A notary of several workers has at least two, is not validating, and has no legal name itself: each \
                worker has one.",
        example: Keys(
            "notaries:\n  - name: notary\n    edition: enterprise\n    validating: true\n    serviceLegalName: O=Notary Service, L=London, C=GB\n    highAvailability:\n      toolsImage: registry.example/corda/tools:4.10\n      database: { kind: cockroachdb, address: \"db.trade.example:26257\", addresses: [10.20.0.5], name: notary, user: notary, password: { environment: NOTARY_DATABASE } }\n      workers:\n        - { name: worker-1, legalName: \"O=Worker 1, L=London, C=GB\" }\n        - { name: worker-2, legalName: \"O=Worker 2, L=London, C=GB\" }\n",
        ),
        fix: "Move the legal name to the workers, remove `validating`, and add workers until there are two.",
    },
    Entry {
        code: "topology::database-incomplete",
        title: "a database that cannot be found",
        cause: "A database server needs an address, a database on it, a user and a reference to the password.",
        example: Keys(
            "corda: { image: \"registry.example/corda/corda-node:4.10\", database: { kind: postgresql, address: \"db.bank.example:5432\", addresses: [10.20.0.5] } }\n",
        ),
        fix: "Add what the message names. Database, schema and user exist before the rollout.",
    },
    Entry {
        code: "topology::database-kind",
        title: "a database that cannot serve here",
        cause: "CockroachDB serves as the shared database of a notary's workers only, and H2 lives in one Pod, so that \
                workers cannot share it.",
        example: Keys(
            "corda: { image: \"registry.example/corda/corda-node:4.10\", database: { kind: cockroachdb, address: \"db.bank.example:26257\", addresses: [10.20.0.5], name: corda, user: corda, password: { environment: CORDA_DATABASE } } }\n",
        ),
        fix: "Choose another `kind`.",
    },
    Entry {
        code: "topology::database-driver",
        title: "a database without its driver",
        cause: "Oracle's JDBC driver may not be passed on, so no image of R3 carries it.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  database: { kind: oracle, address: \"db.trade.example:1521\", addresses: [10.20.0.5], name: cenm, password: { environment: CENM_DATABASE } }\n",
        ),
        fix: "Name an image that holds `ojdbc` under `driver`.",
    },
    Entry {
        code: "topology::shared-database",
        title: "one schema for two",
        cause: "Two services or nodes would keep their state in the same schema of the same database: each takes the other's tables for its own. A class or `corda` that names a server names it for all its nodes; so does a notary for its workers.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  database: { kind: postgresql, address: \"db.bank.example:5432\", addresses: [10.20.0.5], name: ledger, user: node, password: { environment: LEDGER } }\n",
        ),
        fix: "Give each a `name`, a `schema` or a `user` of its own.",
    },
    Entry {
        code: "topology::configuration-key",
        title: "a key that `node.conf` cannot have",
        cause: "`configuration` holds further keys of `node.conf`. A node refuses to start with one that its edition and release do not know, or that has another type; what Cordanetes sets itself cannot be set twice, and secrets never stand in the file.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    configuration: { flowTimeuot: { timeout: 30s, maxRestartCount: 6, backoffBase: 1.8 } }\n",
        ),
        fix: "Write the key that the message names, or remove it.",
    },
];
