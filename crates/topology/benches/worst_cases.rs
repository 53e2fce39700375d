//! Inputs of about 1 MiB, each made to cost as much as it can. `limits` measures them, a test reads each.

use std::fmt::Write as _;

/// What each has, in bytes.
const SIZE: usize = 1024 * 1024;

/// A name, and what makes the text.
pub(crate) type Case = (&'static str, fn() -> String);

/// All of them.
pub(crate) const ALL: &[Case] = &[
    ("brackets", || "[".repeat(SIZE)),
    ("braces", || "{a: ".repeat(SIZE / 4)),
    ("nested blocks", nested_blocks),
    ("nested lists", || "- ".repeat(SIZE / 2)),
    ("alias bomb", alias_bomb),
    ("anchors", || {
        lines("key", |number| format!("k{number}: &a{number} 1"))
    }),
    ("aliases", || format!("a: &a 1\nb: [{}]", "*a, ".repeat(SIZE / 4))),
    ("merge keys", || {
        lines("participants", |_| "  - <<: {}".to_owned())
    }),
    ("tags", || format!("a: [{}]", "!!str a, ".repeat(SIZE / 9))),
    ("documents", || "--- a\n".repeat(SIZE / 6)),
    ("comments", || "#\n".repeat(SIZE / 2)),
    ("one comment", || format!("#{}", " ".repeat(SIZE))),
    ("empty lines", || "\n".repeat(SIZE)),
    ("spaces", || " ".repeat(SIZE)),
    ("tabs", || format!("name:\n{}", "\t".repeat(SIZE))),
    ("carriage returns", || "a: 1\r".repeat(SIZE / 5)),
    ("control characters", || "\u{1}".repeat(SIZE)),
    ("turned text", || format!("name: {}", "\u{202e}".repeat(SIZE / 3))),
    ("duplicate keys", || "name: a\n".repeat(SIZE / 8)),
    ("duplicate keys in one line", || {
        format!("{{{}}}", "a: 1, ".repeat(SIZE / 6))
    }),
    ("unknown keys", || lines("key", |number| format!("k{number}: 1"))),
    ("unknown keys in one line", || {
        format!("{{{}}}", list(|number| format!("k{number}: 1")))
    }),
    ("keys close to one that exists", || {
        lines("key", |number| format!("participant{number}: 1"))
    }),
    ("a long key", || format!("{}: 1", "k".repeat(SIZE))),
    ("a long name", || valid("name", &"a".repeat(SIZE))),
    ("a long host", || valid("domain", &"a.".repeat(SIZE / 2))),
    ("a long legal name", || valid("operator", &",".repeat(SIZE))),
    ("a long attribute", || {
        valid("operator", &format!("O={}, L=Oslo, C=NO", "é".repeat(SIZE / 2)))
    }),
    ("a long quoted text", || {
        valid("operator", &format!("\"{}\"", "\\u00e9".repeat(SIZE / 6)))
    }),
    ("a long block", || {
        valid("operator", &format!("|\n{}", "  a: b\n".repeat(SIZE / 7)))
    }),
    ("digits", || valid("name", &"1".repeat(SIZE))),
    ("words for participants", || list_of("participants", "a, ")),
    ("nothing for participants", || {
        format!("participants:\n{}", "-\n".repeat(SIZE / 2))
    }),
    ("empty mappings for participants", || {
        list_of("participants", "{}, ")
    }),
    ("empty lists", || list_of("participants", "[], ")),
    ("participants", || {
        participants(|number| format!("O=Bank {number}, L=Oslo, C=NO"), "")
    }),
    ("participants of one legal name", || {
        participants(|_| "O=Bank, L=Oslo, C=NO".to_owned(), "")
    }),
    ("participants of no legal name", || {
        participants(|number| format!("{number}"), "")
    }),
    ("participants with unknown keys", || {
        participants(
            |number| format!("O=Bank {number}, L=Oslo, C=NO"),
            ", heep: 1, prots: 2",
        )
    }),
    ("references to nothing", || {
        participants(
            |number| format!("O=Bank {number}, L=Oslo, C=NO"),
            ", rpcClients: [{name: pay, image: \"a:1\", counterparties: [bonk, benk]}]",
        )
    }),
    ("secrets", || {
        lines("key", |number| {
            format!("password{number}Password: correct-horse-{number}")
        })
    }),
    ("secrets in one line", || {
        format!("a: [{}]", list(|number| format!("--password=horse{number}")))
    }),
    ("random text", || {
        valid("name", &"kV8sQ2nXc7Lr4TzP9wYb3HdJ6mFg1RaU".repeat(SIZE / 32))
    }),
    ("broken after secrets", || {
        format!("{}]", lines("key", |number| format!("password: {number}")))
    }),
    ("patterns", || {
        format!("include: [{}]", list(|number| format!("a{number}/*.yaml")))
    }),
    ("patterns with alternatives", || {
        format!("include: [\"{}\"]", "{a,b}".repeat(SIZE / 5))
    }),
    ("patterns with stars", || {
        format!("include: [\"{}\"]", "**/".repeat(SIZE / 3))
    }),
];

/// Keys of a topology, with one of them replaced.
fn valid(key: &str, value: &str) -> String {
    let others = [
        "name: trade",
        "domain: trade.example",
        "operator: O=Trade, L=London, C=GB",
    ];
    let mut text = String::from("profile: trial\n");
    for line in others.iter().filter(|line| !line.starts_with(key)) {
        let _infallible = writeln!(text, "{line}");
    }
    let _infallible = write!(
        text,
        "cenm: {{version: \"1.7\", image: \"registry.example/cenm:1.7.2\", identityManager: {{approval: automatic}}}}\n\
         corda: {{image: \"registry.example/corda:4.10\"}}\n\
         notaries: [{{name: notary, legalName: \"O=Notary, L=London, C=GB\", serviceLegalName: \"O=Service, L=London, C=GB\"}}]\n\
         {key}: {value}\n"
    );
    text
}

/// A valid topology of participants.
pub(crate) fn participants(legal_name: impl Fn(usize) -> String, more: &str) -> String {
    let mut text = String::from("\n");
    for number in 0.. {
        if text.len() >= SIZE {
            break;
        }
        let _infallible = writeln!(
            text,
            "  - {{name: bank-{number}, legalName: \"{}\"{more}}}",
            legal_name(number)
        );
    }
    valid("participants", &text)
}

fn list_of(key: &str, item: &str) -> String {
    valid(key, &format!("[{}]", item.repeat(SIZE / item.len())))
}

fn list(item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= SIZE {
            break;
        }
        let _infallible = write!(text, "{}, ", item(number));
    }
    text
}

fn lines(first: &str, line: impl Fn(usize) -> String) -> String {
    let mut text = format!("{first}:\n");
    for number in 0.. {
        if text.len() >= SIZE {
            break;
        }
        let _infallible = writeln!(text, "{}", line(number));
    }
    text
}

fn nested_blocks() -> String {
    let mut text = String::new();
    for depth in 0.. {
        if text.len() >= SIZE {
            break;
        }
        let _infallible = writeln!(text, "{:depth$}a:", "");
    }
    text
}

fn alias_bomb() -> String {
    let mut text = String::from("a0: &a0 [x]\n");
    for number in 1.. {
        if text.len() >= SIZE {
            break;
        }
        let before = format!("*a{}, ", number - 1);
        let _infallible = writeln!(text, "a{number}: &a{number} [{}]", before.repeat(10));
    }
    text
}
