//! Files that are no topology before a single key is looked at.

use super::{
    Entry,
    Example::{Keys, Words},
};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::yaml",
        title: "the file is not YAML",
        cause: "The text cannot be read as YAML 1.2. The message is about the first place that makes no sense; the \
                mistake may stand a little before it.",
        example: Keys("corda:\n  image: registry.example/corda/corda-node:4.10\n    heap: 1Gi\n"),
        fix: "Keys of one mapping begin in the same column, a colon is followed by a space, and a value that holds \
              `: `, ` #` or begins with a bracket needs quotation marks.",
    },
    Entry {
        code: "topology::tab",
        title: "a tab where only spaces may stand",
        cause: "YAML has no tabs in indentation, because nobody agrees how wide one is.",
        example: Keys("corda:\n\theap: 1Gi\n"),
        fix: "Indent with spaces; most editors can be told to write them when the tabulator key is pressed.",
    },
    Entry {
        code: "topology::empty-file",
        title: "the file declares nothing",
        cause: "The file is empty, or holds nothing but comments.",
        example: Words("a file of zero bytes"),
        fix: "Begin with `topologies/quickstart.yaml`. An included file that has nothing to say yet can be taken out of \
              `include`.",
    },
    Entry {
        code: "topology::several-documents",
        title: "a second document",
        cause: "One file declares one network. What stands behind a `---` would be another document, and would \
                silently not be rolled out.",
        example: Keys("---\nname: another\n"),
        fix: "Write one network a file; put parts of one network into files of their own by `include`.",
    },
    Entry {
        code: "topology::duplicate-key",
        title: "a key stands twice in one mapping",
        cause: "Only one of the two values could count, and readers of YAML differ in which.",
        example: Keys("storage: { className: fast, className: slow }\n"),
        fix: "Remove one of the two.",
    },
    Entry {
        code: "topology::anchor",
        title: "an anchor or alias",
        cause: "`&name` and `*name` repeat parts of a file by reference. In a review they hide what a participant gets, \
                and a few of them can expand to gigabytes.",
        example: Keys("corda: &shared { heap: 1Gi }\nstorage: *shared\n"),
        fix: "What nodes share belongs into `corda`, or into a class that they name.",
    },
    Entry {
        code: "topology::merge-key",
        title: "a merge key",
        cause: "`<<` is templating of YAML 1.1 and no part of YAML 1.2.",
        example: Keys("corda:\n  <<: { heap: 1Gi }\n"),
        fix: "What nodes share belongs into `corda`, or into a class that they name.",
    },
    Entry {
        code: "topology::tag",
        title: "a tag",
        cause: "`!name` and `!!name` change how a value is read. A topology has text, numbers, booleans, lists and \
                mappings only, and its keys know what they want.",
        example: Keys("corda: { version: !!str 4.10 }\n"),
        fix: "Remove it. Quotation marks make text of what looks like a number.",
    },
    Entry {
        code: "topology::nesting",
        title: "nested too deep",
        cause: "Mappings and lists stand in each other more than 32 deep, which no key asks for.",
        example: Keys("storage: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"),
        fix: "Look for a bracket or an indentation too many.",
    },
    Entry {
        code: "topology::encoding",
        title: "the file is not UTF-8",
        cause: "A byte of it is no part of a UTF-8 character. The file was saved as UTF-16 or Latin-1, or is no text.",
        example: Words("a file that an editor on Windows saved as \"Unicode\""),
        fix: "Save it as UTF-8, with or without a byte order mark.",
    },
    Entry {
        code: "topology::control-character",
        title: "a character that cannot be seen",
        cause: "Control characters, characters without width and those that turn the direction of text make a line \
                look other than what is read: a review would approve something else.",
        example: Words("a legal name with a U+202E, behind which `HCNAB` is shown as `BANCH`"),
        fix: "Remove it, or write it as an escape in quotation marks where a value really needs it: `\"\\u200d\"`.",
    },
    Entry {
        code: "topology::too-large",
        title: "the files are too large",
        cause: "All files of a topology together may have 16 MiB, room for a hundred thousand participants. More is a \
                mistake in a path or a pattern.",
        example: Words("the path of a database dump"),
        fix: "Check the path, and what the patterns of `include` match.",
    },
    Entry {
        code: "topology::plain-secret",
        title: "a secret in clear",
        cause: "A topology lies in git and goes through reviews: what stands in it is known. Refused are values of keys \
                that ask for a password, token or PIN, private keys, web tokens, tokens of cloud providers, URLs with a \
                password, and long random texts. The report does not repeat the value.",
        example: Keys("corda:\n  jvmArguments: [-Djavax.net.ssl.keyStorePassword=correct-horse]\n"),
        fix: "Put the value into a Secret and name that. If it was a real one it is known now: change it.",
    },
    Entry {
        code: "topology::default-password",
        title: "a password that R3 publishes",
        cause: "Images, charts and samples of CENM and Corda come with passwords that everybody knows.",
        example: Keys("corda:\n  jvmArguments: [-Djavax.net.ssl.trustStorePassword=trustpass]\n"),
        fix: "Leave passwords out: they are generated. Where you need one of your own, put it into a Secret.",
    },
];
