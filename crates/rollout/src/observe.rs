//! Fills the store and keeps it true: one list for each kind that only we change, one watch for each that lives.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::try_join_all;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::api::Api;
use crate::cluster::{ClusterError, WatchEvent};
use crate::error::RolloutError;
use crate::kinds::Kind;
use crate::store::Store;

const FIRST_LIST_TIME: Duration = Duration::from_mins(1);

/// The watches; they end when this is dropped.
#[must_use = "the watches end when this is dropped"]
pub(crate) struct Watches {
    _tasks: JoinSet<()>,
}

/// Lists `kinds` by label and goes on watching those for which `lively` says so.
pub(crate) async fn begin(
    api: &Api,
    store: &Arc<Store>,
    kinds: &[&'static Kind],
    selector: &str,
    lively: impl Fn(&Kind) -> bool,
) -> Result<Watches, RolloutError> {
    let mut tasks = JoinSet::new();
    let mut firsts = Vec::new();
    let mut lists = Vec::new();
    for &kind in kinds {
        if lively(kind) {
            let (sender, first) = oneshot::channel();
            tasks.spawn(follow(
                api.clone(),
                Arc::clone(store),
                kind,
                selector.to_owned(),
                sender,
            ));
            firsts.push(async move { (kind, timeout(FIRST_LIST_TIME, first).await) });
        } else {
            lists.push(async move { (kind, api.list(kind, selector).await) });
        }
    }
    let address = api.cluster().address();
    let failed = |kind: &Kind, error| RolloutError::of_call(address, &format!("list {}", kind.plural), error);
    let listed = try_join_all(lists.into_iter().map(|list| async {
        let (kind, result) = list.await;
        result
            .map(|objects| (kind, objects))
            .map_err(|error| failed(kind, error))
    }));
    let watched = try_join_all(firsts.into_iter().map(|first| async {
        let (kind, result) = first.await;
        if let Ok(Ok(result)) = result {
            result.map_err(|error| failed(kind, error))
        } else {
            let cause = format!(
                "no list of {} within {} s",
                kind.plural,
                FIRST_LIST_TIME.as_secs()
            );
            Err(failed(kind, ClusterError::Unreachable { cause }))
        }
    }));
    let (listed, _) = futures::try_join!(listed, watched)?;
    for (kind, objects) in listed {
        store.note(kind, WatchEvent::Replaced(objects));
    }
    Ok(Watches { _tasks: tasks })
}

/// Follows one kind for ever; the first whole list, or the reason why there is none, is told once.
async fn follow(
    api: Api,
    store: Arc<Store>,
    kind: &'static Kind,
    selector: String,
    first: oneshot::Sender<Result<(), ClusterError>>,
) {
    let mut first = Some(first);
    let mut stream = api.cluster().watch(kind, &selector);
    while let Some(event) = stream.next().await {
        let told = match &event {
            WatchEvent::Replaced(_) => Some(Ok(())),
            // Nothing of it can be there yet; the watch finds it once its definition is.
            WatchEvent::Interrupted(ClusterError::NotFound { .. }) if kind.brought => Some(Ok(())),
            WatchEvent::Interrupted(error) if !error.is_transient() => Some(Err(error.clone())),
            _ => None,
        };
        store.note(kind, event);
        if let Some(result) = told
            && let Some(first) = first.take()
        {
            // Nobody listens when the run has already ended.
            let _ = first.send(result);
        }
    }
}
