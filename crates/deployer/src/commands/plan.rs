//! `cordanetes plan`: what a rollout would do, and nothing done.

use std::sync::Arc;

use kubernetes_objects::step::Step;
use rollout::plan::{PlanFile, plan};
use rollout::{Choices, ObjectName, Options};

use super::engine;
use crate::arguments::{OutputFormat, RolloutPlanArguments};
use crate::failure::Failure;
use crate::keys::Keys;
use crate::printer::{self, Printer};
use crate::{encryption_at_rest, holder, plan as network_plan, plan_file, plan_text, topology_file};

/// Compares and tells.
pub(crate) async fn run(arguments: &RolloutPlanArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let cluster = engine::connect(&arguments.cluster).await?;
    let name = topology.name.as_str();
    let mut keys = match arguments.out {
        // What is carried out later must be what was shown, to the byte.
        Some(_) => Keys::open(&arguments.custody, name)?,
        None => Keys::open_or_imagine(&arguments.custody, name)?,
    };
    let prepared = network_plan::prepare(&topology, &arguments.topology, &mut keys)?;
    let choices = arguments.choices.choices();
    refuse_unknown(&choices, &prepared.steps)?;
    let (rollout, _) = prepared.into_rollout(&topology);
    let options = Options {
        holder: holder::words(),
        choices,
        ..Options::default()
    };
    encryption_at_rest::check(&topology, Arc::clone(&cluster) as _, printer).await?;
    let mut file = plan(cluster, &rollout, &options)
        .await
        .map_err(Failure::of_rollout)?;
    if let Some(path) = &arguments.out {
        keys.save()?;
        let source = fs_err::canonicalize(&arguments.topology)
            .map_err(|error| Failure::failed("the topology is gone", error, "check the path"))?;
        file.source = Some(source.display().to_string());
        plan_file::write(path, &file)?;
    } else if keys.has_unsaved() {
        printer
            .message("keys that are missing would be made first; the values of them shown here are imagined");
    }
    match arguments.output {
        OutputFormat::Text => printer::data(&plan_text::text(&file.plan))?,
        OutputFormat::Json => {
            let json = serde_json::to_string(&file.plan)
                .map_err(|error| Failure::internal("the plan cannot be written as JSON", error))?;
            printer::data(&json)?;
        }
    }
    if let Some(path) = &arguments.out {
        printer.message(&format!(
            "wrote `{}`; `deploy --plan` carries it out",
            path.display()
        ));
    }
    verdict(&file, arguments.detailed_exit_code)
}

fn verdict(file: &PlanFile, detailed: bool) -> Result<(), Failure> {
    let refused = file.plan.blocked().count();
    if refused > 0 {
        return Err(Failure::Failed {
            message: format!(
                "a rollout would refuse {}",
                crate::figures::count(refused, "object")
            ),
            cause: None,
            help: Some("each is marked `refused`, with what lets it".to_owned()),
        });
    }
    if detailed && file.plan.is_pending() {
        return Err(Failure::ChangesPending);
    }
    Ok(())
}

/// A name that no object has is a slip of the pen, and nothing would come of it.
pub(super) fn refuse_unknown(choices: &Choices, steps: &[Step]) -> Result<(), Failure> {
    let known = || {
        steps
            .iter()
            .flat_map(|step| &step.manifests)
            .map(kubernetes_objects::manifest::Manifest::key)
    };
    for name in choices.recreate.iter().chain(&choices.take_ownership) {
        if known().any(|key| name.is_of(&key)) {
            continue;
        }
        let written = name.to_string();
        let nearest = known()
            .map(|key| ObjectName::from(&key).to_string())
            .max_by(|left, right| {
                strsim::jaro_winkler(left, &written).total_cmp(&strsim::jaro_winkler(right, &written))
            });
        return Err(Failure::WrongInput {
            message: format!("the topology has no object `{written}`"),
            help: match nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "`cordanetes plan FILE` lists its objects".to_owned(),
            },
        });
    }
    Ok(())
}
