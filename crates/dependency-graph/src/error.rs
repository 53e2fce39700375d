//! What makes a set of steps and edges unusable.

use std::fmt;

/// Why no graph could be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Two steps share an id.
    #[error("step `{id}` is declared twice; ids must differ")]
    DuplicateStep {
        /// The shared id.
        id: String,
    },
    /// An edge names a step that does not exist.
    #[error("`{dependent}` waits for `{prerequisite}` because {reason}, but there is no step `{id}`")]
    UnknownStep {
        /// The name that nothing bears.
        id: String,
        /// The edge's prerequisite.
        prerequisite: String,
        /// The edge's dependent.
        dependent: String,
        /// The edge's reason.
        reason: String,
    },
    /// A step waits for itself.
    #[error("step `{id}` waits for itself because {reason}")]
    SelfDependency {
        /// The step.
        id: String,
        /// The edge's reason.
        reason: String,
    },
    /// Some steps wait for each other in a ring.
    #[error("these steps wait for each other: {}", Chain(links))]
    Cycle {
        /// The ring: each waits for the next, the last for the first.
        links: Vec<Link>,
    },
}

/// One part of a ring of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What waits.
    pub dependent: String,
    /// What it waits for.
    pub prerequisite: String,
    /// Why.
    pub reason: String,
}

struct Chain<'links>(&'links [Link]);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, link) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(
                formatter,
                "{separator}`{}` needs `{}` because {}",
                link.dependent, link.prerequisite, link.reason
            )?;
        }
        Ok(())
    }
}
