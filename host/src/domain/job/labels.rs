//! What an owner attaches to a job, to find it again.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Labels of one job.
pub const LABELS_MAX: usize = 32;
/// Labels that a list can ask for at once.
pub const SELECTED_MAX: usize = 8;
/// Characters of a name.
const NAME_CHARS: usize = 63;
/// Characters of a value.
const VALUE_CHARS: usize = 255;

/// Names and values, such as `team` and `billing`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct Labels(BTreeMap<String, String>);

/// Labels that all have to be there, written as `team=billing,stage=test`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelSelector(Vec<(String, String)>);

/// What is no label, or too many of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLabels {
    /// A name has other characters, or too many.
    #[error("`{0}` is no name of a label: it has 1 to {NAME_CHARS} letters, digits, `.`, `_`, `-` and `/`")]
    Name(String),
    /// A value has other characters, or too many.
    #[error(
        "the value of the label `{0}` must have at most {VALUE_CHARS} characters, without commas and control characters"
    )]
    Value(String),
    /// There are too many.
    #[error("there are {count} labels; a job has at most {LABELS_MAX}")]
    Count {
        /// How many.
        count: usize,
    },
    /// A selector has no `=`, or nothing at all.
    #[error("`{0}` is no label; write NAME=VALUE, several with commas between them")]
    NoPair(String),
    /// A selector asks for too many.
    #[error("at most {SELECTED_MAX} labels can be asked for at once")]
    Selected,
}

fn check(name: &str, value: &str) -> Result<(), InvalidLabels> {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    if !(1..=NAME_CHARS).contains(&name.len()) || !name.bytes().all(is_of_name) {
        return Err(InvalidLabels::Name(name.chars().take(NAME_CHARS + 1).collect()));
    }
    if value.chars().count() > VALUE_CHARS || value.chars().any(|char| char.is_control() || char == ',') {
        return Err(InvalidLabels::Value(name.to_owned()));
    }
    Ok(())
}

impl Labels {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with its value, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl TryFrom<BTreeMap<String, String>> for Labels {
    type Error = InvalidLabels;

    fn try_from(labels: BTreeMap<String, String>) -> Result<Self, InvalidLabels> {
        if labels.len() > LABELS_MAX {
            return Err(InvalidLabels::Count { count: labels.len() });
        }
        labels.iter().try_for_each(|(name, value)| check(name, value))?;
        Ok(Self(labels))
    }
}

impl LabelSelector {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What has to be there.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl TryFrom<BTreeMap<String, String>> for LabelSelector {
    type Error = InvalidLabels;

    fn try_from(labels: BTreeMap<String, String>) -> Result<Self, InvalidLabels> {
        if labels.len() > SELECTED_MAX {
            return Err(InvalidLabels::Selected);
        }
        labels.iter().try_for_each(|(name, value)| check(name, value))?;
        Ok(Self(labels.into_iter().collect()))
    }
}

impl LabelSelector {
    /// Whether these labels have all that it asks for.
    pub fn fits(&self, labels: &Labels) -> bool {
        self.0.iter().all(|(name, value)| labels.0.get(name) == Some(value))
    }
}

impl fmt::Display for LabelSelector {
    /// As it is written, and read again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        f.write_str(&pairs.join(","))
    }
}

impl FromStr for LabelSelector {
    type Err = InvalidLabels;

    fn from_str(text: &str) -> Result<Self, InvalidLabels> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in text.split(',') {
            let (name, value) = label(part)?;
            if !pairs.contains(&(name.clone(), value.clone())) {
                pairs.push((name, value));
            }
        }
        if pairs.len() > SELECTED_MAX {
            return Err(InvalidLabels::Selected);
        }
        Ok(Self(pairs))
    }
}

/// One label, written as `team=billing`.
pub fn label(text: &str) -> Result<(String, String), InvalidLabels> {
    let no_pair = || InvalidLabels::NoPair(text.chars().take(50).collect());
    let (name, value) = text.split_once('=').ok_or_else(no_pair)?;
    check(name, value)?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(name: &str, value: &str) -> Result<Labels, InvalidLabels> {
        BTreeMap::from([(name.to_owned(), value.to_owned())]).try_into()
    }

    #[test]
    fn names_are_plain_and_values_nearly_free() {
        for (name, value) in [("team", ""), ("a.b/c-d_9", "ü = 'x' \"y\" %"), (&"n".repeat(63), &"v".repeat(255))] {
            assert!(labels(name, value).is_ok(), "{name}");
        }
        for name in ["", "a b", "a=b", "é", &"n".repeat(64)] {
            assert!(matches!(labels(name, ""), Err(InvalidLabels::Name(_))), "{name}");
        }
        for value in ["a,b", "a\nb", "\u{85}", &"v".repeat(256)] {
            assert!(matches!(labels("a", value), Err(InvalidLabels::Value(_))), "{value}");
        }
        let many: BTreeMap<_, _> = (0..=LABELS_MAX).map(|at| (format!("n{at}"), String::new())).collect();
        assert_eq!(Labels::try_from(many), Err(InvalidLabels::Count { count: 33 }));
    }

    #[test]
    fn a_selector_is_names_and_values_with_commas_between() {
        let selector: LabelSelector = "team=billing,stage=a=b,team=billing,empty=".parse().expect("labels");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(selector.pairs(), [pair("team", "billing"), pair("stage", "a=b"), pair("empty", "")]);
        for text in ["", "team", "=x", "a=b,", "a=b,,c=d"] {
            assert!(text.parse::<LabelSelector>().is_err(), "{text}");
        }
        let has = |text: &str| labels("team", text).expect("labels");
        let team: LabelSelector = "team=billing".parse().expect("labels");
        assert!(team.fits(&has("billing")) && !team.fits(&has("other")) && !selector.fits(&has("billing")));
        assert_eq!(selector.to_string().parse(), Ok(selector));
        let many: Vec<_> = (0..9).map(|at| format!("n{at}=")).collect();
        assert_eq!(many.join(",").parse::<LabelSelector>(), Err(InvalidLabels::Selected));
    }
}
