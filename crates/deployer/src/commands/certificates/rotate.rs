//! `cordanetes certificates rotate` and `renew-crls`: new keys, certificates, passwords and CRLs in the key file. A
//! deploy brings them to the network, in its order.

use certificates::{Changes, SslRotation, aliases};
use jiff::Timestamp;
use rollout::Options;
use topology::Topology;

use super::ceremony;
use crate::arguments::{RenewArguments, RotateArguments};
use crate::commands::engine;
use crate::environment;
use crate::failure::Failure;
use crate::figures;
use crate::holder;
use crate::keys::{self, Keys};
use crate::plan;
use crate::printer::Printer;
use crate::topology_file;

/// Replaces one key, one password, or does the next step of replacing the SSL authority.
pub(crate) async fn rotate(arguments: &RotateArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let mut keys = Keys::open_existing(&arguments.custody, topology.name.as_str())?;
    keys.use_custody_of(&topology, &arguments.topology);
    let plan = keys::planned(&topology, keys.ring())?;
    let name = arguments.name.as_str();
    let continues = name == aliases::SSL_ROOT && keys.ring().ssl_rotation() != SslRotation::None;
    if continues {
        let missing = not_rolled_out(arguments, &topology, &mut keys).await?;
        if let Some(missing) = missing {
            return Err(Failure::Failed {
                message: format!(
                    "the next step would break TLS between services that do not have the last one yet: {missing}"
                ),
                cause: None,
                help: Some(format!("run `{}` first", deploy(arguments))),
            });
        }
    }
    if let Some(issuer) = keys.ring().offline_issuer(name, &plan) {
        let folder = ceremony::Folder::new(None, topology.name.as_str(), &arguments.topology)?;
        let agenda = ceremony::ask(&mut keys, &plan, |ring, now| {
            ring.request_rotation(name, &plan, now)
        })?;
        folder.write(&agenda, printer)?;
        return Err(folder.waits(format!(
            "`{name}` stays as it is until `{issuer}`, whose key is kept offline, has signed its successor"
        )));
    }
    let now = Timestamp::now();
    let changes = keys.change(|ring| {
        if plan.store(name).is_some() {
            ring.rotate_password(name, now)
        } else {
            ring.rotate(name, &plan, now)
        }
    })?;
    printer.message(&format!("`{name}`: {}", told(&changes)));
    let then = match keys
        .ring()
        .ssl_rotation()
        .next()
        .filter(|_| name == aliases::SSL_ROOT)
    {
        Some(next) => format!("; then run this again, to {next}"),
        None => String::new(),
    };
    printer.message(&format!(
        "the network gets it with `{}`, which restarts what uses it{then}",
        deploy(arguments)
    ));
    Ok(())
}

/// Why the network is not yet as its topology and the key file say, if it is not. A rollout that was killed may have
/// brought the new stores to every Secret and to no process: so the whole plan is asked, and all that runs.
async fn not_rolled_out(
    arguments: &RotateArguments,
    topology: &Topology,
    keys: &mut Keys,
) -> Result<Option<String>, Failure> {
    let cluster = engine::connect(&arguments.cluster).await?;
    let (rollout, _) = plan::prepare(topology, &arguments.topology, keys)?.into_rollout(topology);
    let options = Options {
        holder: holder::words(),
        ..Options::default()
    };
    rollout::unsettled(cluster, &rollout, &options)
        .await
        .map_err(Failure::of_rollout)
}

/// Signs every static CRL again.
pub(crate) fn renew_crls(arguments: &RenewArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let mut keys = Keys::open_existing(&arguments.custody, topology.name.as_str())?;
    keys.use_custody_of(&topology, &arguments.topology);
    let plan = keys::planned(&topology, keys.ring())?;
    let renewed = keys.change(|ring| ring.renew_crls(&plan, Timestamp::now()))?;
    if !renewed.is_empty() {
        printer.message(&format!(
            "signed {} again: {}; the network gets them with `{} deploy {}`",
            figures::count(renewed.len(), "CRL"),
            renewed.join(", "),
            environment::command(),
            arguments.topology.display()
        ));
    }
    let away: Vec<&str> = plan
        .crls
        .iter()
        .filter(|crl| keys.ring().is_offline(&crl.signer))
        .map(|crl| crl.file.as_str())
        .collect();
    if away.is_empty() {
        return Ok(());
    }
    let folder = ceremony::Folder::new(None, topology.name.as_str(), &arguments.topology)?;
    let agenda = ceremony::ask(&mut keys, &plan, |ring, now| {
        ring.request_crls(&plan, now);
        Ok(())
    })?;
    folder.write(&agenda, printer)?;
    Err(folder.waits(format!(
        "{} stay as they are until the keys that are kept offline have signed them again",
        away.join(", ")
    )))
}

fn told(changes: &Changes) -> String {
    let parts = [
        (&changes.certificates, "new certificate"),
        (&changes.crls, "new CRL"),
        (&changes.stores, "new store"),
    ];
    parts
        .iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, what)| format!("{} ({})", figures::count(names.len(), what), names.join(", ")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn deploy(arguments: &RotateArguments) -> String {
    format!(
        "{} deploy {}",
        environment::command(),
        arguments.topology.display()
    )
}
