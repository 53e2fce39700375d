//! The second pass: asks the API server what an apply would do to an object, and puts the answer into words.

use kubernetes_objects::manifest::ObjectKey;
use serde_json::Value;

use super::compare::{Depth, States};
use super::difference::{Difference, differences};
use super::mask::Mask;
use super::{Action, Blocked, KnownAfter, PlannedObject, immutable};
use crate::adopt::{self, Foreign};
use crate::api::Api;
use crate::binding::BindingError;
use crate::choice::{Choices, ObjectName};
use crate::cluster::{ApplyMode, ClusterError, FieldOwner};
use crate::labels;
use crate::object::Object;
use crate::prepare::Prepared;

/// What every answer needs.
pub(super) struct Context<'run> {
    pub(super) api: &'run Api,
    pub(super) mask: &'run Mask,
    pub(super) choices: &'run Choices,
    pub(super) depth: Depth,
    pub(super) foreign: &'run Foreign,
}

/// What is still to be found out about an object.
pub(super) struct Question {
    key: ObjectKey,
    wanted: Option<Prepared>,
    live: Option<Object>,
    /// Values from Secrets that were bound into it.
    secrets: Vec<String>,
    inquiry: Inquiry,
}

enum Inquiry {
    /// Nothing: this is what happens.
    Settled(Action, Option<String>, Option<Blocked>),
    /// It holds values that do not exist yet.
    Open(Vec<KnownAfter>),
    /// It is made anew.
    Again(Option<String>),
    /// Whatever the server says; the content may be the one that was applied last.
    Ask { is_same: bool },
}

impl Question {
    fn new(wanted: Prepared, live: Option<Object>, secrets: Vec<String>, inquiry: Inquiry) -> Self {
        Self {
            key: wanted.key.clone(),
            wanted: Some(wanted),
            live,
            secrets,
            inquiry,
        }
    }

    pub(super) fn settled(
        wanted: Prepared,
        live: Option<Object>,
        action: Action,
        because: Option<&str>,
    ) -> Self {
        let inquiry = Inquiry::Settled(action, because.map(str::to_owned), None);
        Self::new(wanted, live, Vec::new(), inquiry)
    }

    pub(super) fn ask(wanted: Prepared, live: Option<Object>, is_same: bool, secrets: Vec<String>) -> Self {
        Self::new(wanted, live, secrets, Inquiry::Ask { is_same })
    }

    pub(super) fn again(
        wanted: Prepared,
        live: Option<Object>,
        because: Option<&str>,
        secrets: Vec<String>,
    ) -> Self {
        Self::new(wanted, live, secrets, Inquiry::Again(because.map(str::to_owned)))
    }

    pub(super) fn open(key: ObjectKey, live: Option<Object>, known_after: Vec<KnownAfter>) -> Self {
        Self {
            key,
            wanted: None,
            live,
            secrets: Vec::new(),
            inquiry: Inquiry::Open(known_after),
        }
    }

    pub(super) fn broken(key: ObjectKey, live: Option<Object>, error: &BindingError) -> Self {
        Self {
            key,
            wanted: None,
            live,
            secrets: Vec::new(),
            inquiry: Inquiry::Settled(Action::Open, None, Some(error.into())),
        }
    }

    pub(super) fn states(&self) -> States {
        States {
            wanted: self.wanted.as_ref().map(|wanted| wanted.value.clone()),
            live: self.live.clone(),
        }
    }
}

