//! `cordanetes certificates plan`: what there will be, who holds it, and until when. Needs no keys.

use certificates::{Branch, CertificatePlan, CordaRole, Hierarchy, Holder, StoreEntry};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use kubernetes_objects::key_request::key_request;

use crate::arguments::{PlanArguments, PlanFormat};
use crate::failure::Failure;
use crate::printer;
use crate::{table, topology_file};

/// Prints the plan.
pub(crate) fn run(arguments: &PlanArguments) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let plan = CertificatePlan::new(&key_request(&topology)).map_err(|error| Failure::WrongInput {
        message: "the certificates cannot be planned".to_owned(),
        help: error.to_string(),
    })?;
    let made_on = arguments
        .made_on
        .unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let text = match arguments.output {
        PlanFormat::Text => text(&plan, made_on),
        PlanFormat::Svg => plan.to_svg(),
        PlanFormat::Json => serde_json::to_string(&plan)
            .map_err(|error| Failure::internal("the plan cannot be written as JSON", error))?,
    };
    Ok(printer::data(&text)?)
}

fn text(plan: &CertificatePlan, made_on: Date) -> String {
    let mut lines = Vec::new();
    for hierarchy in Hierarchy::ALL {
        let branches = plan.tree(hierarchy);
        if branches.is_empty() {
            continue;
        }
        lines.push(hierarchy.title().to_owned());
        let mut table = table::of(["CERTIFICATE", "KEY", "ROLE", "KEY HELD BY", "UNTIL", "DAYS"]);
        for branch in branches {
            let entity = branch.entity;
            table.add_row([
                named(&branch),
                entity.key.to_string(),
                entity.role.map_or("-", CordaRole::name).to_owned(),
                holder(&entity.holder),
                end(made_on, entity.days),
                entity.days.to_string(),
            ]);
        }
        lines.extend(table::lines(&table));
        lines.push(String::new());
    }
    lines.push("Revocation lists, published under these addresses".to_owned());
    let mut table = table::of(["CRL", "SIGNED BY", "ADDRESS", "UNTIL", "DAYS"]);
    for crl in &plan.crls {
        table.add_row([
            crl.file.clone(),
            crl.signer.clone(),
            crl.url.clone(),
            end(made_on, crl.days),
            crl.days.to_string(),
        ]);
    }
    let doorman = [
        "(doorman)",
        "the Signing Service",
        &plan.doorman_crl_url,
        "-",
        "-",
    ];
    table.add_row(doorman);
    lines.extend(table::lines(&table));
    lines.extend([
        String::new(),
        "Java stores, each with a password of its own".to_owned(),
    ]);
    let mut table = table::of(["STORE", "HOLDS", "GIVEN TO"]);
    for store in &plan.stores {
        let entries: Vec<String> = store.entries.iter().map(entry).collect();
        table.add_row([store.file.clone(), entries.join(", "), holder(&store.holder)]);
    }
    lines.extend(table::lines(&table));
    lines.push(String::new());
    lines.push(format!(
        "{} certificates, {} CRLs, {} stores, {} generated secrets",
        plan.entities.len(),
        plan.crls.len(),
        plan.stores.len(),
        plan.secrets.len()
    ));
    lines.join("\n")
}

fn named(branch: &Branch<'_>) -> String {
    format!("{}{}", branch.prefix(), branch.entity.alias)
}

fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Operator => "operator, never in a cluster".to_owned(),
        Holder::OperatorToken(label) => format!("token `{label}`, never outside of it"),
        Holder::Hsm(component) => format!("HSM of {component}, never seen here"),
        holder => holder.to_string(),
    }
}

fn entry(entry: &StoreEntry) -> String {
    match entry {
        StoreEntry::PrivateKey(alias) => format!("key {alias}"),
        StoreEntry::Trusted(alias) => format!("trust in {alias}"),
    }
}

fn end(made_on: Date, days: u32) -> String {
    made_on
        .checked_add(i64::from(days).days())
        .map_or_else(|_| "after 9999".to_owned(), |date| date.to_string())
}
