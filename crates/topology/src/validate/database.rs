//! Databases: which parts each product needs, and where it may be used.

use crate::{
    declared,
    diagnostic::{Diagnostic, Diagnostics},
    model::{Database, DatabaseKind, DatabaseServer},
    node::Span,
};

use super::{
    endpoint::{self, Addresses},
    secret,
};

/// Whose database it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    /// A CENM service; user and schema are its own name when the common database names none.
    Service(&'a str),
    /// A node.
    Node,
    /// The workers of a notary together.
    NotaryWorkers,
}

/// The database, or `None` when a part is missing.
pub(super) fn database(
    declared: &declared::Database,
    owner: Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Database> {
    let kind = declared.kind.as_ref()?;
    check_owner(kind.value, owner, kind.span, diagnostics);
    if kind.value == DatabaseKind::H2 {
        check_h2(declared, diagnostics);
        return Some(Database::H2);
    }
    let mut missing = Vec::new();
    let mut need = |there: bool, key: &'static str| {
        if !there {
            missing.push(format!("`{key}`"));
        }
    };
    let default_user = match owner {
        Owner::Service(name) => Some(name.replace('-', "_")),
        Owner::Node | Owner::NotaryWorkers => None,
    };
    need(declared.address.is_some(), "address");
    need(declared.name.is_some(), "name");
    need(declared.user.is_some() || default_user.is_some(), "user");
    need(declared.password.is_some(), "password");
    if !missing.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                "topology::database-incomplete",
                kind.span,
                format!("a {} database needs {}", kind.value, missing.join(", ")),
            )
            .label("incomplete")
            .help("the database, its schema and its user exist before the rollout"),
        );
    }
    if kind.value == DatabaseKind::Oracle && declared.driver.is_none() {
        diagnostics.push(
            Diagnostic::new(
                "topology::database-driver",
                kind.span,
                "no image of R3 carries Oracle's JDBC driver",
            )
            .label("needs a driver")
            .help("name an image with `ojdbc` under `driver`"),
        );
    }
    let driver = match &declared.driver {
        Some(driver) => Some(secret::image_volume(driver, diagnostics)?),
        None => None,
    };
    let endpoint = endpoint::declared(
        declared.address.as_ref(),
        Addresses::of(&declared.addresses, &declared.written),
        diagnostics,
    );
    Some(Database::Server(Box::new(DatabaseServer {
        kind: kind.value,
        endpoint: endpoint?,
        name: declared.name.as_ref()?.value.clone(),
        schema: declared
            .schema
            .as_ref()
            .map(|schema| schema.value.clone())
            .or_else(|| default_user.clone()),
        user: declared
            .user
            .as_ref()
            .map(|user| user.value.clone())
            .or(default_user)?,
        password: secret::reference(declared.password.as_ref()?)?,
        tls: declared.tls.as_ref().is_none_or(|tls| tls.value),
        driver,
        connections: declared
            .connections
            .as_ref()
            .and_then(|connections| u16::try_from(connections.value.0).ok()),
    })))
}

fn check_owner(kind: DatabaseKind, owner: Owner<'_>, span: Span, diagnostics: &mut Diagnostics) {
    let message = match (kind, owner) {
        (DatabaseKind::CockroachDb, Owner::Service(_) | Owner::Node) => {
            "CockroachDB serves as the shared database of a notary's workers only"
        }
        (DatabaseKind::H2, Owner::NotaryWorkers) => "H2 lives in one Pod: workers cannot share it",
        _ => return,
    };
    diagnostics.push(
        Diagnostic::new("topology::database-kind", span, message)
            .label("not possible here")
            .help("see the support matrix, reference §8.1 and §6.9"),
    );
}

/// H2 lives in a volume of its own: nothing else can be said of it.
fn check_h2(declared: &declared::Database, diagnostics: &mut Diagnostics) {
    let others = [
        (declared.address.as_ref().map(|it| it.span), "address"),
        (declared.addresses.first().map(|it| it.span), "addresses"),
        (declared.name.as_ref().map(|it| it.span), "name"),
        (declared.schema.as_ref().map(|it| it.span), "schema"),
        (declared.user.as_ref().map(|it| it.span), "user"),
        (declared.password.as_ref().map(|it| it.span), "password"),
        (declared.driver.as_ref().map(|it| it.span), "driver"),
    ];
    for (span, key) in others {
        if let Some(span) = span {
            diagnostics.push(
                Diagnostic::new(
                    "topology::not-for-this-kind",
                    span,
                    format!("H2 has no `{key}`: it lives in a volume of the Pod"),
                )
                .label("without effect")
                .help(format!("remove `{key}`, or choose another `kind`")),
            );
        }
    }
}
