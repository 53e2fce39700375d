//! Tests through the public interface. One program, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking, too"
)]

mod ceremony;
mod certificates;
mod chains;
mod custodian;
mod custody;
mod fixture;
mod import;
mod inspection;
mod issue;
mod java;
mod node;
mod openssl;
mod pki_tool;
mod plan;
mod rotation;
mod scale;
mod stability;
mod tool;
