//! Single values: what a person writes, and the type that it becomes. Each form is known here only.

mod address;
mod image;
mod name;
mod plain;
mod quantity;
mod release;
mod time;

pub use address::{HostPort, IpAddress, IpRange, Sha256, Url};
pub use image::Image;
pub use name::{Label, ObjectName, SecretKey, StorePath, VariableName};
pub use plain::Whole;
pub use quantity::{Mebibytes, Millicores, StorageSize};
pub use release::{CenmVersion, CordaVersion};

use crate::{
    decode::{nearest, wrong_type},
    diagnostic::{Diagnostic, Diagnostics},
    language::{Choice, Format, Kind},
    node::{Node, Value},
};

/// A single value of the topology.
pub trait Scalar: Sized {
    /// Its shape.
    const KIND: Kind;

    /// Reads it; what is wrong is told.
    fn read(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<Self>;
}

/// What is wrong with a text.
pub(crate) struct Problem {
    code: &'static str,
    message: String,
    label: &'static str,
    help: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            label: "not accepted",
            help: None,
        }
    }

    pub(crate) const fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    pub(crate) const fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }
}

/// A value that is written as text.
pub(crate) trait Text: Sized {
    /// Its form.
    const FORMAT: &'static Format;

    /// Takes a text, or says everything that is wrong with it.
    fn parse(text: &str) -> Result<Self, Vec<Problem>>;
}

/// Reads a text.
pub(crate) fn read_text<T: Text>(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<T> {
    let Value::Text(text) = &node.value else {
        let mut diagnostic = wrong_type(node, key, "a string", &node.value);
        if matches!(
            node.value,
            Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_)
        ) {
            diagnostic = diagnostic.help("put it in quotation marks");
        }
        diagnostics.push(diagnostic);
        return None;
    };
    match T::parse(text) {
        Ok(value) => Some(value),
        Err(problems) => {
            for problem in problems {
                let mut diagnostic =
                    Diagnostic::new(problem.code, node.span, problem.message).label(problem.label);
                if let Some(help) = problem.help {
                    diagnostic = diagnostic.help(help);
                }
                diagnostics.push(diagnostic);
            }
            None
        }
    }
}

/// Makes a text a value of the topology.
macro_rules! text_scalar {
    ($($name:ty),+ $(,)?) => {
        $(
            impl $crate::scalar::Scalar for $name {
                const KIND: $crate::language::Kind =
                    $crate::language::Kind::Text(<Self as $crate::scalar::Text>::FORMAT);

                fn read(
                    node: &$crate::node::Node,
                    key: &str,
                    diagnostics: &mut $crate::diagnostic::Diagnostics,
                ) -> Option<Self> {
                    $crate::scalar::read_text(node, key, diagnostics)
                }
            }
        )+
    };
}
pub(crate) use text_scalar;

impl<C: Choice> Scalar for C {
    const KIND: Kind = Kind::Choice(C::SHAPES);

    fn read(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let written: String = read_text(node, key, diagnostics)?;
        let words: Vec<_> = C::SHAPES.iter().map(|shape| shape.word).collect();
        let found = words.iter().position(|word| *word == written);
        if found.is_none() {
            let help = nearest(&written, &words).map_or_else(
                || format!("write one of: {}", words.join(", ")),
                |near| format!("did you mean `{near}`? All words: {}", words.join(", ")),
            );
            diagnostics.push(
                Diagnostic::new(C::CODE, node.span, format!("`{key}` cannot be `{written}`"))
                    .label("not known")
                    .help(help),
            );
        }
        found.and_then(|at| C::ALL.get(at).copied())
    }
}
