//! The options by which the commands that start a host take settings.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use crate::config::{ConfigError, Environment, Flag, Resolved, Sources};

/// A settings file and single settings.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SettingsArguments {
    /// The settings file.
    #[arg(long, value_name = "FILE", help = "Read settings from this TOML file [env: COFFERDAM_CONFIG]")]
    config: Option<PathBuf>,
    /// Set any setting, such as job.memory='512 MiB'; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl SettingsArguments {
    /// Whether any of them was written.
    pub(super) const fn are_given(&self) -> bool {
        self.config.is_some() || !self.set.is_empty()
    }

    /// The same, with a file if that was given in another way.
    pub(super) fn or_file(self, file: Option<PathBuf>) -> Self {
        Self { config: file.or(self.config), ..self }
    }

    /// Resolves the settings: the given flags and `--set` over the environment over the file over the defaults.
    pub(super) fn resolve(&self, flags: Vec<Flag>, environment: &Environment) -> Result<Resolved, Failure> {
        resolve(self.sources(flags, environment)?)
    }

    /// Where the settings come from.
    pub(super) fn sources(&self, flags: Vec<Flag>, environment: &Environment) -> Result<Sources, Failure> {
        let file = self.config.clone().or_else(|| environment.get("COFFERDAM_CONFIG").map(PathBuf::from));
        let assignments = self.set.iter().map(|text| Flag::assignment(text)).collect::<Result<Vec<_>, _>>();
        let flags = assignments.map_err(|error| usage(&error))?.into_iter().chain(flags).collect();
        Ok(Sources { file, environment: environment.clone(), flags })
    }
}

/// Resolves the settings from where they come.
pub(super) fn resolve(sources: Sources) -> Result<Resolved, Failure> {
    sources.resolve().map_err(|error| usage(&error))
}

fn usage(error: &ConfigError) -> Failure {
    Failure::usage(error.to_string()).next("`cofferdam config example` explains every setting")
}
