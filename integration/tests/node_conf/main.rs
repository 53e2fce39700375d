//! `node.conf` as `product-config` writes it, read by Corda Community's own strict parser.
//!
//! No cluster is needed, only a JDK and Maven, which builds the checker.

mod parser;
mod random;
mod samples;

use std::collections::BTreeMap;

use product_config::{
    CordaRelease, CordaVersion,
    node_conf::{Kind, NodeKey, Overrides, Owner, Setting, documented_keys},
};
use serde_json::Value;

use parser::{documented_by_the_parser, errors_of};
use samples::{Node, notary, participant, sample, wrong};

const COMMUNITY: CordaRelease = CordaRelease::community(CordaVersion::V4_10);

/// Files by a name for the report.
type Files = BTreeMap<String, String>;

#[test]
fn rendered_files_are_accepted() {
    let files: Files = samples::files().into_iter().collect();
    let errors = errors_of(&files);
    assert!(
        files.len() > 8 && errors.values().all(Vec::is_empty),
        "{errors:#?}"
    );
}

/// Each key that an operator may set, as an override of its own.
#[test]
fn every_documented_key_is_accepted() {
    let mut files = Files::new();
    for key in documented_keys().iter().filter(|key| key.is_known_to(COMMUNITY)) {
        let Some(setting) = sample(key, COMMUNITY) else {
            continue;
        };
        // Keys of the notary need one.
        let node: Node = if key.name == "notary" { notary } else { participant };
        let mut conf = node();
        conf.overrides.insert(key.name.to_owned(), setting);
        files.insert(
            key.name.to_owned(),
            conf.to_hocon(COMMUNITY).expect("the check takes it"),
        );
    }
    let errors = errors_of(&files);
    assert!(
        files.len() > 30 && errors.values().all(Vec::is_empty),
        "{errors:#?}"
    );
}

/// The check of overrides takes nothing that the node would refuse.
#[test]
fn whatever_the_check_takes_is_accepted() {
    let mut files = Files::new();
    for (index, overrides) in random::overrides(400).into_iter().enumerate() {
        let mut conf = notary();
        conf.overrides = overrides;
        if let Ok(text) = conf.to_hocon(COMMUNITY) {
            files.insert(index.to_string(), text);
        }
    }
    let errors = errors_of(&files);
    let refused: Vec<_> = errors
        .iter()
        .filter(|(_, errors)| !errors.is_empty())
        .map(|(name, errors)| (errors, &files[name]))
        .collect();
    assert!(files.len() > 200, "only {} of 400 pass the check", files.len());
    assert!(
        refused.is_empty(),
        "{} refused, the first: {:#?}",
        refused.len(),
        refused.first()
    );
}

/// Keys that the table says a block needs.
#[test]
fn a_block_without_what_it_needs_is_refused() {
    let mut files = Files::new();
    for key in documented_keys().iter().filter(|key| key.is_known_to(COMMUNITY)) {
        let Some(whole) = sample(key, COMMUNITY) else {
            continue;
        };
        for (number, lacking) in lacking(&key.kind, &whole).into_iter().enumerate() {
            let mut conf = notary();
            conf.overrides.insert(key.name.to_owned(), lacking);
            conf.to_hocon(COMMUNITY).expect_err("the check tells it");
            // What the check would not let through, the writer is not asked for.
            let text = notary().to_hocon(COMMUNITY).expect("it can be written");
            let overrides = serde_json::to_string(&json(&conf.overrides)).expect("it is JSON");
            files.insert(
                format!("{} {number}", key.name),
                format!("{text}\n{}", &overrides[1..overrides.len() - 1]),
            );
        }
    }
    let errors = errors_of(&files);
    assert!(files.len() >= 4 && accepted(&errors).is_empty(), "{errors:#?}");
}

/// What the table says of a key's type, the parser says too.
#[test]
fn values_of_a_wrong_type_are_refused() {
    let base = notary().to_hocon(COMMUNITY).expect("it can be written");
    let mut files = Files::new();
    for (path, kind) in leaves(|key| key.is_known_to(COMMUNITY)) {
        // What is below these is read later, by the connection pool and the launcher.
        let free = ["dataSourceProperties.", "custom."];
        if free.iter().any(|block| path.starts_with(block)) {
            continue;
        }
        if let Some(value) = wrong(kind) {
            files.insert(path.clone(), format!("{base}\n{path} = {value}\n"));
        }
    }
    let errors = errors_of(&files);
    let accepted: Vec<_> = accepted(&errors);
    assert!(
        files.len() > 50 && accepted.is_empty(),
        "taken although wrong: {accepted:#?}"
    );
}

#[test]
fn keys_of_corda_enterprise_are_refused() {
    let base = notary().to_hocon(COMMUNITY).expect("it can be written");
    let files: Files = leaves(|key| !key.is_known_to(COMMUNITY))
        .into_iter()
        // `custom` is free in the parser: what a launcher makes of it is its own affair.
        .filter(|(path, _)| !path.starts_with("custom."))
        .map(|(path, _)| (path.clone(), format!("{base}\n{path} = x\n")))
        .collect();
    let errors = errors_of(&files);
    let accepted = accepted(&errors);
    assert!(files.len() > 15 && accepted.is_empty(), "{accepted:#?}");
    let known: Vec<_> = errors
        .iter()
        .filter(|(_, errors)| !errors.iter().any(|error| error.contains("Unknown property")))
        .collect();
    assert!(known.is_empty(), "refused for another reason: {known:#?}");
}