/// Finds out what happens to an object.
pub(super) async fn answer(context: &Context<'_>, question: Question) -> Result<PlannedObject, ClusterError> {
    let Question {
        key,
        wanted,
        live,
        secrets,
        inquiry,
    } = question;
    let mut planned = PlannedObject::new(key);
    let inquiry = match inquiry {
        Inquiry::Settled(action, because, blocked) => {
            planned.action = action;
            planned.because = because;
            planned.blocked = blocked;
            return Ok(planned);
        }
        Inquiry::Open(known_after) => {
            planned.action = if live.is_some() {
                Action::Open
            } else {
                Action::Create
            };
            planned.known_after = known_after;
            return Ok(planned);
        }
        other => other,
    };
    // What is settled or open was answered above, and everything else was prepared.
    let Some(wanted) = wanted else {
        return Ok(planned);
    };
    let asked = Asked {
        context,
        wanted: &wanted,
        live: live.as_ref(),
        secrets: &secrets,
    };
    match inquiry {
        Inquiry::Again(because) => {
            planned.because = because;
            asked.again(&mut planned);
        }
        Inquiry::Ask { is_same } => asked.ask(&mut planned, is_same).await?,
        Inquiry::Settled(..) | Inquiry::Open(_) => {}
    }
    Ok(planned)
}

impl PlannedObject {
    /// One to which nothing happens.
    pub(crate) const fn new(key: ObjectKey) -> Self {
        Self {
            key,
            action: Action::Unchanged,
            changes: Vec::new(),
            forced_by: Vec::new(),
            cost: None,
            because: None,
            restarts: false,
            known_after: Vec::new(),
            blocked: None,
        }
    }
}

/// An object that the server is asked about.
struct Asked<'run> {
    context: &'run Context<'run>,
    wanted: &'run Prepared,
    live: Option<&'run Object>,
    secrets: &'run [String],
}

