//! Payments beside the one of the rollout: the same program, in a Pod that the policies take for the same RPC client.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::batch::v1::Job;
use kube::{
    Api,
    api::{DeleteParams, PostParams, PropagationPolicy},
    runtime::wait::{Condition, await_condition},
};

use crate::cluster::{Cluster, within};

/// How long a payment may take: the JVM's start, the connection, two flows.
const PATIENCE_SECONDS: u64 = 300;

impl Cluster {
    /// Pays once more as the RPC client `payment` does, under a request id of its own, and returns what it printed.
    pub async fn pay(&self, namespace: &str, request: &str) -> Result<serde_json::Value> {
        let jobs: Api<Job> = self.api(namespace);
        let rolled_out = jobs
            .get("payment")
            .await
            .context("the rollout's payment is gone")?;
        let mut template = rolled_out.spec.context("a Job has a spec")?.template;
        if let Some(labels) = template.metadata.as_mut().and_then(|meta| meta.labels.as_mut()) {
            // What tells the Pods of one Job from those of another.
            labels.retain(|key, _| !key.contains("controller-uid") && !key.contains("job-name"));
        }
        let spec = template.spec.as_mut().context("a Pod has a spec")?;
        let arguments = spec.containers[0].args.as_mut().context("it has arguments")?;
        let flag = arguments.iter().position(|argument| argument == "--request-id");
        let id = arguments
            .get_mut(flag.context("it has a request id")? + 1)
            .context("it has a request id")?;
        request.clone_into(id);
        let name = format!("payment-{request}");
        let mut job = Job::default();
        job.metadata.name = Some(name.clone());
        job.spec = Some(k8s_openapi::api::batch::v1::JobSpec {
            template,
            backoff_limit: Some(0),
            ..Default::default()
        });
        let foreground = DeleteParams {
            propagation_policy: Some(PropagationPolicy::Foreground),
            ..DeleteParams::default()
        };
        jobs.create(&PostParams::default(), &job).await?;
        within(
            PATIENCE_SECONDS,
            &format!("payment {request}"),
            Box::pin(await_condition(jobs.clone(), &name, has_ended())),
        )
        .await??;
        let log = self.job_log(namespace, &name).await?;
        let result = log
            .lines()
            .rev()
            .find_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        jobs.delete(&name, &foreground).await?;
        let result = result.with_context(|| format!("payment {request} printed no result:\n{log}"))?;
        ensure!(
            result["result"] == "paid" && result["repeated"] == false,
            "payment {request}: {result}"
        );
        Ok(result)
    }
}

fn has_ended() -> impl Condition<Job> {
    |job: Option<&Job>| {
        let status = job.and_then(|job| job.status.as_ref());
        let conditions = status.and_then(|status| status.conditions.as_ref());
        conditions.into_iter().flatten().any(|condition| {
            matches!(condition.type_.as_str(), "Complete" | "Failed") && condition.status == "True"
        })
    }
}
