//! Helpers of the live tests.
