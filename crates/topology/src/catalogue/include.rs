//! `include:`.

use super::{
    Entry,
    Example::{Keys, Words},
};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "topology::include-pattern",
        title: "no pattern of `include`",
        cause: "A pattern is relative to the folder of the topology file and stays in it, so that this folder is all \
                that a review must see. `*`, `?`, `[…]`, `{a,b}` and `**` may stand in it.",
        example: Keys("include: [../shared/participants.yaml]\n"),
        fix: "Put the files beside or below the topology file.",
    },
    Entry {
        code: "topology::include-nothing",
        title: "a pattern that matches no file",
        cause: "A network without the participants that somebody thought to have included would be rolled out as if \
                it was complete. Hidden files and folders do not count.",
        example: Keys("include: [members/*.yaml]\n"),
        fix: "Check the pattern, which is relative to the folder of the topology file; `**` matches folders in folders.",
    },
    Entry {
        code: "topology::include-twice",
        title: "a file that is included twice",
        cause: "Two patterns match one file, or one matches the topology file itself. Its participants would be there \
                twice.",
        example: Keys("include: [banks/a.yaml, banks/*.yaml]\n"),
        fix: "Let every file match one pattern.",
    },
    Entry {
        code: "topology::include-outside",
        title: "a link that leads out of the folder",
        cause: "A symbolic link to a place outside of the topology's folder would be read from each machine's own disk.",
        example: Words("`participants/bank-a.yaml` is a link to `/home/me/bank-a.yaml`"),
        fix: "Copy the file into the folder.",
    },
    Entry {
        code: "topology::include-unreadable",
        title: "an included file that cannot be read",
        cause: "The operating system refused to read a file or folder, or it is no regular file.",
        example: Words("a file whose mode does not let you read it"),
        fix: "The message holds the system's own words: check that it is a file, and that you may read it.",
    },
    Entry {
        code: "topology::nested-include",
        title: "an included file that includes others",
        cause: "The topology file names all files, so that a reader knows what to read.",
        example: Words("`include:` in a file that is included itself"),
        fix: "Name all files in the topology file; `participants/**/*.yaml` matches those of folders in folders.",
    },
    Entry {
        code: "topology::not-includable",
        title: "a key that belongs into the topology file",
        cause: "Included files may hold `participants`, `notaries` and `classes`: lists that grow. What the network as a \
                whole is stands in one place.",
        example: Words("`domain:` in an included file"),
        fix: "Move the key into the topology file.",
    },
];
