//! `cordanetes certificates ceremony`: what offline keys are to sign, out to their machine and back.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use certificates::ceremony::{Accepted, Agenda, CeremonyError, OFFLINE_BY_DEFAULT, SignedFile};
use certificates::{CertificatePlan, KeyRing};
use jiff::Timestamp;

use crate::arguments::{AcceptArguments, CeremonyArguments, CeremonyCommand};
use crate::environment;
use crate::failure::Failure;
use crate::figures;
use crate::keys::{self, Keys};
use crate::kubectl::quoted;
use crate::printer::{self, Printer};
use crate::{table, topology_file};

/// More than any certificate or list, and little enough to read by mistake.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Goes out, or comes back.
pub(crate) fn run(arguments: &CeremonyArguments, printer: Printer) -> Result<(), Failure> {
    match (&arguments.command, &arguments.topology) {
        (Some(CeremonyCommand::Accept(arguments)), _) => accept(arguments, printer),
        (None, Some(topology)) => prepare(arguments, topology, printer),
        (None, None) => Err(Failure::WrongInput {
            message: "there is no topology file".to_owned(),
            help: "give one: `cordanetes certificates ceremony FILE`".to_owned(),
        }),
    }
}

fn prepare(arguments: &CeremonyArguments, file: &Path, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(file)?;
    let mut keys = Keys::open(&arguments.custody, topology.name.as_str())?;
    let plan = keys::planned(&topology, keys.ring())?;
    let offline = if arguments.offline.is_empty() && !keys.ring().has_offline_keys() {
        OFFLINE_BY_DEFAULT.map(ToOwned::to_owned).to_vec()
    } else {
        arguments.offline.clone()
    };
    let folder = Folder::new(arguments.output.clone(), topology.name.as_str(), file)?;
    let agenda = ask(&mut keys, &plan, |ring, now| {
        ring.keep_offline(&offline, &plan, now)
    })?;
    if agenda.is_empty() {
        printer.message("nothing needs the signature of an offline key");
        return Ok(());
    }
    folder.write(&agenda, printer)
}

/// The folder that goes out.
pub(super) struct Folder {
    path: PathBuf,
    accept: String,
}

impl Folder {
    /// The folder, which must not exist: it may be one that is on its way.
    pub(super) fn new(asked: Option<PathBuf>, network: &str, topology: &Path) -> Result<Self, Failure> {
        let path = asked.unwrap_or_else(|| format!("{network}-ceremony").into());
        if path.exists() {
            return Err(Failure::WrongInput {
                message: format!("`{}` exists, and a ceremony may be held with it", path.display()),
                help: "take back what was signed with `certificates ceremony accept`, remove the folder, or give another \
                       with `certificates ceremony FILE --output DIRECTORY`"
                    .to_owned(),
            });
        }
        let accept = format!(
            "{} certificates ceremony accept {} {}",
            environment::command(),
            quoted(&topology.display().to_string()),
            quoted(&path.display().to_string())
        );
        Ok(Self { path, accept })
    }

    /// The keys of `ring` that are asked for must be kept before.
    pub(super) fn write(&self, agenda: &Agenda, printer: Printer) -> Result<(), Failure> {
        let failed = |error| {
            Failure::failed(
                "the folder of the ceremony cannot be written",
                error,
                "give another with `certificates ceremony FILE --output DIRECTORY`: the requests are in the key file",
            )
        };
        // Beside it first: a folder that is there is whole.
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let written = || -> std::io::Result<()> {
            if beside.exists() {
                fs_err::remove_dir_all(&beside)?;
            }
            for file in agenda.files(&self.accept) {
                let path = beside.join(&file.name);
                fs_err::create_dir_all(path.parent().unwrap_or(&beside))?;
                fs_err::write(path, file.text)?;
            }
            fs_err::rename(&beside, &self.path)
        };
        written().map_err(failed)?;
        let mut table = table::of(["REQUEST", "SHA-256 OF ITS KEY, TO BE READ ALOUD"]);
        let fingerprints = agenda.fingerprints();
        for (alias, fingerprint) in &fingerprints {
            table.add_row([alias, fingerprint]);
        }
        if !fingerprints.is_empty() {
            printer::data(&table::lines(&table).join("\n"))?;
        }
        printer.message(&format!(
            "wrote `{}`: {} and {} to be signed; follow its `CHECKLIST.md`, then run `{}`",
            self.path.display(),
            figures::count(agenda.certificates.len(), "certificate"),
            figures::count(agenda.crls.len(), "CRL"),
            self.accept
        ));
        Ok(())
    }

