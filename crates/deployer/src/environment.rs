//! Every environment variable that the program reads, once.
//!
//! `NO_COLOR`, `CLICOLOR_FORCE`, `TERM` (colours), `KUBECONFIG` (as every Kubernetes client) and `RUST_LOG`
//! (with `-v`) are read by the libraries that own them.

/// A file with the passphrase of the key custody.
pub(crate) const PASSPHRASE_FILE: &str = "CORDANETES_PASSPHRASE_FILE";

/// The passphrase itself: for machines that hand over secrets in no other way.
pub(crate) const PASSPHRASE: &str = "CORDANETES_PASSPHRASE";

/// Folder of the key custody.
pub(crate) const CUSTODY_DIRECTORY: &str = "CORDANETES_CUSTODY_DIRECTORY";

/// A file with the passwords of stores that others have made.
pub(crate) const STORE_PASSWORDS_FILE: &str = "CORDANETES_STORE_PASSWORDS_FILE";

/// The same lines themselves: for machines that hand over secrets in no other way.
pub(crate) const STORE_PASSWORDS: &str = "CORDANETES_STORE_PASSWORDS";

/// What a user calls this program by, when a wrapper runs it; stands in messages.
pub(crate) const COMMAND: &str = "CORDANETES_COMMAND";

/// What leads into the cluster's network, when it cannot be reached from outside; stands before `kubectl` and
/// `curl` in messages.
pub(crate) const ENTER: &str = "CORDANETES_ENTER";

/// Base folder of state that outlives a run, by the XDG convention.
pub(crate) const XDG_STATE_HOME: &str = "XDG_STATE_HOME";

/// Who runs this program, for others who want to change the same network.
pub(crate) const USER: &str = "USER";

/// The user's folder, base of [`XDG_STATE_HOME`]'s default.
pub(crate) const HOME: &str = "HOME";

/// Where traces go, by OpenTelemetry's convention.
pub(crate) const OTLP_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// The value of [`COMMAND`], or the program's own name.
pub(crate) fn command() -> String {
    std::env::var(COMMAND).unwrap_or_else(|_| "cordanetes".to_owned())
}
