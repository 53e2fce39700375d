//! Encryption of Secrets at rest: told once, and refused in production where nobody has vouched for it.

use std::sync::Arc;

use rollout::EncryptionAtRest as Seen;
use rollout::cluster::Cluster;
use topology::Topology;
use topology::model::{EncryptionAtRest, Profile};

use crate::failure::Failure;
use crate::printer::Printer;

/// Where to read on.
const PAGE: &str = "https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/";

/// Looks, and says what is wrong: a message for a trial, a refusal for production.
pub(crate) async fn check(
    topology: &Topology,
    cluster: Arc<dyn Cluster>,
    printer: Printer,
) -> Result<(), Failure> {
    let seen = rollout::encryption_at_rest(cluster)
        .await
        .map_err(Failure::of_rollout)?;
    match judge(topology.profile, topology.platform.encryption_at_rest, &seen) {
        Verdict::Fine => Ok(()),
        Verdict::Warned(message) => {
            printer.message(&format!("warning: {message}"));
            Ok(())
        }
        Verdict::Refused(message) => Err(Failure::Failed {
            message,
            cause: None,
            help: Some(format!(
                "encrypt them ({PAGE}), or ask whoever runs the cluster and write `platform.encryptionAtRest: confirmed`"
            )),
        }),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    Warned(String),
    Refused(String),
}

fn judge(profile: Profile, known: EncryptionAtRest, seen: &Seen) -> Verdict {
    let message = match (seen, known) {
        (Seen::Configured, _) | (Seen::Hidden, EncryptionAtRest::Confirmed) => return Verdict::Fine,
        (Seen::Missing { pod }, EncryptionAtRest::Confirmed) => {
            return Verdict::Warned(format!(
                "the topology says that Secrets are encrypted at rest, and the API server `{pod}` does not encrypt them \
                 itself"
            ));
        }
        (Seen::Missing { pod }, EncryptionAtRest::Unknown) => format!(
            "key stores would lie in etcd as they are: the API server `{pod}` encrypts no Secrets at rest"
        ),
        (Seen::Hidden, EncryptionAtRest::Unknown) => {
            "whether Secrets are encrypted at rest cannot be seen in this cluster, and key stores are among them".to_owned()
        }
    };
    match profile {
        Profile::Production => Verdict::Refused(message),
        Profile::Trial => Verdict::Warned(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_are_warned_and_production_is_refused() {
        use EncryptionAtRest::{Confirmed, Unknown};
        use Profile::{Production, Trial};
        let missing = Seen::Missing {
            pod: "kube-apiserver-a".to_owned(),
        };
        for (profile, known, seen, expected) in [
            (Production, Unknown, &Seen::Configured, "fine"),
            (Trial, Unknown, &Seen::Configured, "fine"),
            (Production, Confirmed, &Seen::Hidden, "fine"),
            (Production, Unknown, &Seen::Hidden, "refused: whether Secrets"),
            (Trial, Unknown, &Seen::Hidden, "warned: whether Secrets"),
            (Production, Unknown, &missing, "refused: key stores would lie"),
            (Trial, Unknown, &missing, "warned: key stores would lie"),
            (Production, Confirmed, &missing, "warned: the topology says"),
        ] {
            let told = match judge(profile, known, seen) {
                Verdict::Fine => "fine".to_owned(),
                Verdict::Warned(message) => format!("warned: {message}"),
                Verdict::Refused(message) => format!("refused: {message}"),
            };
            assert!(
                told.starts_with(expected),
                "{profile:?} {known:?} {seen:?}: {told}"
            );
        }
    }
}
