//! Names, and what refers to them.

use super::{Entry, Example::Keys};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::network-name",
        title: "no name of a network",
        cause: "The network's name begins the names of all its namespaces: 1 to 24 lower-case letters, digits and `-`, \
                from a letter to a letter or digit. With more, names that are composed with it would pass the 63 \
                characters of Kubernetes.",
        example: Keys("name: Trade_Network\n"),
        fix: "Choose a short name, e.g. `trade`.",
    },
    Entry {
        code: "topology::component-name",
        title: "no name of a component",
        cause: "The name of a node or RPC client becomes the name of Kubernetes objects: 1 to 26 lower-case letters, \
                digits and `-`, from a letter to a letter or digit.",
        example: Keys("participants:\n  - { name: Bank_A, legalName: \"O=Bank A, L=Oslo, C=NO\" }\n"),
        fix: "Choose a short name, e.g. `bank-a`; what people shall read is the legal name.",
    },
    Entry {
        code: "topology::duplicate-name",
        title: "a name that is taken",
        cause: "Notaries and participants have one name space, and an RPC client shares its participant's namespace.",
        example: Keys("participants:\n  - { name: notary, legalName: \"O=Bank A, L=Oslo, C=NO\" }\n"),
        fix: "Give each a name of its own.",
    },
    Entry {
        code: "topology::reserved-name",
        title: "a name of the node's own objects",
        cause: "An RPC client lives in its participant's namespace, where names that begin with the participant's name \
                and `-` belong to the node itself.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    rpcClients:\n      - { name: bank-a-payment, image: registry.example/payment:1.0 }\n",
        ),
        fix: "Leave the participant's name out: `payment`.",
    },
    Entry {
        code: "topology::legal-name",
        title: "a legal name that Corda refuses",
        cause: "A legal name is an X.500 name with `O`, `L` and `C`, and maybe `CN`, `OU` and `ST`, each once. `C` is an \
                ISO 3166-1 code of two capital letters; `O` has at least two letters and begins with a capital; \
                `\"`, `\\`, `=`, `+`, `;`, `<`, `>` and two spaces in a row are not allowed.",
        example: Keys("participants:\n  - { name: bank-a, legalName: \"O=Bank A, L=London, C=UK\" }\n"),
        fix: "Write it like `O=Bank A, L=London, C=GB`. It stays in certificates and ledgers: choose it for good.",
    },
    Entry {
        code: "topology::duplicate-legal-name",
        title: "a legal name that is taken",
        cause: "Corda knows a party by its legal name, whatever the order of its parts. A notary's service has one of its \
                own, beside that of its node.",
        example: Keys(
            "participants:\n  - { name: bank-a, legalName: \"O=Bank, L=Oslo, C=NO\" }\n  - { name: bank-b, legalName: \"C=NO, L=Oslo, O=Bank\" }\n",
        ),
        fix: "Give each party, and each notary service, a legal name of its own.",
    },
    Entry {
        code: "topology::host-name",
        title: "no host name",
        cause: "A host is a DNS name of two labels or more, in lower case, and no IP address: the Identity Manager's \
                stands in every certificate and cannot be changed there.",
        example: Keys("domain: 192.0.2.1\n"),
        fix: "Write the whole name, e.g. `identity-manager.trade.example`.",
    },
    Entry {
        code: "topology::duplicate-host-name",
        title: "a host name that is taken",
        cause: "Two services have the same public host, so that one of them could not be reached.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  gateway: { host: cenm.trade.example }\n  networkMap: { host: cenm.trade.example }\n",
        ),
        fix: "Give each service a host of its own.",
    },
    Entry {
        code: "topology::unknown-reference",
        title: "a name that nobody has",
        cause: "A notary or participant is referred to that the topology does not declare.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    rpcClients:\n      - { name: payment, image: registry.example/payment:1.0, counterparties: [bank-b] }\n",
        ),
        fix: "The help names the nearest name that exists; or declare the participant.",
    },
    Entry {
        code: "topology::no-notary",
        title: "a network without a notary",
        cause: "Network parameters are made with the notaries' identities, and without a notary no state can change \
                hands.",
        example: Keys("notaries: []\n"),
        fix: "Add at least one under `notaries:`.",
    },
    Entry {
        code: "topology::object-name",
        title: "no name of a Kubernetes object",
        cause: "Objects of Kubernetes are named by lower-case letters, digits, `-` and `.`, up to 253 characters.",
        example: Keys("storage: { className: Fast_SSD }\n"),
        fix: "Write the name as `kubectl get` prints it.",
    },
    Entry {
        code: "topology::secret-key",
        title: "no key of a Secret",
        cause: "Keys of a Secret are letters, digits, `-`, `_` and `.`.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  database: { kind: postgresql, address: \"db.bank.example:5432\", addresses: [10.20.0.5], name: corda, user: corda, password: { secret: { name: database, key: the password } } }\n",
        ),
        fix: "Write the key as it stands in the Secret's `data`.",
    },
    Entry {
        code: "topology::variable-name",
        title: "no name of an environment variable",
        cause: "The deployer's environment variables are capital letters, digits and `_`, and do not begin with a digit.",
        example: Keys(
            "corda:\n  image: registry.example/corda/corda-node:4.10\n  database: { kind: postgresql, address: \"db.bank.example:5432\", addresses: [10.20.0.5], name: corda, user: corda, password: { environment: database-password } }\n",
        ),
        fix: "Write it like `BANK_A_DATABASE_PASSWORD`.",
    },
    Entry {
        code: "topology::store-path",
        title: "no path of a store",
        cause: "Paths in a store of secrets are letters, digits, `-`, `_` and `.`, in parts with `/` between them; with \
                `layout: names` there are no parts.",
        example: Keys("delivery: { externalSecrets: { store: bank, prefix: /corda } }\n"),
        fix: "Write it like `corda/trade`, without a `/` at either end.",
    },
    Entry {
        code: "topology::certificate-authority",
        title: "no certificate",
        cause: "The authority of a server's certificate is written as PEM text, as it stands in a `.crt` file.",
        example: Keys(
            "delivery:\n  vaultAgent: { address: \"https://vault.vault.svc:8200\", certificateAuthority: vault-ca }\n",
        ),
        fix: "Write the text from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`.",
    },
    Entry {
        code: "topology::label",
        title: "no label",
        cause: "Labels and taints are up to 63 letters, digits, `-`, `_` and `.`; a key may have a DNS prefix and `/`.",
        example: Keys("placement: { tolerations: [{ key: \"for corda\" }] }\n"),
        fix: "Write it as `kubectl get nodes --show-labels` prints it.",
    },
    Entry {
        code: "topology::operator-side-secret",
        title: "a secret that is needed elsewhere",
        cause: "The secret is used where Cordanetes runs, where no cluster is asked for it.",
        example: Keys(
            "custody:\n  pkcs11: { module: /usr/lib/token.so, token: trade, pin: { secret: { name: token, key: user } } }\n",
        ),
        fix: "Refer to an environment variable or to a file: `environment` or `file`.",
    },
    Entry {
        code: "topology::in-cluster-secret",
        title: "a file that is no text",
        cause: "A PKCS#12 file has bytes that no variable can carry, and files of the operator's side are read as text.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  signingService:\n    hsm:\n      azureKeyVault:\n        vault: https://trade.vault.azure.net\n        addresses: [192.0.2.10]\n        loginAddresses: [192.0.2.20]\n        clientId: client\n        tenantId: tenant\n        alias: principal\n        keyStore: { file: principal.p12 }\n        password: { secret: { name: vault, key: password } }\n        library: { image: \"registry.example/hsm/azure:1.0\" }\n",
        ),
        fix: "Put it into a Secret of the component's namespace and refer to that with `secret`, or use `external`.",
    },
    Entry {
        code: "topology::socket-directory",
        title: "no folder for a socket",
        cause: "The folder is mounted into two containers, so it is an absolute path without `.` and `..`.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  signingService:\n    hsm:\n      awsCloudHsm:\n        address: \"192.0.2.10:2223\"\n        user: signer\n        password: { secret: { name: hsm, key: password } }\n        daemon: { image: \"registry.example/hsm/daemon:1.0\", socketDirectory: run }\n        library: { image: \"registry.example/hsm/cloudhsm:1.0\" }\n",
        ),
        fix: "Write it as the daemon's settings do.",
    },
    Entry {
        code: "topology::token-module",
        title: "a library that would be looked for",
        cause: "The library gets the PIN of the token. Without an absolute path the loader decides by its own settings which \
                one that is.",
        example: Keys("custody:\n  pkcs11: { module: libsofthsm2.so, token: trade }\n"),
        fix: "Write its absolute path on the operator's machine.",
    },
    Entry {
        code: "topology::token-label",
        title: "no label of a token",
        cause: "PKCS#11 gives a token's label 32 bytes.",
        example: Keys(
            "custody:\n  pkcs11: { module: /usr/lib/token.so, token: the token of the operator of the network }\n",
        ),
        fix: "Write the label as the vendor's tools list it, e.g. `softhsm2-util --show-slots`.",
    },
    Entry {
        code: "topology::other-subzone",
        title: "a counterparty of another subzone",
        cause: "Nodes find each other on their Network Map, and each subzone has one of its own. A flow with a node of another subzone cannot start.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  identityManager: { approval: automatic }\n  subzones: [{ name: north }]\nparticipants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    rpcClients:\n      - { name: payment, image: \"registry.example/payment:1.0\", counterparties: [bank-b] }\n  - name: bank-b\n    legalName: O=Bank B, L=Oslo, C=NO\n    subzone: north\n",
        ),
        fix: "Name a counterparty of the same subzone, or move the node.",
    },
];
