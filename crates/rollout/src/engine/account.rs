//! What is told about a step that failed: the reason, what its log and the policies say about it, the log's end, and
//! who is to blame.

use super::Shared;
use super::pulse::{Warning, last_warning};
use crate::cause::{self, Blame, Cause, Refusal, Trouble};
use crate::cluster::PodRef;
use crate::error::Account;
use crate::kinds::POD;

/// So many lines of the log's end are searched for a cause.
const LINES_SEARCHED: u32 = 60;
/// So many of them are shown.
const LINES_SHOWN: usize = 8;

/// Gathers what is to be known about a failure. `log_of` is the container whose log may say more.
pub(super) async fn of(
    shared: &Shared,
    reason: String,
    blame: Blame,
    log_of: Option<&(PodRef, String)>,
    warning: Option<Warning>,
) -> Account {
    let mut account = Account {
        reason,
        hint: String::new(),
        last_words: String::new(),
        blame,
    };
    let Some((pod, container)) = log_of else {
        add_warning(&mut account, warning);
        return account;
    };
    let live = shared.store.get(&POD.key(Some(&pod.namespace), &pod.name));
    let warning = match (warning, &live) {
        (None, Some(live)) if is_open(account.blame.cause) => last_warning(shared, live).await,
        (warning, _) => warning,
    };
    add_warning(&mut account, warning);
    let log = match shared.api.log_tail(pod, container, LINES_SEARCHED).await {
        Ok(log) => log,
        Err(error) => {
            tracing::debug!(%pod, container, %error, "no log to show");
            return account;
        }
    };
    let lines: Vec<&str> = log.lines().collect();
    account.last_words = lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n");
    if !is_open(account.blame.cause) {
        return account;
    }
    let Some(found) = cause::recognise(&log) else {
        return account;
    };
    match found.trouble {
        Trouble::Certain(blame) => {
            account.blame = blame;
            account.hint = found.sentence;
        }
        Trouble::Unanswered(target) => {
            let refusal = match (&target, &live) {
                (Some(target), Some(live)) => cause::verdict(&shared.store.all(), live, target),
                _ => Refusal::Unknown,
            };
            let address = target.map_or_else(
                || "an address that its log does not name".to_owned(),
                |target| format!("{}:{}", target.host, target.port),
            );
            let (blame, more) = of_refusal(refusal, &address);
            account.blame = blame;
            account.hint = format!("{}{more}", found.sentence);
        }
    }
    account
}

/// Whether something more exact than this may be found.
const fn is_open(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Crash | Cause::Slow | Cause::Gate | Cause::Connection
    )
}

fn add_warning(account: &mut Account, warning: Option<Warning>) {
    let Some(warning) = warning else { return };
    if !account.reason.contains(&warning.text) {
        account.reason = format!("{} ({})", account.reason, warning.text);
    }
    if account.blame.cause == Cause::Slow
        && let Some(blame) = warning.blame
    {
        account.blame = blame;
    }
}

fn of_refusal(refusal: Refusal, address: &str) -> (Blame, String) {
    match refusal {
        Refusal::Unknown => (Blame::new(Cause::Connection, address), String::new()),
        Refusal::NoEgress { server } => (
            Blame::new(Cause::Policy, server.clone()),
            format!(
                ": no NetworkPolicy lets this Pod out to {server}; the connection is not in the matrix, or its policy is gone"
            ),
        ),
        Refusal::NoIngress { server } => (
            Blame::new(Cause::Policy, server.clone()),
            format!(
                ": no NetworkPolicy lets this Pod in to {server}; the connection is not in the matrix, or its policy is gone"
            ),
        ),
        Refusal::Allowed { server, policies } => {
            let by = if policies.is_empty() {
                "no NetworkPolicy stands between".to_owned()
            } else {
                format!("NetworkPolicy {} let it through", policies.join(" and "))
            };
            (
                Blame::new(Cause::Connection, server.clone()),
                format!(": {by}, so {server} itself does not listen"),
            )
        }
    }
}
