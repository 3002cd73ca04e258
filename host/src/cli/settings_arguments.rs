//! The options by which the commands that start a host take settings.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use crate::config::{Environment, Flag, Resolved, Sources};

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

    /// Resolves the settings: the given flags and `--set` over the environment over the file over the defaults.
    pub(super) fn resolve(&self, flags: Vec<Flag>, environment: &Environment) -> Result<Resolved, Failure> {
        let usage = |error: crate::config::ConfigError| {
            Failure::usage(error.to_string()).next("`cofferdam serve --print-config` shows every setting and its value")
        };
        let file = self.config.clone().or_else(|| environment.get("COFFERDAM_CONFIG").map(PathBuf::from));
        let assignments = self.set.iter().map(|text| Flag::assignment(text)).collect::<Result<Vec<_>, _>>();
        let flags = assignments.map_err(usage)?.into_iter().chain(flags).collect();
        Sources { file, environment: environment.clone(), flags }.resolve().map_err(usage)
    }
}
