//! Plans on disk: for their owner only, and whole or not at all.

use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rollout::plan::PlanFile;

use crate::failure::Failure;

/// Reads a plan.
pub(crate) fn read(path: &Path) -> Result<PlanFile, Failure> {
    let text = fs_err::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::WrongInput {
            message: format!("there is no plan `{}`", path.display()),
            help: "make one with `cordanetes plan FILE --out PATH`".to_owned(),
        },
        _ => Failure::failed("the plan cannot be read", error, "check the path"),
    })?;
    PlanFile::read(&text).map_err(|error| Failure::WrongInput {
        message: format!("`{}` cannot be carried out: {error}", path.display()),
        help: "make a plan with `cordanetes plan FILE --out PATH`".to_owned(),
    })
}

/// Writes a plan beside its place and moves it there.
pub(crate) fn write(path: &Path, plan: &PlanFile) -> Result<(), Failure> {
    let text = plan
        .text()
        .map_err(|error| Failure::internal("the plan cannot be written as JSON", error))?;
    let written = || -> io::Result<()> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}", std::process::id()));
        let mut options = fs_err::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        options.options_mut().mode(0o600);
        let mut file = options.open(Path::new(&beside))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs_err::rename(Path::new(&beside), path)
    };
    written().map_err(|error| {
        Failure::failed(
            "the plan cannot be written",
            error,
            "give another path with `--out`",
        )
    })
}
