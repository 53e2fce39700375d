//! Who runs this program, for whoever else wants to change the same network.

/// e.g. `alice@workstation, process 4242`.
pub(crate) fn words() -> String {
    let user = std::env::var(crate::environment::USER).unwrap_or_else(|_| "somebody".to_owned());
    let host = gethostname::gethostname();
    format!(
        "{user}@{}, process {}",
        host.to_string_lossy(),
        std::process::id()
    )
}