#[test]
fn unknown_and_missing_keys_are_refused() {
    let base = participant().to_hocon(COMMUNITY).expect("it can be written");
    let without = |key: &str| -> String {
        let lines = base.lines().filter(|line| !line.starts_with(key));
        lines.collect::<Vec<_>>().join("\n")
    };
    let files: Files = [
        ("unknown", format!("{base}\nflowTimeOut = 1\n")),
        ("unknown below", format!("{base}\nrpcSettings.adress = \"a:1\"\n")),
        ("no name", without("myLegalName")),
        ("no address", without("p2pAddress")),
        ("not HOCON", format!("{base}\n}}\n")),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into();
    let errors = errors_of(&files);
    assert_eq!(accepted(&errors), Vec::<&str>::new());
    assert!(errors["unknown"][0].contains("flowTimeOut"), "{errors:#?}");
    assert!(errors["no name"][0].contains("myLegalName"), "{errors:#?}");
}

/// The table of documented keys is the parser's specification, no key more and none less.
#[test]
fn the_table_is_the_parsers_own() {
    assert_eq!(tree(documented_keys()), documented_by_the_parser());
}

fn accepted(errors: &BTreeMap<String, Vec<String>>) -> Vec<&str> {
    errors
        .iter()
        .filter(|(_, errors)| errors.is_empty())
        .map(|(name, _)| name.as_str())
        .collect()
}

/// Paths of the keys that `wanted` picks, outside of lists. A block is entered when the node knows it, else it is
/// picked or not as a whole.
fn leaves(wanted: impl Fn(&NodeKey) -> bool) -> Vec<(String, &'static Kind)> {
    fn walk(
        keys: &'static [NodeKey],
        path: &str,
        wanted: &dyn Fn(&NodeKey) -> bool,
        leaves: &mut Vec<(String, &'static Kind)>,
    ) {
        for key in keys {
            let path = format!("{path}{}", key.name);
            match &key.kind {
                Kind::Block(below) if key.is_known_to(COMMUNITY) => {
                    walk(below, &format!("{path}."), wanted, leaves);
                }
                kind if wanted(key) => leaves.push((path, kind)),
                _ => {}
            }
        }
    }
    let mut leaves = Vec::new();
    walk(documented_keys(), "", &wanted, &mut leaves);
    leaves
}

/// The table's keys for Community as the parser prints its own: keys below, or nothing.
fn tree(keys: &'static [NodeKey]) -> Value {
    fn below(kind: &'static Kind) -> Value {
        match kind {
            Kind::Block(keys) => tree(keys),
            Kind::List(element) => below(element),
            _ => Value::Null,
        }
    }
    keys.iter()
        .filter(|key| key.is_known_to(COMMUNITY))
        // Its own keys are Hikari's and the launcher's: for the parser they are free.
        .map(|key| match key.name {
            "dataSourceProperties" | "custom" => (key.name.to_owned(), Value::Null),
            _ => (key.name.to_owned(), below(&key.kind)),
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// `setting` once for each required key below it, which is missing then.
fn lacking(kind: &'static Kind, setting: &Setting) -> Vec<Setting> {
    match (kind, setting) {
        (Kind::List(element), Setting::List(settings)) => lacking(element, &settings[0])
            .into_iter()
            .map(|lacking| Setting::List(vec![lacking]))
            .collect(),
        (Kind::Block(keys), Setting::Mapping(settings)) => {
            let mut found = Vec::new();
            for key in keys.iter().filter(|key| settings.contains_key(key.name)) {
                let with = |changed: Option<Setting>| {
                    let mut settings = settings.clone();
                    settings.shift_remove(key.name);
                    settings.extend(changed.map(|setting| (key.name.to_owned(), setting)));
                    Setting::Mapping(settings)
                };
                if key.required {
                    found.push(with(None));
                }
                let below = lacking(&key.kind, &settings[key.name]);
                found.extend(below.into_iter().map(|setting| with(Some(setting))));
            }
            found
        }
        _ => Vec::new(),
    }
}

/// Settings as JSON, which is HOCON.
fn json(overrides: &Overrides) -> Value {
    fn value(setting: &Setting) -> Value {
        match setting {
            Setting::Text(text) => text.as_str().into(),
            Setting::Integer(number) => (*number).into(),
            Setting::Decimal(number) => (*number).into(),
            Setting::Boolean(boolean) => (*boolean).into(),
            Setting::List(settings) => settings.iter().map(value).collect(),
            Setting::Mapping(settings) => json(settings),
        }
    }
    let entries = overrides.iter();
    entries
        .map(|(key, setting)| (key.clone(), value(setting)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Whether an operator may set it.
fn is_free(key: &NodeKey) -> bool {
    key.owner == Owner::Operator
}

/// A setting under some keys, the outermost first.
fn below(keys: &[&str], setting: Setting) -> Setting {
    keys.iter().rev().fold(setting, |setting, key| {
        Setting::Mapping([((*key).to_owned(), setting)].into_iter().collect())
    })
}
