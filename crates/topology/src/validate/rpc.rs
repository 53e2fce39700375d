//! RPC users and RPC clients.

use super::{Scope, references, secret};
use crate::{
    declared,
    diagnostic::Diagnostics,
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

pub(super) fn client(
    declared: &declared::RpcClient,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<RpcClient> {
    let counterparties: Vec<_> = declared
        .counterparties
        .iter()
        .map(|counterparty| references::component(counterparty, scope.index, diagnostics))
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
