//! `cordanetes certificates rotate` and `renew-crls`: new keys, certificates, passwords and CRLs in the key file. A
//! deploy brings them to the network, in its order.

use certificates::{CertificatePlan, Changes, SslRotation, aliases};
use jiff::Timestamp;
use kubernetes_objects::key_request::key_request;
use topology::Topology;

use crate::arguments::{RenewArguments, RotateArguments};
use crate::cluster_keys;
use crate::commands::engine;
use crate::environment;
use crate::failure::Failure;
use crate::figures;
use crate::keys::Keys;
use crate::printer::Printer;
use crate::topology_file;

/// Replaces one key, one password, or does the next step of replacing the SSL authority.
pub(crate) async fn rotate(arguments: &RotateArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let plan = planned(&topology)?;
    let mut keys = Keys::open_existing(&arguments.custody, topology.name.as_str())?;
    keys.use_custody_of(&topology, &arguments.topology);
    let name = arguments.name.as_str();
    let continues = name == aliases::SSL_ROOT && keys.ring().ssl_rotation() != SslRotation::None;
    if continues {
        let cluster = engine::connect(&arguments.cluster).await?;
        let missing = cluster_keys::not_rolled_out(&*cluster, topology.name.as_str(), keys.ring()).await?;
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

/// Signs every static CRL again.
pub(crate) fn renew_crls(arguments: &RenewArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let plan = planned(&topology)?;
    let mut keys = Keys::open_existing(&arguments.custody, topology.name.as_str())?;
    keys.use_custody_of(&topology, &arguments.topology);
    let renewed = keys.change(|ring| ring.renew_crls(&plan, Timestamp::now()))?;
    printer.message(&format!(
        "signed {} again: {}; the network gets them with `{} deploy {}`",
        figures::count(renewed.len(), "CRL"),
        renewed.join(", "),
        environment::command(),
        arguments.topology.display()
    ));
    Ok(())
}

fn planned(topology: &Topology) -> Result<CertificatePlan, Failure> {
    CertificatePlan::new(&key_request(topology)).map_err(Failure::from_library)
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
