//! The declaration of a mapping, and of a choice between words.

use super::shape::{ChoiceShape, Key, MappingShape};
use crate::{
    decode::Fields,
    diagnostic::{Diagnostic, Diagnostics},
    node::Node,
};

/// A mapping of the topology.
pub trait Mapping: Default {
    /// What messages call it.
    const NAME: &'static str;
    /// What it is.
    const DOCUMENTATION: &'static str;
    /// Whether exactly one key must be there.
    const ONE_OF: bool;

    /// Its keys.
    fn keys() -> Vec<Key>;

    /// Reads its keys and leaves others to whoever shares the mapping.
    fn read_keys(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Self;

    /// Its shape.
    fn shape() -> MappingShape {
        MappingShape {
            name: Self::NAME,
            documentation: Self::DOCUMENTATION,
            one_of: Self::ONE_OF,
            keys: Self::keys(),
        }
    }

    /// Reads the whole mapping; a key that it does not have is told.
    fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Self {
        let mut fields = Fields::of(node, Self::NAME, diagnostics);
        let mapping = Self::read_keys(&mut fields, diagnostics);
        if Self::ONE_OF {
            one_of(&fields, diagnostics);
        }
        fields.finish(diagnostics);
        mapping
    }
}

/// Exactly one key must be there.
fn one_of(fields: &Fields<'_>, diagnostics: &mut Diagnostics) {
    let (present, known) = fields.present();
    let message = match present.len() {
        0 => format!("{} is empty", fields.name()),
        1 => return,
        _ => format!("{} has more than one of its keys", fields.name()),
    };
    let span = present.get(1).copied().unwrap_or(fields.span);
    diagnostics.push(
        Diagnostic::new("topology::one-of", span, message)
            .label("one is needed")
            .help(format!("write exactly one of: {}", known.join(", "))),
    );
}

/// A choice between words.
pub trait Choice: Copy + 'static {
    /// The diagnostic of a word that is not among them.
    const CODE: &'static str;
    /// The words.
    const SHAPES: &'static [ChoiceShape];
    /// What they mean, in the same order.
    const ALL: &'static [Self];
}

/// The code that a choice names, or the common one.
pub(crate) const fn code(named: &[&'static str]) -> &'static str {
    match named {
        [code, ..] => code,
        [] => "topology::unknown-choice",
    }
}

/// Declares a mapping: `name` in messages, keys with their documentation, and whether exactly one is needed.
macro_rules! mapping {
    (
        $(#[doc = $documentation:literal])+
        $(#[one_of = $one_of:literal])?
        pub struct $name:ident = $called:literal {
            $( flatten $flat:ident : $flat_type:ty; )*
            $(
                $(#[doc = $key_documentation:literal])+
                $( @ $required:ident )?
                $field:ident : $type:ty = $key:literal
                $(, default $default:literal)?
                $(, drives $drives:literal)?
                ;
            )*
        }
    ) => {
        $(#[doc = $documentation])+
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            $(
                /// What it shares with others.
                pub $flat: $flat_type,
            )*
            $(
                $(#[doc = $key_documentation])+
                pub $field: $type,
            )*
            /// Where it stands.
            pub span: $crate::node::Span,
            /// The keys that are written with a value, accepted or not.
            pub written: Vec<&'static str>,
        }

        impl $crate::language::Mapping for $name {
            const NAME: &'static str = $called;
            const DOCUMENTATION: &'static str = concat!($($documentation),+);
            const ONE_OF: bool = false $( || $one_of )?;

            fn keys() -> Vec<$crate::language::Key> {
                let own = vec![
                    $(
                        $crate::language::Key {
                            name: $key,
                            documentation: concat!($($key_documentation),+),
                            kind: <$type as $crate::language::Field>::KIND,
                            required: false $( || stringify!($required).len() > 0 )?,
                            default: None $( .or(Some($default)) )?,
                            drives: None $( .or(Some($drives)) )?,
                        },
                    )*
                ];
                let shared: Vec<Vec<$crate::language::Key>> =
                    vec![$( <$flat_type as $crate::language::Mapping>::keys() ),*];
                own.into_iter().chain(shared.into_iter().flatten()).collect()
            }

            fn read_keys(
                fields: &mut $crate::decode::Fields<'_>,
                diagnostics: &mut $crate::diagnostic::Diagnostics,
            ) -> Self {
                Self {
                    $( $flat: <$flat_type as $crate::language::Mapping>::read_keys(fields, diagnostics), )*
                    $(
                        $field: fields.read(
                            $key,
                            false $( || stringify!($required).len() > 0 )?,
                            diagnostics,
                        ),
                    )*
                    span: fields.span,
                    written: fields.written(),
                }
            }
        }

        impl $crate::language::Field for $name {
            const KIND: $crate::language::Kind =
                $crate::language::Kind::Mapping(<Self as $crate::language::Mapping>::shape);

            fn read(
                node: &$crate::node::Node,
                _: &'static str,
                diagnostics: &mut $crate::diagnostic::Diagnostics,
            ) -> Self {
                <Self as $crate::language::Mapping>::decode(node, diagnostics)
            }
        }
    };
}

/// Declares a choice between words.
macro_rules! choice {
    (
        $(#[doc = $documentation:literal])+
        $(#[code = $code:literal])?
        pub enum $name:ident {
            $(
                $(#[doc = $word_documentation:literal])+
                $variant:ident = $word:literal,
            )+
        }
    ) => {
        $(#[doc = $documentation])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(
                $(#[doc = $word_documentation])+
                $variant,
            )+
        }

        impl $crate::language::Choice for $name {
            const CODE: &'static str = $crate::language::code(&[$($code)?]);
            const SHAPES: &'static [$crate::language::ChoiceShape] = &[
                $(
                    $crate::language::ChoiceShape {
                        word: $word,
                        documentation: concat!($($word_documentation),+),
                    },
                )+
            ];
            const ALL: &'static [Self] = &[$(Self::$variant),+];
        }

        impl $name {
            /// As it is written.
            pub const fn word(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }
    };
}

pub(crate) use {choice, mapping};
