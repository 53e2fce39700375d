//! The JSON Schema of a topology, for editors (draft 2020-12).

use serde_json::{Map, Value, json};

use super::{
    mapping::Mapping,
    shape::{Key, Kind, MappingShape},
};
use crate::declared::Topology;

/// The schema of a topology file and, as its definition `included`, of a file that one includes.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    let root = mapping(&Topology::shape(), &mut definitions);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://cordanetes.dev/topology.schema.json",
        "title": "Cordanetes topology",
    });
    if let (Some(schema), Value::Object(root)) = (schema.as_object_mut(), root) {
        schema.extend(root);
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

fn mapping(shape: &MappingShape, definitions: &mut Map<String, Value>) -> Value {
    let properties: Map<String, Value> = shape
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key, definitions)))
        .collect();
    let required: Vec<_> = shape
        .keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut schema = json!({
        "type": "object",
        "description": text(shape.documentation),
        "properties": properties,
        "additionalProperties": false,
    });
    if let Some(schema) = schema.as_object_mut() {
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        if shape.one_of {
            schema.insert("minProperties".to_owned(), json!(1));
            schema.insert("maxProperties".to_owned(), json!(1));
        }
    }
    schema
}

fn property(key: &Key, definitions: &mut Map<String, Value>) -> Value {
    let description = [
        Some(text(key.documentation)),
        key.default.map(|default| format!("Default: {default}.")),
        key.drives.map(|drives| format!("Drives: {drives}.")),
    ];
    let description: Vec<_> = description.into_iter().flatten().collect();
    let mut schema = kind(key.kind, definitions);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(description.join("\n\n")));
    }
    schema
}

fn kind(of: Kind, definitions: &mut Map<String, Value>) -> Value {
    match of {
        Kind::Text(format) => {
            let mut schema = json!({ "type": "string", "examples": [format.example] });
            if let (Some(pattern), Some(schema)) = (format.pattern, schema.as_object_mut()) {
                schema.insert("pattern".to_owned(), json!(pattern));
            }
            schema
        }
        Kind::Choice(choices) => json!({
            "oneOf": choices
                .iter()
                .map(|choice| json!({ "const": choice.word, "description": text(choice.documentation) }))
                .collect::<Vec<_>>(),
        }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer {
            least,
            greatest: u64::MAX,
        } => json!({ "type": "integer", "minimum": least }),
        Kind::Integer { least, greatest } => {
            json!({ "type": "integer", "minimum": least, "maximum": greatest })
        }
        Kind::List(items) => json!({ "type": "array", "items": kind(*items, definitions) }),
        Kind::Mapping(shape) => reference(&shape(), definitions),
        Kind::Named(values) => json!({
            "type": "object",
            "additionalProperties": kind(*values, definitions),
        }),
        Kind::Tree => json!({ "type": "object" }),
    }
}

/// A mapping stands once among the definitions, however often it is used; its name in messages is its name there.
fn reference(shape: &MappingShape, definitions: &mut Map<String, Value>) -> Value {
    let name: String = shape
        .name
        .trim_start_matches("an ")
        .trim_start_matches("a ")
        .chars()
        .filter(|it| *it != '`')
        .map(|it| if it == ' ' { '-' } else { it })
        .collect();
    if !definitions.contains_key(&name) {
        // Taken before its keys are looked at, should one ever hold itself.
        definitions.insert(name.clone(), Value::Null);
        let schema = mapping(shape, definitions);
        definitions.insert(name.clone(), schema);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// Documentation as one paragraph: the lines of a comment begin with a space.
pub(super) fn text(documentation: &str) -> String {
    documentation.split_whitespace().collect::<Vec<_>>().join(" ")
}
