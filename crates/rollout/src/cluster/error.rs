//! What can go wrong between the engine and a cluster.

use std::fmt;
use std::time::Duration;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    /// No answer.
    #[error("the cluster does not answer: {cause}")]
    Unreachable {
        /// In the words of the connection.
        cause: String,
    },
    /// Credentials were refused.
    #[error("the cluster refuses the credentials: {cause}")]
    Unauthorised {
        /// In the server's words.
        cause: String,
    },
    /// Not allowed, by rights, quota or admission.
    #[error("the cluster forbids it: {cause}")]
    Forbidden {
        /// In the server's words.
        cause: String,
    },
    /// Another field manager owns fields with other values.
    #[error("{}", Owners(.0))]
    Conflict(Vec<FieldOwner>),
    /// A field that cannot be changed would have to be.
    #[error("a field cannot be changed in place: {cause}")]
    Immutable {
        /// In the server's words.
        cause: String,
        /// The fields as the server names them, e.g. `spec.template`.
        fields: Vec<String>,
    },
    /// Somebody else has written the object first.
    #[error("somebody else was faster: {cause}")]
    Overtaken {
        /// In the server's words.
        cause: String,
    },
    /// The server refuses the object.
    #[error("the cluster refuses it: {cause}")]
    Invalid {
        /// In the server's words.
        cause: String,
    },
    /// It does not exist (a namespace, mostly).
    #[error("it does not exist: {cause}")]
    NotFound {
        /// In the server's words.
        cause: String,
    },
    /// The server cannot do it now.
    #[error("the cluster is busy: {cause}")]
    Busy {
        /// In the server's words.
        cause: String,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// A command in a container, or a connection to it, failed.
    #[error("{cause}")]
    Pod {
        /// What failed and how.
        cause: String,
    },
    /// An answer that makes no sense.
    #[error("the cluster's answer cannot be read: {cause}")]
    Unreadable {
        /// What is wrong with it.
        cause: String,
    },
}

impl ClusterError {
    /// Whether the same call may succeed in a moment.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Busy { .. })
    }

    /// How long the server asks to wait before the next attempt.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// Who holds a field that an apply wanted to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOwner {
    /// The field, e.g. `.spec.replicas`.
    pub field: String,
    /// The field manager, e.g. `kubectl-edit`.
    pub manager: String,
}

struct Owners<'owners>(&'owners [FieldOwner]);

impl fmt::Display for Owners<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, owner) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(
                formatter,
                "{separator}field {} belongs to `{}`",
                owner.field, owner.manager
            )?;
        }
        Ok(())
    }
}
