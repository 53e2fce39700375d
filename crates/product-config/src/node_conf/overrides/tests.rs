use proptest::prelude::*;

use super::*;
use crate::{hocon, version::CordaVersion};

fn community() -> CordaRelease {
    CordaRelease::community(CordaVersion::V4_10)
}

fn enterprise() -> CordaRelease {
    CordaRelease::enterprise("4.12".parse().expect("it is a release"))
}

fn text(text: &str) -> Setting {
    Setting::Text(text.into())
}

fn mapping<const N: usize>(entries: [(&str, Setting); N]) -> Setting {
    Setting::Mapping(overrides(entries))
}

fn overrides<const N: usize>(entries: [(&str, Setting); N]) -> Overrides {
    entries.map(|(key, setting)| (key.to_owned(), setting)).into()
}

/// The problems, a line each.
fn told(overrides: &Overrides, release: CordaRelease) -> String {
    let problems = check_overrides(overrides, release);
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn documented_keys_of_the_right_shape_are_taken() {
    let taken = overrides([
        (
            "flowTimeout",
            mapping([
                ("timeout", text("30 seconds")),
                ("backoffBase", Setting::Integer(2)),
            ]),
        ),
        ("flowMonitorPeriodMillis", Setting::Integer(60_000)),
        (
            "additionalP2PAddresses",
            Setting::List(vec![text("p2p-2.bank.example:10200")]),
        ),
        ("jmxMonitoringHttpPort", Setting::Integer(7005)),
        ("transactionCacheSizeMegaBytes", Setting::Integer(64)),
        (
            "systemProperties",
            mapping([("a.b", mapping([("c", Setting::Boolean(true))]))]),
        ),
        (
            "flowOverrides",
            mapping([(
                "overrides",
                Setting::List(vec![mapping([
                    ("initiator", text("a.A")),
                    ("responder", text("b.B")),
                ])]),
            )]),
        ),
        (
            "dataSourceProperties",
            mapping([("maximumPoolSize", Setting::Integer(20))]),
        ),
    ]);
    assert_eq!(told(&taken, community()), "");
    assert_eq!(told(&taken, enterprise()), "");
}

#[test]
fn every_problem_is_told_by_its_path() {
    let wrong = overrides([
        ("flowTimeOut", mapping([])),
        ("nothingLikeIt", Setting::Boolean(true)),
        ("myLegalName", text("O=Other, L=London, C=GB")),
        ("keyStorePassword", text("secret")),
        (
            "custom",
            mapping([("jvmArgs", Setting::List(vec![text("-Xmx1g")]))]),
        ),
        (
            "networkServices",
            mapping([
                ("doormanURL", text("http://elsewhere")),
                ("proxyType", text("HTTP")),
                ("csrToken", text("secret")),
            ]),
        ),
        (
            "flowTimeout",
            mapping([
                ("timeout", text("soon")),
                ("maxRestartCounts", Setting::Integer(1)),
            ]),
        ),
        ("jmxMonitoringHttpPort", Setting::Integer(70_000)),
        ("jmxReporterType", text("GRAPHITE")),
        ("crlCheckArtemisServer", text("yes")),
        (
            "additionalP2PAddresses",
            Setting::List(vec![text("ok:1"), text("p2p"), Setting::Integer(1)]),
        ),
        ("jarDirs", text("drivers")),
        ("h2Settings", text("0.0.0.0:9092")),
        (
            "flowOverrides",
            mapping([(
                "overrides",
                Setting::List(vec![mapping([("initiators", text("a.A"))])]),
            )]),
        ),
        ("systemProperties", mapping([("a", Setting::Decimal(f64::NAN))])),
        (
            "certificateChainCheckPolicies",
            Setting::List(vec![mapping([("role", text("peer"))])]),
        ),
        ("extraNetworkMapKeys", Setting::List(vec![text("not-a-uuid")])),
        ("transactionCacheSizeMegaBytes", Setting::Integer(1 << 40)),
        ("enterpriseConfiguration", mapping([("tuning", mapping([]))])),
        ("database", mapping([("schema", text("a"))])),
    ]);
    insta::assert_snapshot!("community", told(&wrong, community()));
    insta::assert_snapshot!("enterprise", told(&wrong, enterprise()));
}

#[test]
fn a_problem_names_its_place() {
    let list = Setting::List(vec![text("ok:1"), text("p2p")]);
    let problems = check_overrides(&overrides([("additionalP2PAddresses", list)]), community());
    let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_slice()).collect();
    let place = [PathPart::Key("additionalP2PAddresses".into()), PathPart::Index(1)];
    assert_eq!(paths, [place.as_slice()]);
}

