//! Single values.

use super::{Entry, Example::Keys};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::image",
        title: "an image that is not pinned",
        cause: "An image without a tag, or with one that moves such as `latest`, is another one tomorrow: the rollout \
                would not be the one that was reviewed.",
        example: Keys("corda: { image: \"registry.example/corda/corda-node:latest\" }\n"),
        fix: "Name a version or, better, a digest: `registry.example/corda/corda-node@sha256:…`.",
    },
    Entry {
        code: "topology::missing-image",
        title: "a component without an image",
        cause: "Neither the component itself nor what it inherits from (`cenm`, `corda`) names an image.",
        example: Keys("corda: {}\n"),
        fix: "Add `image:` to the one or the other.",
    },
    Entry {
        code: "topology::memory",
        title: "not an amount of memory",
        cause: "Memory is written as Kubernetes writes it, in whole `Mi` or `Gi`, from 64Mi to 1024Gi.",
        example: Keys("corda: { image: \"registry.example/corda/corda-node:4.10\", heap: 2GB }\n"),
        fix: "Write `384Mi` or `2Gi`.",
    },
    Entry {
        code: "topology::duration",
        title: "not a duration",
        cause: "A duration is a whole number above 0 and `ms`, `s`, `m`, `h` or `d`.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  networkMap: { pollingInterval: 5 minutes }\n",
        ),
        fix: "Write `500ms`, `10s`, `5m`, `1h` or `1d`.",
    },
    Entry {
        code: "topology::port-clash",
        title: "a port that is taken",
        cause: "All listeners of a node share one Pod: P2P, RPC, RPC administration (10770) and metrics (9404).",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    ports: { p2p: 9404 }\n",
        ),
        fix: "Give each listener a port of its own.",
    },
    Entry {
        code: "topology::storage-size",
        title: "not a size of a volume",
        cause: "Sizes are written as Kubernetes writes them, in whole `Mi` or `Gi`, from 256Mi to 1024Gi.",
        example: Keys("storage: { size: 5GB }\n"),
        fix: "Write `512Mi` or `20Gi`.",
    },
    Entry {
        code: "topology::processors",
        title: "not a number of processors",
        cause: "Processors are written as Kubernetes writes them: whole ones, or thousandths with an `m`, from 10m to 256.",
        example: Keys("corda: { image: \"registry.example/corda/corda-node:4.10\", cpu: 0.5 cores }\n"),
        fix: "Write `2` or `500m`.",
    },
    Entry {
        code: "topology::memory-below-heap",
        title: "memory that cannot hold the heap",
        cause: "A JVM needs memory beside its heap; the kernel would end the node.",
        example: Keys(
            "corda: { image: \"registry.example/corda/corda-node:4.10\", heap: 1Gi, memory: 1Gi }\n",
        ),
        fix: "Leave `memory` out: it follows from the heap. Or raise it.",
    },
    Entry {
        code: "topology::vertical-scaling",
        title: "limits of scaling that contradict",
        cause: "The most memory that the autoscaler may choose is below the least.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  verticalScaling: { mode: initial, leastMemory: 4Gi, mostMemory: 2Gi }\n",
        ),
        fix: "Raise `mostMemory`; the component's own memory is the least unless `leastMemory` says otherwise.",
    },
    Entry {
        code: "topology::outlives-authority",
        title: "a certificate that outlives what signed it",
        cause: "A certificate ends at the latest when its authority's does, whatever it says itself.",
        example: Keys("certificates: { lifetimes: { root: 365d, subordinate: 3650d } }\n"),
        fix: "Shorten it, or give its authority a longer life.",
    },
    Entry {
        code: "topology::address",
        title: "not an address",
        cause: "An address is a host name or IP address with a port: `host:port`.",
        example: Keys(
            "corda: { image: \"registry.example/corda/corda-node:4.10\", database: { kind: postgresql, address: db.bank.example, name: corda, user: corda, password: { environment: CORDA_DATABASE } } }\n",
        ),
        fix: "Write it like `db.bank.example:5432`.",
    },
    Entry {
        code: "topology::ip-address",
        title: "not an IP address",
        cause: "A static address is an IP address: a load balancer is asked for it as it stands.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    host: bank-a.trade.example\n    exposure: { type: loadBalancer, address: bank-a.trade.example }\n",
        ),
        fix: "Write an address such as `192.0.2.10`; the name belongs into `host`.",
    },
    Entry {
        code: "topology::ip-range",
        title: "not a range of IP addresses",
        cause: "A policy lets a Pod call addresses, each as it stands: an address, or a range whose first address stands \
                before the `/`. A range with a prefix of less than 8 bits is no place but nearly everywhere.",
        example: Keys(
            "corda: { image: \"registry.example/corda/corda-node:4.10\", database: { kind: postgresql, address: \"db.bank.example:5432\", addresses: [0.0.0.0/0], name: corda, user: corda, password: { environment: CORDA_DATABASE } } }\n",
        ),
        fix: "Write addresses like `10.20.0.5` and ranges like `10.20.0.0/24`.",
    },
    Entry {
        code: "topology::no-addresses",
        title: "a server of which only the name is known",
        cause: "NetworkPolicies know no DNS names. Whoever calls a server outside of the cluster would have to be let out to \
                everywhere, and so would whoever takes it over. The Signing Service asks no DNS at all: the names of its \
                servers stand in its hosts file, so that it needs each single address.",
        example: Keys(
            "corda: { image: \"registry.example/corda/corda-node:4.10\", database: { kind: postgresql, address: \"db.bank.example:5432\", name: corda, user: corda, password: { environment: CORDA_DATABASE } } }\n",
        ),
        fix: "Add `addresses:` with the IP addresses or ranges of the server, e.g. those of its subnet. A Service of the \
              cluster (`NAME.NAMESPACE.svc`) needs none.",
    },
    Entry {
        code: "topology::url",
        title: "not a URL that is taken",
        cause: "What is fetched is fetched over HTTPS, and credentials do not belong into a file.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  cordapps: { sources: [{ url: \"http://repository.example/app.jar\", sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 }] }\n",
        ),
        fix: "Write an `https://` URL without user, query and fragment.",
    },
    Entry {
        code: "topology::sha256",
        title: "not a SHA-256",
        cause: "A SHA-256 has 64 hexadecimal digits, in lower case.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  cordapps: { sources: [{ url: \"https://repository.example/app.jar\", addresses: [10.20.0.6], sha256: 9f86d081 }] }\n",
        ),
        fix: "Write what `sha256sum` prints for the file.",
    },
    Entry {
        code: "topology::cordapp-source",
        title: "a CorDapp from nowhere, or unproved",
        cause: "CorDapps come from an image or from a URL, and what comes from a URL is proved by its SHA-256.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  cordapps: { sources: [{ url: \"https://repository.example/app.jar\", addresses: [10.20.0.6] }] }\n",
        ),
        fix: "Name exactly one of `image` and `url`, and add `sha256` to the latter.",
    },
    Entry {
        code: "topology::image-path",
        title: "not a folder in an image",
        cause: "The path is that of a folder in the image, seen from the image's root, and stays in it.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  cordapps: { sources: [{ image: { image: \"registry.example/cordapps:1.0\", path: ../cordapps } }] }\n",
        ),
        fix: "Write it without a leading `/` and without `..`.",
    },
    Entry {
        code: "topology::public-key",
        title: "not a public key",
        cause: "The owner of a Java package is known by a public key, a PEM block that begins with \
                `-----BEGIN PUBLIC KEY-----`.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  networkMap: { parameters: { packageOwnership: [{ package: com.bank, publicKey: bank.pem }] } }\n",
        ),
        fix: "Write the block itself, as `openssl pkey -pubout` prints it.",
    },
    Entry {
        code: "topology::package-overlap",
        title: "a package with two owners",
        cause: "Network parameters name one owner for a package and all that lies in it; with two they are refused.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  identityManager: { approval: automatic }\n  networkMap:\n    parameters:\n      packageOwnership:\n        - { package: com.bank, publicKey: \"-----BEGIN PUBLIC KEY-----\\nMFkw\\n-----END PUBLIC KEY-----\" }\n        - { package: com.bank.loans, publicKey: \"-----BEGIN PUBLIC KEY-----\\nMFkw\\n-----END PUBLIC KEY-----\" }\n",
        ),
        fix: "Remove the inner package, or name packages beside each other.",
    },
];
