//! SoftHSM tokens, one for each trial, and a look into them past the code that is tested.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use certificates::{Token, TokenLocation};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use secrecy::SecretString;

/// Debian's `softhsm2`.
pub(crate) const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
/// The user's PIN of every token.
pub(crate) const PIN: &str = "492817";

const CONFIGURATION: &str = "SOFTHSM2_CONF";
const INSIDE: &str = "CORDANETES_TEST_TOKENS";

/// Whether this process has the tokens.
pub(crate) fn inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Makes a token for each trial, and runs this program again with them.
pub(crate) fn run_again<'a>(trials: impl Iterator<Item = &'a str>) -> ExitCode {
    assert!(
        Path::new(MODULE).exists(),
        "{MODULE} is needed by these tests: install Debian's package `softhsm2`, as `cargo xtask check` does"
    );
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    fs_err::create_dir(&tokens).unwrap();
    let configuration = folder.path().join("softhsm2.conf");
    fs_err::write(
        &configuration,
        format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        ),
    )
    .unwrap();
    // Two of one label, which no trial has for itself.
    for label in trials.map(label_of).chain(["twin".to_owned(), "twin".to_owned()]) {
        let made = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", &label])
            .args(["--pin", PIN, "--so-pin", "918273"])
            .env(CONFIGURATION, &configuration)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    let status = Command::new(std::env::current_exe().unwrap())
        .args(std::env::args_os().skip(1))
        .env(CONFIGURATION, &configuration)
        .env(INSIDE, "1")
        .status()
        .unwrap();
    if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A token's label has 32 bytes.
pub(crate) fn label_of(trial: &str) -> String {
    trial.chars().take(32).collect()
}

/// A token as a topology names it; it counts how often it is asked for its PIN.
pub(crate) struct Given {
    pub(crate) token: Token,
    pub(crate) asked: Arc<AtomicUsize>,
}

/// The token of a trial.
pub(crate) fn token(trial: &str) -> Given {
    with_pin(&label_of(trial), PIN)
}

/// A token with this PIN.
pub(crate) fn with_pin(label: &str, pin: &'static str) -> Given {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let location = TokenLocation {
        module: MODULE.into(),
        label: label.to_owned(),
        serial: None,
    };
    let token = Token::new(
        location,
        Box::new(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(Some(SecretString::from(pin)))
        }),
    );
    Given { token, asked }
}

/// The library, as any other program would use it.
pub(crate) fn library() -> &'static Pkcs11 {
    static LIBRARY: LazyLock<Pkcs11> = LazyLock::new(|| {
        let library = Pkcs11::new(MODULE).unwrap();
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => library,
            Err(error) => panic!("{error}"),
        }
    });
    &LIBRARY
}

/// A session of somebody who knows the PIN.
pub(crate) fn session(label: &str) -> Session {
    let library = library();
    let slot = library
        .get_slots_with_initialized_token()
        .unwrap()
        .into_iter()
        .find(|slot| library.get_token_info(*slot).unwrap().label() == label)
        .unwrap();
    let session = library.open_rw_session(slot).unwrap();
    match session.login(UserType::User, Some(&SecretString::from(PIN))) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => session,
        Err(error) => panic!("{error}"),
    }
}

/// Private keys of a token, by label where one is given.
pub(crate) fn private_keys(session: &Session, label: Option<&str>) -> Vec<ObjectHandle> {
    let mut template = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
    template.extend(label.map(|label| Attribute::Label(label.as_bytes().to_vec())));
    session.find_objects(&template).unwrap()
}