impl Asked<'_> {
    /// A Job that is made anew.
    fn again(&self, planned: &mut PlannedObject) {
        planned.action = Action::Recreate;
        if let Some(live) = self.live {
            let found = immutable::forcing(
                &self.wanted.key,
                live.value(),
                &self.wanted.value,
                &["spec.template".to_owned()],
            );
            self.show(planned, without_bookkeeping(found));
            planned.cost = Some(immutable::cost(&self.wanted.key, live.value()));
        }
    }

    async fn ask(&self, planned: &mut PlannedObject, is_same: bool) -> Result<(), ClusterError> {
        let Some(live) = self.live else {
            return self.ask_new(planned).await;
        };
        let foreign = self.context.foreign.get(&self.wanted.key).is_some();
        if foreign {
            planned.action = Action::Adopt;
            planned.blocked = adopt::blocked(live, self.context.choices);
        } else {
            planned.action = Action::Change;
        }
        let mut answer = self.dry_run(false).await;
        if let Err(ClusterError::Conflict(owners)) = &answer {
            let allowed =
                foreign || self.context.choices.repair || self.context.choices.may_take(&self.wanted.key);
            if !allowed {
                planned.blocked = Some(conflict(&self.wanted.key, owners));
            }
            planned.because = Some(owned(owners));
            answer = self.dry_run(true).await;
        }
        match answer {
            Ok(then) => {
                let found = differences(&comparable(live), &comparable(&then));
                self.changed(planned, found, is_same, foreign);
            }
            Err(ClusterError::Immutable { cause, fields }) => self.recreated(planned, live, &cause, &fields),
            Err(error) => Self::refused(planned, error)?,
        }
        Ok(())
    }

    /// One that does not exist. Where its namespace does not exist either, nobody can be asked.
    async fn ask_new(&self, planned: &mut PlannedObject) -> Result<(), ClusterError> {
        planned.action = Action::Create;
        let home = self.wanted.key.namespace.as_deref();
        let has_home = home.is_none_or(|home| self.context.foreign.has_namespace(home));
        if self.context.depth == Depth::Quick || !has_home {
            return Ok(());
        }
        match self.dry_run(false).await {
            Ok(_) | Err(ClusterError::NotFound { .. }) => Ok(()),
            Err(error) => Self::refused(planned, error),
        }
    }

    fn changed(&self, planned: &mut PlannedObject, found: Vec<Difference>, is_same: bool, foreign: bool) {
        let shown = without_bookkeeping(found.clone());
        if shown.is_empty() && is_same {
            planned.action = Action::Unchanged;
            planned.blocked = None;
            planned.because = None;
            return;
        }
        if is_same {
            planned.because = Some(match planned.because.take() {
                Some(owners) => format!("changed since it was applied: {owners}"),
                None => "changed since it was applied".to_owned(),
            });
        }
        // Only how it is written has changed: the note of its content is still brought up to date.
        let shown = if shown.is_empty() && !foreign {
            found
        } else {
            shown
        };
        planned.restarts = matches!(
            self.wanted.key.kind.as_str(),
            "Deployment" | "StatefulSet" | "DaemonSet"
        ) && shown.iter().any(|one| one.path.starts_with(".spec.template"));
        self.show(planned, shown);
    }

    fn recreated(&self, planned: &mut PlannedObject, live: &Object, cause: &str, fields: &[String]) {
        let key = &self.wanted.key;
        let found = immutable::forcing(key, live.value(), &self.wanted.value, fields);
        let found = without_bookkeeping(found);
        planned.action = Action::Recreate;
        planned.forced_by = found.iter().map(|one| one.path.clone()).collect();
        if planned.forced_by.is_empty() {
            planned.forced_by = fields.to_vec();
        }
        planned.cost = Some(immutable::cost(key, live.value()));
        planned.restarts = matches!(key.kind.as_str(), "Deployment" | "StatefulSet" | "DaemonSet");
        self.show(planned, found);
        if planned.blocked.is_none() && !self.context.choices.may_recreate(key) {
            planned.blocked = Some(Blocked {
                reason: format!("a field cannot be changed in place: {cause}"),
                way_on: format!(
                    "take the change back, or let it be deleted and made again with `--recreate {}`; the cost: {}",
                    ObjectName::from(key),
                    planned.cost.as_deref().unwrap_or_default()
                ),
            });
        }
    }

    fn refused(planned: &mut PlannedObject, error: ClusterError) -> Result<(), ClusterError> {
        let way_on = match &error {
            ClusterError::Forbidden { .. } => "ask for the right or the quota",
            ClusterError::Invalid { .. } | ClusterError::Immutable { .. } => "correct the topology",
            _ => return Err(error),
        };
        planned.blocked = Some(Blocked {
            reason: error.to_string(),
            way_on: way_on.to_owned(),
        });
        Ok(())
    }

    fn show(&self, planned: &mut PlannedObject, found: Vec<Difference>) {
        planned.changes = self.context.mask.hide(&self.wanted.key, found, self.secrets);
    }

    async fn dry_run(&self, force: bool) -> Result<Object, ClusterError> {
        let mode = ApplyMode { dry_run: true, force };
        self.context.api.apply(&self.wanted.value, mode).await
    }
}

fn owned(owners: &[FieldOwner]) -> String {
    ClusterError::Conflict(owners.to_vec()).to_string()
}

fn conflict(key: &ObjectKey, owners: &[FieldOwner]) -> Blocked {
    let mut managers: Vec<&str> = owners.iter().map(|owner| owner.manager.as_str()).collect();
    managers.sort_unstable();
    managers.dedup();
    Blocked {
        reason: owned(owners),
        way_on: format!(
            "let `{}` give the field up, or take it over with `--take-ownership {}`",
            managers.join("`, `"),
            ObjectName::from(key)
        ),
    }
}

/// What a run leaves behind for itself, which says nothing to a person.
fn without_bookkeeping(found: Vec<Difference>) -> Vec<Difference> {
    let note = format!(".metadata.annotations[{}]", labels::CONTENT_HASH);
    found.into_iter().filter(|one| one.path != note).collect()
}

/// The object without what the server and controllers keep in it.
pub(super) fn comparable(object: &Object) -> Value {
    let mut value = object.value().clone();
    if let Some(map) = value.as_object_mut() {
        map.remove("status");
    }
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in [
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "uid",
            "managedFields",
            "selfLink",
        ] {
            metadata.remove(field);
        }
    }
    value
}
