//! Random overrides from the table of documented keys: valid ones and nearly valid ones.

use product_config::node_conf::{Kind, NodeKey, Overrides, Setting, documented_keys};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::{COMMUNITY, is_free};

/// That many trees, the same ones in each run.
pub(crate) fn overrides(count: usize) -> Vec<Overrides> {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let tree = block(documented_keys(), 0.08);
    (0..count)
        .map(|_| tree.new_tree(&mut runner).expect("nothing is filtered").current())
        .collect()
}

/// Some of the keys that an operator may set, the required ones mostly.
fn block(keys: &'static [NodeKey], share: f64) -> BoxedStrategy<Overrides> {
    keys.iter()
        .filter(|key| is_free(key) && key.is_known_to(COMMUNITY))
        .fold(Just(Overrides::new()).boxed(), |entries, key| {
            let share = if key.required { 0.98 } else { share };
            let setting = prop::option::weighted(share, setting(&key.kind));
            (entries, setting)
                .prop_map(|(mut entries, setting)| {
                    entries.extend(setting.map(|setting| (key.name.to_owned(), setting)));
                    entries
                })
                .boxed()
        })
}

fn setting(kind: &'static Kind) -> BoxedStrategy<Setting> {
    let text = |pattern: &'static str| pattern.prop_map(Setting::Text).boxed();
    match kind {
        Kind::Text => any::<String>().prop_map(Setting::Text).boxed(),
        Kind::Address => prop_oneof![
            text("[a-z0-9.-]{0,8}[a-z0-9:_\\[\\]/@-]{1,8}:[0-9]{1,5}"),
            text("[a-z][a-z0-9]{0,4}([.-][a-z0-9]{1,4}){0,2}:[1-9][0-9]{0,3}"),
            text("[0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,2}[.][0-9]{1,2}:[1-9][0-9]{0,3}"),
            text("\\[[0-9a-f]{0,4}(:[0-9a-f]{1,4}){0,3}::[0-9a-f]{1,4}\\]:[1-9][0-9]{0,3}"),
        ]
        .boxed(),
        Kind::Url => text("https?://[a-z0-9.:/-]{1,16}"),
        Kind::Uuid => text("[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        Kind::Port => any::<u16>()
            .prop_map(|port| Setting::Integer(port.into()))
            .boxed(),
        Kind::Integer => any::<i32>()
            .prop_map(|number| Setting::Integer(number.into()))
            .boxed(),
        Kind::Decimal => prop_oneof![
            any::<f64>().prop_map(Setting::Decimal),
            any::<i64>().prop_map(Setting::Integer)
        ]
        .boxed(),
        Kind::Boolean => any::<bool>().prop_map(Setting::Boolean).boxed(),
        Kind::Duration => prop_oneof![
            any::<i64>().prop_map(Setting::Integer),
            text("[0-9]{1,18} {0,2}(ms|milli|millis|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?)"),
        ]
        .boxed(),
        Kind::OneOf(words) => prop::sample::select(*words)
            .prop_map(|word| Setting::Text(word.to_owned()))
            .boxed(),
        Kind::List(element) => prop::collection::vec(setting(element), 0..3)
            .prop_map(Setting::List)
            .boxed(),
        Kind::Block(keys) => block(keys, 0.5).prop_map(Setting::Mapping).boxed(),
        Kind::Map => prop::collection::vec((any::<String>(), any::<String>()), 0..3)
            .prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, text)| (key, Setting::Text(text)));
                Setting::Mapping(entries.collect())
            })
            .boxed(),
    }
}
