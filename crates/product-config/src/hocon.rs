//! HOCON as the products read it: a value that keeps its order, and its writer.

#[cfg(test)]
mod read_back;
mod value;
mod writer;

pub(crate) use value::{Block, Value, milliseconds};
pub(crate) use writer::write;
