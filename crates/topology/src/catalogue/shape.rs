//! Keys and the types of their values.

use super::{
    Entry,
    Example::{Keys, Words},
};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::unknown-key",
        title: "a key that does not exist",
        cause: "A mapping has no such key. It is refused rather than ignored: a misspelt setting would silently have \
                no effect.",
        example: Keys("corda:\n  heep: 1Gi\n"),
        fix: "The help names the nearest key, or all that the mapping may have.",
    },
    Entry {
        code: "topology::missing-key",
        title: "a required key is missing",
        cause: "A key that has no default is not there, or has no value.",
        example: Keys("domain:\n"),
        fix: "Add the key with a value.",
    },
    Entry {
        code: "topology::wrong-type",
        title: "a value of the wrong type",
        cause: "The key wants another type: text, a whole number, a boolean, a list or a mapping. YAML makes a number \
                of `1.7` and a boolean of `true`.",
        example: Keys("corda: { version: 4.10 }\n"),
        fix: "Put text that looks like a number or a boolean into quotation marks: `\"4.10\"`. A list begins each item \
              with `- `, or stands in `[…]`.",
    },
    Entry {
        code: "topology::out-of-range",
        title: "a number outside of its limits",
        cause: "A number is smaller or larger than what the product or Kubernetes takes. Ports of nodes begin at 1024: \
                those below need a privilege that the Pods do not have.",
        example: Keys(
            "participants:\n  - name: bank-a\n    legalName: O=Bank A, L=Oslo, C=NO\n    ports: { p2p: 443 }\n",
        ),
        fix: "Stay within the limits that the message names.",
    },
    Entry {
        code: "topology::unknown-choice",
        title: "a word that is not among those that may stand here",
        cause: "The key takes one of a few words.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  identityManager: { approval: sometimes }\n",
        ),
        fix: "Write one of the words that the help names.",
    },
    Entry {
        code: "topology::one-of",
        title: "none of the ways, or two at once",
        cause: "Exactly one of the mapping's keys must be there: each is another way.",
        example: Keys("ingress:\n  tls: { own: true, secret: trade-tls }\n"),
        fix: "Keep one of the keys that the help names.",
    },
    Entry {
        code: "topology::too-many",
        title: "a list that is too long",
        cause: "A list may have 10,000 items, with those of included files. Each participant has a namespace of its own, \
                and Kubernetes is made for ten thousand of them.",
        example: Words("a pattern of `include` that matches the members of all networks"),
        fix: "Part the network, or look for what repeats itself.",
    },
    Entry {
        code: "topology::approval",
        title: "an approval that is incomplete",
        cause: "Approval by Jira or by a plugin of your own needs what it is done with: the project, or the plugin.",
        example: Keys(
            "cenm:\n  version: \"1.7\"\n  image: registry.example/cenm/enterprise-services:1.7.2\n  identityManager: { approval: jira }\n",
        ),
        fix: "Add what the help names.",
    },
];
