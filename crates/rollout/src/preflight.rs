//! What can be known before anything is changed: the cluster answers and the caller may do all that is needed.

use crate::api::Api;
use crate::cluster::{Right, ServerInfo};
use crate::error::RolloutError;
use crate::kinds::{JOB, Kind, LEASE, POD};

/// What the rights are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compare by dry run, which takes the rights of a write.
    Plan,
    RollOut,
    Destroy,
}

/// Asks the cluster who it is and what the caller may do.
pub(crate) async fn check(
    api: &Api,
    kinds: &[&'static Kind],
    purpose: Purpose,
) -> Result<ServerInfo, RolloutError> {
    let address = api.cluster().address().to_owned();
    let server = api
        .server()
        .await
        .map_err(|error| RolloutError::of_call(&address, "tell its version", error))?;
    let missing = api
        .missing_rights(&needed(kinds, purpose))
        .await
        .map_err(|error| RolloutError::of_call(&address, "tell what its user may do", error))?;
    if missing.is_empty() {
        Ok(server)
    } else {
        Err(RolloutError::MissingRights { address, missing })
    }
}

/// Asks whether the caller may delete objects of these kinds and see them go, which only some rollouts do.
pub(crate) async fn may_delete(api: &Api, kinds: &[&'static Kind]) -> Result<(), RolloutError> {
    let rights: Vec<Right> = kinds
        .iter()
        .flat_map(|kind| ["delete", "watch"].map(|verb| right(verb, kind.group(), kind.plural)))
        .collect();
    if rights.is_empty() {
        return Ok(());
    }
    let address = api.cluster().address().to_owned();
    let missing = api
        .missing_rights(&rights)
        .await
        .map_err(|error| RolloutError::of_call(&address, "tell what its user may do", error))?;
    if missing.is_empty() {
        Ok(())
    } else {
        Err(RolloutError::MissingRights { address, missing })
    }
}

fn right(verb: &'static str, group: &'static str, resource: &str) -> Right {
    Right {
        verb,
        group,
        resource: resource.to_owned(),
    }
}

fn needed(kinds: &[&'static Kind], purpose: Purpose) -> Vec<Right> {
    let mut rights = Vec::new();
    for kind in kinds {
        let mut verbs = vec!["get", "list"];
        if kind.lively || purpose == Purpose::Destroy {
            verbs.push("watch");
        }
        match purpose {
            Purpose::Plan if *kind == &POD => {}
            Purpose::Plan => verbs.push("patch"),
            // Pods come from controllers and are only restarted; Jobs are made anew.
            Purpose::RollOut if *kind == &POD => verbs.push("delete"),
            Purpose::RollOut if *kind == &JOB => verbs.extend(["create", "patch", "delete"]),
            Purpose::RollOut => verbs.extend(["create", "patch"]),
            Purpose::Destroy => verbs.push("delete"),
        }
        rights.extend(
            verbs
                .into_iter()
                .map(|verb| right(verb, kind.group(), kind.plural)),
        );
    }
    if purpose == Purpose::RollOut {
        rights.extend([
            right("create", POD.group(), "pods/exec"),
            right("create", POD.group(), "pods/portforward"),
            right("get", POD.group(), "pods/log"),
            right("list", POD.group(), "events"),
        ]);
    }
    if purpose != Purpose::Plan {
        let verbs = ["get", "list", "watch", "create", "update"];
        rights.extend(verbs.map(|verb| right(verb, LEASE.group(), LEASE.plural)));
    }
    rights
}
