//! Legal names: the X.500 names that Corda accepts.

use std::fmt;

use super::country::is_country;

/// An attribute of a legal name, in the order in which Corda writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// `CN`
    CommonName,
    /// `OU`
    OrganisationUnit,
    /// `O`
    Organisation,
    /// `L`
    Locality,
    /// `ST`
    State,
    /// `C`
    Country,
}

impl Attribute {
    const ALL: [Self; 6] = [
        Self::CommonName,
        Self::OrganisationUnit,
        Self::Organisation,
        Self::Locality,
        Self::State,
        Self::Country,
    ];

    /// Its short name in a distinguished name.
    pub const fn short(self) -> &'static str {
        match self {
            Self::CommonName => "CN",
            Self::OrganisationUnit => "OU",
            Self::Organisation => "O",
            Self::Locality => "L",
            Self::State => "ST",
            Self::Country => "C",
        }
    }

    /// The longest value, in characters, as in Corda's `CordaX500Name`.
    const fn max_length(self) -> usize {
        match self {
            Self::Organisation => 128,
            Self::Country => 2,
            Self::CommonName | Self::OrganisationUnit | Self::Locality | Self::State => 64,
        }
    }

    const fn is_required(self) -> bool {
        matches!(self, Self::Organisation | Self::Locality | Self::Country)
    }
}

/// All attributes at their longest, in characters of four bytes, fit.
const LONGEST: usize = 2048;

/// A legal name. Two are equal when Corda takes them for the same party, whatever the order in which they
/// were written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct X500Name {
    /// In the order of [`Attribute`].
    attributes: Vec<(Attribute, String)>,
}

impl X500Name {
    /// Reads `O=PartyA, L=London, C=GB`.
    ///
    /// # Errors
    /// Every rule of Corda that the text breaks, a sentence each.
    pub fn new(text: &str) -> Result<Self, Vec<String>> {
        if text.len() > LONGEST {
            return Err(vec![format!(
                "a legal name may have {LONGEST} bytes in all, this has {}",
                text.len()
            )]);
        }
        let mut problems = Vec::new();
        let mut attributes: Vec<(Attribute, String)> = Vec::new();
        for part in text.split(',') {
            let Some((key, value)) = part.split_once('=') else {
                problems.push(format!(
                    "`{}` in the legal name is not `ATTRIBUTE=value`",
                    part.trim()
                ));
                continue;
            };
            let (key, value) = (key.trim(), value.trim());
            let Some(attribute) = Attribute::ALL.into_iter().find(|known| known.short() == key) else {
                problems.push(format!(
                    "`{key}` is not an attribute of a legal name: CN, OU, O, L, ST and C are"
                ));
                continue;
            };
            if attributes.iter().any(|(known, _)| *known == attribute) {
                problems.push(format!("the legal name has `{key}` twice"));
                continue;
            }
            check_value(attribute, value, &mut problems);
            attributes.push((attribute, value.to_owned()));
        }
        for required in Attribute::ALL
            .into_iter()
            .filter(|attribute| attribute.is_required())
        {
            if !attributes.iter().any(|(known, _)| *known == required) {
                problems.push(format!("the legal name has no `{}`", required.short()));
            }
        }
        attributes.sort();
        if problems.is_empty() {
            Ok(Self { attributes })
        } else {
            Err(problems)
        }
    }

    /// The value of an attribute.
    pub fn get(&self, attribute: Attribute) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| *known == attribute)
            .map(|(_, value)| value.as_str())
    }

    /// `O`, which every legal name has.
    pub fn organisation(&self) -> &str {
        self.get(Attribute::Organisation).unwrap_or_default()
    }

    /// `L`, which every legal name has.
    pub fn locality(&self) -> &str {
        self.get(Attribute::Locality).unwrap_or_default()
    }

    /// `C`, which every legal name has.
    pub fn country(&self) -> &str {
        self.get(Attribute::Country).unwrap_or_default()
    }
}

impl fmt::Display for X500Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (attribute, value)) in self.attributes.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(formatter, "{separator}{}={value}", attribute.short())?;
        }
        Ok(())
    }
}

fn check_value(attribute: Attribute, value: &str, problems: &mut Vec<String>) {
    let key = attribute.short();
    if value.is_empty() {
        problems.push(format!("`{key}` in the legal name is empty"));
        return;
    }
    if attribute == Attribute::Country {
        if !is_country(value) {
            problems.push(format!(
                "`C={value}` is not an ISO 3166-1 country code of two capital letters"
            ));
        }
        return;
    }
    let length = value.chars().count();
    if length > attribute.max_length() {
        problems.push(format!(
            "`{key}` may have {} characters, this has {length}",
            attribute.max_length()
        ));
    }
    if let Some(forbidden) = value
        .chars()
        .find(|character| matches!(character, '"' | '\\' | '=' | '\0' | '+' | ';' | '<' | '>'))
    {
        problems.push(format!("`{key}` must not hold `{}`", forbidden.escape_default()));
    }
    if attribute == Attribute::Organisation {
        if value
            .chars()
            .filter(|character| character.is_alphabetic())
            .count()
            < 2
        {
            problems.push(format!("`O={value}` must have at least two letters"));
        }
        if value.starts_with(char::is_lowercase) {
            problems.push(format!("`O={value}` must begin with a capital letter"));
        }
    }
    if value.contains("  ") {
        problems.push(format!("`{key}` must not hold two spaces in a row"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_order_and_written_in_cordas() {
        let name = X500Name::new("C=GB,O=PartyA, L=London").unwrap();
        assert_eq!(name.to_string(), "O=PartyA, L=London, C=GB");
        assert_eq!(name, X500Name::new("O=PartyA,L=London,C=GB").unwrap());
    }

    #[test]
    fn every_broken_rule_is_told() {
        for (text, problems) in [
            ("O=PartyA,L=London", 1),
            ("O=PartyA,L=London,C=UK", 1),
            ("O=p,L=London,C=GB", 2),
            ("O=PartyA,O=PartyB,L=London,C=GB", 1),
            ("O=PartyA,L=London,C=GB,X=1", 1),
            ("PartyA", 4),
            ("O=Party  A,L=,C=", 3),
            ("O=Pa\"rty,L=London,C=GB", 1),
        ] {
            assert_eq!(
                X500Name::new(text).unwrap_err().len(),
                problems,
                "{text}: {:?}",
                X500Name::new(text)
            );
        }
    }
}
