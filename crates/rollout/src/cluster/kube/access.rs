//! What the caller may do, asked in as few requests as the answer allows.

use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, ResourceRule, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
    SelfSubjectRulesReview, SelfSubjectRulesReviewSpec,
};
use kube::Client;
use kube::api::{Api, PostParams};

use super::answer;
use crate::cluster::{ClusterError, Right};

const AT_ONCE: usize = 16;
/// A namespace in which nobody is given rights, so that its rules are those of the whole cluster.
const NOWHERE: &str = "cordanetes-asks-for-cluster-wide-rules";

/// An administrator costs one request, anyone else two and one for each right that seems to be missing.
pub(super) async fn missing(client: &Client, needed: &[Right]) -> Result<Vec<Right>, ClusterError> {
    let everything = Right {
        verb: "*",
        group: "*",
        resource: "*".to_owned(),
    };
    if allowed(client, &everything).await? {
        return Ok(Vec::new());
    }
    let review = SelfSubjectRulesReview {
        spec: SelfSubjectRulesReviewSpec {
            namespace: Some(NOWHERE.to_owned()),
        },
        ..SelfSubjectRulesReview::default()
    };
    let api: Api<SelfSubjectRulesReview> = Api::all(client.clone());
    let rules = answer(api.create(&PostParams::default(), &review))
        .await?
        .status
        .map(|status| status.resource_rules)
        .unwrap_or_default();
    let doubtful: Vec<Right> = needed
        .iter()
        .filter(|right| !rules.iter().any(|rule| grants(rule, right)))
        .cloned()
        .collect();
    // Not every authoriser can list its rules, so a rule that is not listed is asked for by itself.
    stream::iter(doubtful)
        .map(|right| async move { Ok((allowed(client, &right).await?, right)) })
        .buffered(AT_ONCE)
        .try_filter_map(|(allowed, right)| futures::future::ready(Ok((!allowed).then_some(right))))
        .try_collect()
        .await
}

fn grants(rule: &ResourceRule, right: &Right) -> bool {
    let holds = |list: Option<&Vec<String>>, wanted: &str| {
        list.is_some_and(|list| list.iter().any(|one| one == "*" || one == wanted))
    };
    rule.resource_names.as_ref().is_none_or(Vec::is_empty)
        && holds(Some(&rule.verbs), right.verb)
        && holds(rule.api_groups.as_ref(), right.group)
        && holds(rule.resources.as_ref(), &right.resource)
}

async fn allowed(client: &Client, right: &Right) -> Result<bool, ClusterError> {
    let (resource, subresource) = match right.resource.split_once('/') {
        Some((resource, subresource)) => (resource.to_owned(), Some(subresource.to_owned())),
        None => (right.resource.clone(), None),
    };
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                verb: Some(right.verb.to_owned()),
                group: Some(right.group.to_owned()),
                resource: Some(resource),
                subresource,
                ..ResourceAttributes::default()
            }),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    };
    let api: Api<SelfSubjectAccessReview> = Api::all(client.clone());
    let review = answer(api.create(&PostParams::default(), &review)).await?;
    Ok(review.status.is_some_and(|status| status.allowed))
}
