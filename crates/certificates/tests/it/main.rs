//! Tests through the public interface. One program, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking, too"
)]

mod certificates;
mod chains;
mod custody;
mod fixture;
mod inspection;
mod issue;
mod java;
mod node;
mod openssl;
mod plan;
mod rotation;
mod scale;
mod stability;
mod tool;