    /// That something waits for the ceremony now.
    pub(super) fn waits(&self, message: String) -> Failure {
        Failure::Failed {
            message,
            cause: None,
            help: Some(format!(
                "hold the ceremony of `{}`, then run `{}`",
                self.path.join("CHECKLIST.md").display(),
                self.accept
            )),
        }
    }
}

/// What offline keys are asked for, after `ask` has added to it.
pub(super) fn ask(
    keys: &mut Keys,
    plan: &CertificatePlan,
    ask: impl FnOnce(&mut KeyRing, Timestamp) -> Result<(), CeremonyError>,
) -> Result<Agenda, Failure> {
    keys.change(|ring| {
        let now = Timestamp::now();
        ask(ring, now)?;
        ring.prepare_ceremony(plan, now)
    })
}

fn accept(arguments: &AcceptArguments, printer: Printer) -> Result<(), Failure> {
    let topology = topology_file::read(&arguments.topology)?;
    let mut files = Vec::new();
    collect(&arguments.directory, "", &mut files).map_err(|error| {
        Failure::failed(
            "the folder of the ceremony cannot be read",
            error,
            "give the folder with `CHECKLIST.md` and `signed`",
        )
    })?;
    let signed: Vec<SignedFile<'_>> = files
        .iter()
        .map(|(name, bytes)| SignedFile { name, bytes })
        .collect();
    let fingerprints: BTreeMap<String, String> = arguments.fingerprint.iter().cloned().collect();
    let mut keys = Keys::open_existing(&arguments.custody, topology.name.as_str())?;
    let plan = keys::planned(&topology, keys.ring())?;
    let outcome =
        keys.try_change(|ring| ring.accept_ceremony(&plan, &signed, &fingerprints, Timestamp::now()))?;
    match outcome {
        Ok(accepted) => {
            tell(&accepted, printer);
            printer.message(&format!(
                "the network gets it with `{} deploy {}`; the folder is not needed any more",
                environment::command(),
                arguments.topology.display()
            ));
            Ok(())
        }
        Err(problems) => Err(super::nothing_taken("accepted", &arguments.directory, &problems)?),
    }
}

fn tell(accepted: &Accepted, printer: Printer) {
    let Accepted {
        certificates,
        crls,
        made,
        stores,
    } = accepted;
    for (alias, end) in certificates {
        printer.message(&format!(
            "accepted `{alias}`, valid until {}",
            end.strftime("%Y-%m-%d")
        ));
    }
    for (file, end) in crls {
        let until = end.map_or_else(String::new, |end| {
            format!(", valid until {}", end.strftime("%Y-%m-%d"))
        });
        printer.message(&format!("accepted `{file}`{until}"));
    }
    if !stores.is_empty() {
        printer.message(&format!("made anew: {}", stores.join(", ")));
    }
    if !made.is_empty() {
        printer.message(&format!("made what was not there: {made}"));
    }
}

/// The files of a folder and of its folders.
fn collect(directory: &Path, below: &str, files: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            if below.is_empty() {
                collect(&entry.path(), &format!("{name}/"), files)?;
            }
        } else {
            let mut bytes = Vec::new();
            fs_err::File::open(entry.path())?
                .take(LARGEST)
                .read_to_end(&mut bytes)?;
            files.push((name, bytes));
        }
    }
    files.sort();
    Ok(())
}
