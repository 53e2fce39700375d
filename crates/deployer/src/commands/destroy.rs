//! `cordanetes destroy`.

use std::path::Path;

use rollout::DestroyOptions;

use super::engine::{self, Telling};
use crate::arguments::{DestroyArguments, OutputFormat};
use crate::failure::Failure;
use crate::figures;
use crate::kubectl::quoted;
use crate::printer::Printer;
use crate::topology_file;

/// Takes a network away, in the reverse order of its rollout.
pub(crate) async fn run(arguments: &DestroyArguments, printer: Printer) -> Result<(), Failure> {
    let network = network(&arguments.network)?;
    let cluster = engine::connect(&arguments.cluster).await?;
    let options = DestroyOptions {
        delete_data: arguments.delete_data,
        holder: Some(crate::holder::words()),
    };
    let data = if arguments.delete_data {
        " --delete-data"
    } else {
        ""
    };
    let resume = format!(
        "{} destroy {}{data}",
        crate::environment::command(),
        quoted(&arguments.network)
    );
    let json = engine::json_lines(arguments.output)?;
    let telling = Telling {
        json: json.as_ref(),
        printer,
        resume: &resume,
        report: &arguments.report,
    };
    let finished = engine::reported(telling, |cancellation, events| {
        let network = network.clone();
        async move {
            rollout::destroy(cluster, &network, options, cancellation, events)
                .await
                .map_err(Failure::of_rollout)
        }
    })
    .await;
    if let Some(json) = json {
        json.finish();
    }
    let finished = finished?.summary;
    if arguments.output == OutputFormat::Text {
        let deleted = figures::count(finished.objects.deleted, "object");
        let kept = match finished.objects.kept {
            0 => String::new(),
            kept => format!("; {} with keys and data kept", figures::count(kept, "object")),
        };
        let duration = figures::duration(finished.duration);
        printer.message(&format!(
            "{network} is gone: {deleted} deleted in {duration}{kept}"
        ));
    }
    Ok(())
}

/// A network by its name, or by the file that declares it.
fn network(named: &str) -> Result<String, Failure> {
    let path = Path::new(named);
    let looks_like_a_file = named.contains(['/', '.']) || path.is_file();
    if looks_like_a_file {
        Ok(topology_file::read(path)?.name.to_string())
    } else {
        Ok(named.to_owned())
    }
}
