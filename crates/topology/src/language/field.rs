//! What can stand at a key: how it is read, and what its shape is.

use super::{mapping::Mapping, shape::Kind};
use crate::{
    decode::{Fields, Located, wrong_type},
    diagnostic::Diagnostics,
    node::{Node, Value},
    scalar::Scalar,
};

/// The type of a declared key. The default is what a missing key means.
pub trait Field: Default {
    /// Its shape.
    const KIND: Kind;

    /// Reads a value that is there.
    fn read(node: &Node, key: &'static str, diagnostics: &mut Diagnostics) -> Self;
}

impl<T: Scalar> Field for Option<Located<T>> {
    const KIND: Kind = T::KIND;

    fn read(node: &Node, key: &'static str, diagnostics: &mut Diagnostics) -> Self {
        T::read(node, key, diagnostics).map(|value| Located {
            value,
            span: node.span,
        })
    }
}

impl<T: Scalar> Field for Vec<Located<T>> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(node: &Node, key: &'static str, diagnostics: &mut Diagnostics) -> Self {
        items(node, key, diagnostics)
            .iter()
            .filter_map(|item| Option::<Located<T>>::read(item, key, diagnostics))
            .collect()
    }
}

impl<M: Mapping> Field for Vec<M> {
    const KIND: Kind = Kind::List(&Kind::Mapping(M::shape));

    fn read(node: &Node, key: &'static str, diagnostics: &mut Diagnostics) -> Self {
        items(node, key, diagnostics)
            .iter()
            .map(|item| M::decode(item, diagnostics))
            .collect()
    }
}

impl<M: Mapping> Field for Option<M> {
    const KIND: Kind = Kind::Mapping(M::shape);

    fn read(node: &Node, _: &'static str, diagnostics: &mut Diagnostics) -> Self {
        Some(M::decode(node, diagnostics))
    }
}

/// A mapping whose keys are names that the operator chooses, in the order of the file.
#[derive(Clone, Debug)]
pub struct Named<T>(pub Vec<(Located<String>, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<M: Mapping> Field for Named<M> {
    const KIND: Kind = Kind::Named(&Kind::Mapping(M::shape));

    fn read(node: &Node, key: &'static str, diagnostics: &mut Diagnostics) -> Self {
        Self(
            entries(node, key, diagnostics)
                .map(|(name, node)| (name, M::decode(node, diagnostics)))
                .collect(),
        )
    }
}

impl<T: Scalar> Field for Named<Located<T>> {
    const KIND: Kind = Kind::Named(&T::KIND);

    fn read(node: &Node, key: &'static str, diagnostics: &mut Diagnostics) -> Self {
        Self(
            entries(node, key, diagnostics)
                .filter_map(|(name, node)| {
                    Option::<Located<T>>::read(node, key, diagnostics).map(|value| (name, value))
                })
                .collect(),
        )
    }
}

/// A tree of any shape.
#[derive(Clone, Debug, Default)]
pub struct Tree(pub Option<Node>);

impl Field for Tree {
    const KIND: Kind = Kind::Tree;

    fn read(node: &Node, key: &'static str, diagnostics: &mut Diagnostics) -> Self {
        match node.value {
            Value::Mapping(_) => Self(Some(node.clone())),
            ref other => {
                diagnostics.push(wrong_type(node, key, "a mapping of keys", other));
                Self(None)
            }
        }
    }
}

fn items<'a>(node: &'a Node, key: &'static str, diagnostics: &mut Diagnostics) -> &'a [Node] {
    match &node.value {
        Value::List(items) => items,
        other => {
            diagnostics.push(wrong_type(node, key, "a list", other));
            &[]
        }
    }
}

fn entries<'a>(
    node: &'a Node,
    key: &'static str,
    diagnostics: &mut Diagnostics,
) -> impl Iterator<Item = (Located<String>, &'a Node)> + use<'a> {
    let entries: &[_] = match &node.value {
        Value::Mapping(entries) => entries,
        other => {
            diagnostics.push(wrong_type(node, key, "a mapping of names", other));
            &[]
        }
    };
    let named = entries.iter().filter(|(name, _)| !name.is_merge());
    named.map(|(name, node)| {
        let name = Located {
            value: name.text.clone(),
            span: name.span,
        };
        (name, node)
    })
}

impl Fields<'_> {
    /// The value of a key.
    pub(crate) fn read<F: Field>(
        &mut self,
        key: &'static str,
        required: bool,
        diagnostics: &mut Diagnostics,
    ) -> F {
        let node = if required {
            self.require(key, diagnostics)
        } else {
            self.get(key)
        };
        node.map(|node| F::read(node, key, diagnostics))
            .unwrap_or_default()
    }
}
