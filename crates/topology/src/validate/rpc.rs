//! RPC users and RPC clients.

use super::{Scope, index::MapOf, references, secret};
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{RpcClient, RpcUser},
};

pub(super) fn user(declared: &declared::RpcUser) -> Option<RpcUser> {
    Some(RpcUser {
        name: declared.name.as_ref()?.value.clone(),
        password: secret::reference(declared.password.as_ref()?)?,
        permissions: declared
            .permissions
            .iter()
            .map(|permission| permission.value.clone())
            .collect(),
    })
}

/// Nodes of two subzones are on two maps: they never find each other.
fn check_subzone(
    counterparty: &Located<String>,
    own: Option<&Located<String>>,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(other) = scope.index.map_of(&counterparty.value) else {
        return;
    };
    let own = MapOf::named(own);
    if own != other {
        let words = |map: MapOf<'_>| match map {
            MapOf::Main => "the main subzone".to_owned(),
            MapOf::Further(name) => format!("the subzone `{name}`"),
        };
        diagnostics.push(
            Diagnostic::new(
                "topology::other-subzone",
                counterparty.span,
                format!(
                    "`{}` is in {}, its client in {}",
                    counterparty.value,
                    words(other),
                    words(own)
                ),
            )
            .label("on another map")
            .help("name a counterparty of the same subzone"),
        );
    }
}

pub(super) fn client(
    declared: &declared::RpcClient,
    subzone: Option<&Located<String>>,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<RpcClient> {
    let counterparties: Vec<_> = declared
        .counterparties
        .iter()
        .map(|counterparty| {
            check_subzone(counterparty, subzone, scope, diagnostics);
            references::component(counterparty, scope.index, diagnostics)
        })
        .collect();
    Some(RpcClient {
        name: declared.name.as_ref()?.value.clone(),
        image: declared.image.as_ref()?.value.clone(),
        arguments: declared
            .arguments
            .iter()
            .map(|argument| argument.value.clone())
            .collect(),
        permissions: declared
            .permissions
            .iter()
            .map(|permission| permission.value.clone())
            .collect(),
        counterparties: counterparties.into_iter().collect::<Option<_>>()?,
    })
}
