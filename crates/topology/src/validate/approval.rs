//! Who approves requests, with what that needs.

use super::{
    endpoint::{self, Addresses, Caller, endpoint},
    secret,
};
use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Approval, ApprovalKind, ImageVolume},
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
            let address = jira.address.as_ref()?;
            let host = address.value.host_port();
            Some(Approval::Jira {
                address: address.value.clone(),
                endpoint: endpoint(
                    host,
                    address.span,
                    Addresses::of(&jira.addresses, &jira.written),
                    Caller::Other,
                    diagnostics,
                ),
                project: jira.project.as_ref()?.value.clone(),
                user: jira.user.as_ref()?.value.clone(),
                password: secret::reference(jira.password.as_ref()?)?,
            })
        }
        ApprovalKind::Plugin => {
            let plugin = declared.plugin.as_ref()?;
            let class = plugin.class.as_ref();
            let jar = plugin.jar.as_ref().and_then(|jar| single_jar(jar, diagnostics));
            let server = endpoint::declared(
                plugin.address.as_ref(),
                Addresses::of(&plugin.addresses, &plugin.written),
                diagnostics,
            );
            if let (None, Some(first)) = (&server, plugin.addresses.first()) {
                diagnostics.push(
                    Diagnostic::new(
                        "topology::not-for-this-kind",
                        first.span,
                        "`addresses` says where `address` is, and there is none",
                    )
                    .label("without effect")
                    .help("add `address:` with the server that the plugin calls"),
                );
            }
            Some(Approval::Plugin {
                class: class?.value.clone(),
                revocation_class: plugin.revocation_class.as_ref().or(class)?.value.clone(),
                jar: jar?,
                endpoint: server,
            })
        }
    }
}

/// An image with one jar, which the path names.
fn single_jar(declared: &declared::ImageVolume, diagnostics: &mut Diagnostics) -> Option<ImageVolume> {
    let jar = secret::image_volume(declared, diagnostics)?;
    if jar.file_name().strip_suffix(".jar").is_none_or(str::is_empty) {
        let span = declared.path.as_ref().map_or(declared.span, |path| path.span);
        diagnostics.push(
            Diagnostic::new(
                "topology::image-path",
                span,
                "the path of the plugin names no jar",
            )
            .label("which file?")
            .help("write the jar's own path in the image, e.g. `path: plugins/approval.jar`"),
        );
        return None;
    }
    Some(jar)
}
