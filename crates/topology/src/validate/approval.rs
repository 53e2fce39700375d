//! Who approves requests, with what that needs.

use super::secret;
use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Approval, ApprovalKind},
};

/// The approval; each kind has a key of its own, and no other.
pub(super) fn validate(
    declared: &declared::IdentityManager,
    diagnostics: &mut Diagnostics,
) -> Option<Approval> {
    let kind = declared.approval.as_ref()?;
    let own = [
        (ApprovalKind::Jira, declared.jira.as_ref().map(|it| it.span)),
        (ApprovalKind::Plugin, declared.plugin.as_ref().map(|it| it.span)),
    ];
    for (of, span) in own {
        match span {
            Some(span) if of != kind.value => diagnostics.push(
                Diagnostic::new(
                    "topology::not-for-this-kind",
                    span,
                    format!("`{of}` has no effect with `approval: {}`", kind.value),
                )
                .label("without effect")
                .help(format!("remove it, or write `approval: {of}`")),
            ),
            None if of == kind.value => diagnostics.push(
                Diagnostic::new(
                    "topology::approval",
                    kind.span,
                    format!("`approval: {of}` needs `{of}`"),
                )
                .label("incomplete")
                .help(format!("add `{of}:` to `identityManager`")),
            ),
            _ => {}
        }
    }
    match kind.value {
        ApprovalKind::Automatic => Some(Approval::Automatic),
        ApprovalKind::Jira => {
            let jira = declared.jira.as_ref()?;
            Some(Approval::Jira {
                address: jira.address.as_ref()?.value.clone(),
                project: jira.project.as_ref()?.value.clone(),
                user: jira.user.as_ref()?.value.clone(),
                password: secret::reference(jira.password.as_ref()?)?,
            })
        }
        ApprovalKind::Plugin => {
            let plugin = declared.plugin.as_ref()?;
            Some(Approval::Plugin {
                class: plugin.class.as_ref()?.value.clone(),
                jar: secret::image_volume(plugin.jar.as_ref()?, diagnostics)?,
            })
        }
    }
}
