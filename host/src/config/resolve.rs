//! Lays the sources over each other and checks what comes out.

use std::path::PathBuf;

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Format, Toml};
use figment::value::Dict;

use super::known::Known;
use super::layer::Layer;
use super::{ConfigError, Environment, Settings};

/// A setting given on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// How it was written, such as `--listen`.
    pub name: String,
    /// The key that it sets.
    pub key: String,
    /// Its value as text.
    pub value: String,
}

impl Flag {
    /// The flag `--set KEY=VALUE`, which sets any key.
    pub fn assignment(text: &str) -> Result<Self, ConfigError> {
        let (key, value) = text.split_once('=').ok_or_else(|| ConfigError::NotAnAssignment(text.to_owned()))?;
        Ok(Self { name: format!("--set {}", key.trim()), key: key.trim().to_owned(), value: value.trim().to_owned() })
    }
}

/// Where settings come from, weakest first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A TOML file.
    pub file: Option<PathBuf>,
    /// The environment.
    pub environment: Environment,
    /// The command line; a later flag wins over an earlier one.
    pub flags: Vec<Flag>,
}

/// Settings, and for each of them where it was written.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    pub(super) merged: Figment,
    /// What the file is called in messages.
    pub(super) file: Option<String>,
}

/// What the defaults are called in messages.
pub(super) const DEFAULT: &str = "default";

impl Sources {
    /// Reads, merges and checks the settings.
    pub fn resolve(self) -> Result<Resolved, ConfigError> {
        let file = self.file.clone().map(file).transpose()?;
        self.resolve_over(file)
    }

    /// The same, the file having been read.
    pub(super) fn resolve_over(self, file: Option<Layer>) -> Result<Resolved, ConfigError> {
        let known = Known::of_defaults();
        let file_name = file.as_ref().map(|file| file.origin().to_owned());
        let (mut layers, mut problems) = self.environment.layers(&known);
        if let Some(file) = file {
            layers.insert(0, file);
        }
        for flag in &self.flags {
            layers.push(Layer::of_text(flag.name.clone(), &flag.key, &flag.value, &known));
        }
        problems.extend(layers.iter().flat_map(|layer| known.unknown_in(layer.origin(), layer.table())));
        if !problems.is_empty() {
            return Err(ConfigError::Problems(problems));
        }
        let defaults = Layer::of_table(DEFAULT.to_owned(), known.defaults().clone());
        let merged = layers.into_iter().fold(Figment::from(defaults), Figment::merge);
        let settings: Settings = merged.extract().map_err(|error| ConfigError::Problems(sentences(error)))?;
        match out_of_range(&settings, &merged) {
            problems if problems.is_empty() => Ok(Resolved { settings, merged, file: file_name }),
            problems => Err(ConfigError::Problems(problems)),
        }
    }
}

fn file(path: PathBuf) -> Result<Layer, ConfigError> {
    match std::fs::read_to_string(&path) {
        Ok(text) => file_text(path, &text),
        Err(source) => Err(ConfigError::Unreadable { path, source }),
    }
}

/// A file's text as a layer.
pub(super) fn file_text(path: PathBuf, text: &str) -> Result<Layer, ConfigError> {
    match Toml::from_str::<Dict>(text) {
        Ok(table) => Ok(Layer::of_table(path.display().to_string(), table)),
        Err(error) => Err(ConfigError::Syntax { path, reason: error.to_string().trim_end().to_owned() }),
    }
}

/// What did not fit its type, as one sentence each.
fn sentences(error: figment::Error) -> Vec<String> {
    error
        .into_iter()
        .map(|error| {
            let reason = match &error.kind {
                Kind::Message(message) => message.clone(),
                Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
                    format!("{found} is not {expected}")
                }
                other => other.to_string(),
            };
            let origin = error.metadata.as_ref().map_or("the settings", |metadata| metadata.name.as_ref());
            format!("`{}` in {origin}: {reason}", error.path.join("."))
        })
        .collect()
}

fn out_of_range(settings: &Settings, merged: &Figment) -> Vec<String> {
    let origin = |key| merged.find_metadata(key).map_or(DEFAULT, |metadata| metadata.name.as_ref());
    settings.problems().into_iter().map(|(key, sentence)| format!("`{key}` in {} {sentence}", origin(key))).collect()
}
