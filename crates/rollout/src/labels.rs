//! Labels and annotations by which objects are known again.

/// Who made an object; the value is [`MANAGER`].
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Field manager of every write, and value of [`MANAGED_BY`].
pub const MANAGER: &str = "cordanetes";
/// The network that an object belongs to.
pub const NETWORK: &str = "cordanetes.dev/network";
/// The step that applied an object.
pub const STEP: &str = "cordanetes.dev/step";
/// On objects that `destroy` keeps unless told otherwise (value [`KEEP_DATA`]): keys and what cannot be made
/// a second time.
pub const KEEP: &str = "cordanetes.dev/keep";
/// Value of [`KEEP`].
pub const KEEP_DATA: &str = "data";
/// SHA-256 of an object as it was applied; equal hashes need no write.
pub const CONTENT_HASH: &str = "cordanetes.dev/content-hash";
/// On what a Job handed over: the content hash of that Job.
pub const MADE_BY: &str = "cordanetes.dev/made-by-job-hash";

/// On the Lease of a network; the value is the network. It has none of the other labels, because it goes with its
/// namespace.
pub const LEASE: &str = "cordanetes.dev/lease";

/// Selects everything of a network.
pub fn selector(network: &str) -> String {
    format!("{NETWORK}={network}")
}
