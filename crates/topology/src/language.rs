//! How a mapping of the topology is declared: once, with its documentation, its types, defaults and the product
//! settings that it drives. Decoding, the JSON Schema, `explain` and the tables of keys all come from there.

mod explain;
mod field;
mod mapping;
mod schema;
mod shape;
mod tables;

pub use explain::{Explanation, NoSuchKey, explain};
pub use field::{Field, Named, Tree};
pub use mapping::{Choice, Mapping};
pub(crate) use mapping::{choice, code, mapping};
pub use schema::json_schema;
pub use shape::{ChoiceShape, Format, Key, Kind, MappingShape};
pub use tables::tables;
