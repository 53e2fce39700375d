//! What a rollout may do beyond its own objects; shared by `plan` and `deploy`.

use clap::Args;
use rollout::{Choices, ObjectName};

use crate::kubectl::quoted;

/// Options about what is taken over, made anew and removed.
#[derive(Args, Debug)]
#[command(next_help_heading = "What may be done")]
pub(crate) struct ChoiceArguments {
    /// Take over objects that exist already and that no rollout of this network has made
    #[arg(long)]
    pub(crate) adopt: bool,

    /// Take the fields of this object over from whoever else sets them
    #[arg(long, value_name = "KIND/NAMESPACE/NAME")]
    pub(crate) take_ownership: Vec<ObjectName>,

    /// Delete this object and make it again, where a field cannot be changed in place. `plan` says what that costs
    #[arg(long, value_name = "KIND/NAMESPACE/NAME")]
    pub(crate) recreate: Vec<ObjectName>,

    /// Compare what looks unchanged too, and put back what others have changed, whoever set it
    #[arg(long)]
    pub(crate) repair: bool,

    /// Leave what is no longer in the topology; without this, what holds no data is removed
    #[arg(long)]
    pub(crate) no_prune: bool,

    /// Also remove the data of what is no longer in the topology: by the name of a component, a namespace or an
    /// object. It cannot be had back
    #[arg(long, value_name = "NAME", conflicts_with = "no_prune")]
    pub(crate) prune_data: Vec<String>,
}

impl ChoiceArguments {
    /// As they were written, each with a space before it.
    pub(crate) fn flags(&self) -> String {
        let switches = [
            (self.adopt, "--adopt"),
            (self.repair, "--repair"),
            (self.no_prune, "--no-prune"),
        ];
        let mut flags: Vec<String> = switches
            .into_iter()
            .filter(|(given, _)| *given)
            .map(|(_, flag)| flag.to_owned())
            .collect();
        flags.extend(
            self.take_ownership
                .iter()
                .map(|name| format!("--take-ownership {name}")),
        );
        flags.extend(self.recreate.iter().map(|name| format!("--recreate {name}")));
        flags.extend(
            self.prune_data
                .iter()
                .map(|name| format!("--prune-data {}", quoted(name))),
        );
        if flags.is_empty() {
            return String::new();
        }
        format!(" {}", flags.join(" "))
    }

    /// As the engine takes them.
    pub(crate) fn choices(&self) -> Choices {
        Choices {
            adopt: self.adopt,
            take_ownership: self.take_ownership.clone(),
            recreate: self.recreate.clone(),
            repair: self.repair,
            prune: !self.no_prune,
            prune_data: self.prune_data.clone(),
        }
    }
}
