//! Placement, volumes and vertical scaling: a component's own keys, then the file's.

use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Placement, Toleration, VerticalScaling, VerticalScalingMode, Volume},
    scalar::{Mebibytes, StorageSize},
};

/// The first of several placements that says something, key by key.
pub(super) fn placement(chain: &[&declared::Placement]) -> Placement {
    let first = |has: fn(&declared::Placement) -> bool| chain.iter().find(|it| has(it)).copied();
    Placement {
        node_selector: first(|it| !it.node_selector.0.is_empty())
            .map(|it| {
                it.node_selector
                    .0
                    .iter()
                    .map(|(key, value)| (key.value.clone(), value.value.to_string()))
                    .collect()
            })
            .unwrap_or_default(),
        tolerations: first(|it| !it.tolerations.is_empty())
            .map(|it| it.tolerations.iter().filter_map(toleration).collect())
            .unwrap_or_default(),
        priority_class: chain
            .iter()
            .find_map(|it| it.priority_class.as_ref())
            .map(|class| class.value.to_string()),
        spread: chain
            .iter()
            .find_map(|it| it.spread.as_ref())
            .map(|spread| spread.value),
    }
}

fn toleration(declared: &declared::Toleration) -> Option<Toleration> {
    Some(Toleration {
        key: declared.key.as_ref()?.value.to_string(),
        value: declared.value.as_ref().map(|value| value.value.to_string()),
        effect: declared.effect.as_ref().map(|effect| effect.value),
    })
}

/// The first of several volumes that says something, key by key.
pub(super) fn volume(chain: &[&declared::Volume], size: StorageSize) -> Volume {
    Volume {
        class_name: chain
            .iter()
            .find_map(|it| it.class_name.as_ref())
            .map(|class| class.value.to_string()),
        size: chain
            .iter()
            .find_map(|it| it.size.as_ref())
            .map_or(size, |size| size.value),
    }
}

/// Vertical scaling, if it is on.
pub(super) fn vertical_scaling(
    chain: &[&declared::VerticalScaling],
    memory: Mebibytes,
    diagnostics: &mut Diagnostics,
) -> Option<VerticalScaling> {
    let mode = chain
        .iter()
        .find_map(|it| it.mode.as_ref())
        .map(|mode| mode.value)
        .filter(|mode| *mode != VerticalScalingMode::Off)?;
    let least = chain.iter().find_map(|it| it.least_memory.as_ref());
    let most = chain.iter().find_map(|it| it.most_memory.as_ref());
    let scaling = VerticalScaling {
        mode,
        least_memory: least.map_or(memory, |least| least.value),
        most_memory: most.map_or(Mebibytes(memory.0.saturating_mul(2)), |most| most.value),
    };
    if scaling.least_memory > scaling.most_memory
        && let Some(span) = most.or(least).map(|it| it.span)
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::vertical-scaling",
                span,
                format!(
                    "the most memory, {}Mi, is below the least, {}Mi",
                    scaling.most_memory.0, scaling.least_memory.0
                ),
            )
            .label("contradicts")
            .help("the component's own memory is the least unless `leastMemory` says otherwise"),
        );
    }
    Some(scaling)
}
