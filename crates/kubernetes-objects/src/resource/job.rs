//! Jobs: work that is done once.

use std::time::Duration;

use k8s_openapi::api::{
    batch::v1::{Job, JobSpec},
    core::v1::PodTemplateSpec,
};
use topology::model::Component;

use crate::{manifest::Manifest, metadata::Owner};

/// A Job that is tried again a few times within its deadline. It is kept when done: it is the record of that.
pub fn job(
    owner: Owner<'_>,
    component: &Component,
    name: &str,
    template: PodTemplateSpec,
    deadline: Duration,
) -> Manifest {
    Manifest::of(&Job {
        metadata: owner.metadata(component, name),
        spec: Some(JobSpec {
            backoff_limit: Some(3),
            active_deadline_seconds: Some(i64::try_from(deadline.as_secs()).unwrap_or(i64::MAX)),
            template,
            ..JobSpec::default()
        }),
        status: None,
    })
}