#[test]
fn overrides_come_last_and_blocks_are_merged() {
    let mut file = Block::new()
        .with("crlCheckSoftFail", true)
        .with(
            "networkServices",
            Block::new().with("doormanURL", "http://doorman"),
        )
        .with("jarDirs", vec![Value::from("a"), Value::from("b")]);
    let over = overrides([
        ("crlCheckSoftFail", Setting::Boolean(false)),
        ("networkServices", mapping([("pnm", text("${HOME} \"x\"\n"))])),
        ("jarDirs", Setting::List(vec![text("c")])),
        ("flowTimeout", mapping([("backoffBase", Setting::Decimal(1.5))])),
        ("systemProperties", mapping([])),
    ]);
    merge(&mut file, &over);
    insta::assert_snapshot!(hocon::write(&file), @r#"
    crlCheckSoftFail = false
    networkServices {
      doormanURL = "http://doorman"
      pnm = "${HOME} \"x\"\n"
    }
    jarDirs = ["c"]
    flowTimeout {
      backoffBase = 1.5
    }
    systemProperties {}
    "#);
}

#[test]
fn the_table_names_each_key_once() {
    fn check(keys: &[NodeKey], path: &str) {
        for (index, key) in keys.iter().enumerate() {
            assert!(
                keys[..index].iter().all(|other| other.name != key.name),
                "{path}{} twice",
                key.name
            );
            check_kind(&key.kind, &format!("{path}{}.", key.name));
        }
    }
    fn check_kind(kind: &Kind, path: &str) {
        match kind {
            Kind::Block(keys) => check(keys, path),
            Kind::List(element) => check_kind(element, path),
            _ => {}
        }
    }
    check(documented_keys(), "");
}

/// Trees of any shape under any keys, some of them documented ones.
fn any_setting() -> impl Strategy<Value = Setting> {
    let leaf = prop_oneof![
        any::<String>().prop_map(Setting::Text),
        any::<i64>().prop_map(Setting::Integer),
        any::<f64>().prop_map(Setting::Decimal),
        any::<bool>().prop_map(Setting::Boolean),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Setting::List),
            prop::collection::vec((any_key(), inner), 0..4)
                .prop_map(|entries| Setting::Mapping(entries.into_iter().collect())),
        ]
    })
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "networkServices",
            "flowTimeout",
            "timeout",
            "notary",
            "extraConfig",
            "systemProperties",
            "custom",
            "database",
            "enterpriseConfiguration",
            "tuning",
            "flowThreadPoolSize",
            "additionalP2PAddresses",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn whatever_passes_the_check_can_be_written(entries in prop::collection::vec((any_key(), any_setting()), 0..6)) {
        let over: Overrides = entries.into_iter().collect();
        for release in [community(), enterprise()] {
            if check_overrides(&over, release).is_empty() {
                let mut file = Block::new().with("networkServices", Block::new().with("doormanURL", "x"));
                merge(&mut file, &over);
                // The writer reads it back and compares.
                let _text = hocon::write(&file);
            }
        }
    }

    #[test]
    fn free_blocks_hold_anything_finite(entries in prop::collection::vec((any::<String>(), any_setting()), 0..6)) {
        let free: Overrides = entries.into_iter().collect();
        let over = overrides([("systemProperties", Setting::Mapping(free))]);
        if check_overrides(&over, community()).is_empty() {
            let mut file = Block::new();
            merge(&mut file, &over);
            let _text = hocon::write(&file);
        }
    }
}
