//! Where the encrypted keys are kept.
//!
//! Precedence: 1. `--custody-directory`; 2. `CORDANETES_CUSTODY_DIRECTORY`; 3. `cordanetes/custody` under
//! `XDG_STATE_HOME`; 4. `~/.local/state/cordanetes/custody`.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::arguments::CustodyArguments;
use crate::environment;
use crate::failure::Failure;

/// The folder; it need not exist yet.
pub(crate) fn find(arguments: &CustodyArguments) -> Result<PathBuf, Failure> {
    let variable = |name: &str| std::env::var_os(name);
    choose(
        arguments.custody_directory.clone(),
        variable(environment::XDG_STATE_HOME),
        variable(environment::HOME),
    )
    .ok_or_else(|| Failure::WrongInput {
        message: "there is no folder for the keys: neither `XDG_STATE_HOME` nor `HOME` is set".to_owned(),
        help: "give one with `--custody-directory`".to_owned(),
    })
}

fn choose(asked: Option<PathBuf>, state: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    // The XDG convention: a relative path is to be ignored.
    let absolute = |path: Option<OsString>| path.map(PathBuf::from).filter(|path| path.is_absolute());
    asked.or_else(|| {
        absolute(state)
            .or_else(|| absolute(home).map(|home| home.join(".local/state")))
            .map(|state| state.join("cordanetes/custody"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence() {
        let path = |text: &str| Some(PathBuf::from(text));
        let text = |text: &str| Some(OsString::from(text));
        assert_eq!(
            choose(path("keys"), text("/state"), text("/home/a")),
            path("keys")
        );
        assert_eq!(
            choose(None, text("/state"), text("/home/a")),
            path("/state/cordanetes/custody")
        );
        let home = path("/home/a/.local/state/cordanetes/custody");
        assert_eq!(choose(None, text("relative"), text("/home/a")), home);
        assert_eq!(choose(None, None, text("/home/a")), home);
        assert_eq!(choose(None, None, None), None);
    }
}
