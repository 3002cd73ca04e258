//! `cofferdam config check`: what a start would say of the settings, without a start.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::api::{Setting, Tls};
use crate::cli::output::{Cell, Look, Looks, Table, escape};
use crate::cli::session::{Form, say};
use crate::cli::settings_arguments::SettingsArguments;
use crate::cli::{Exit, Failure, Global};
use crate::config::{Environment, Settings};
use crate::registry::Vault;

/// Tell whether settings are right, and what they change
#[derive(Debug, Args)]
#[command(after_help = "\
Reads the settings as `cofferdam serve` would, and the files that they name: certificate, keys, roots. Ends with 0 if a
server would take them, and with 2 and every problem if not. `cofferdam doctor` looks at the machine and the folders.

Examples:
  cofferdam config check cofferdam.toml
  cofferdam config check /etc/cofferdam/cofferdam.toml && systemctl reload cofferdam
  cofferdam config check --set job.memory='512 MiB'")]
pub struct Check {
    /// The settings file.
    #[arg(value_name = "FILE", conflicts_with = "config", help = "The settings file [env: COFFERDAM_CONFIG]")]
    file: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingsArguments,
}

impl Check {
    pub(super) fn execute(self, global: &Global, environment: &Environment, looks: Looks) -> Result<Exit, Failure> {
        let settings = self.settings.or_file(self.file);
        let resolved = settings.resolve(Vec::new(), environment)?;
        obstacles(&resolved.settings)?;
        let chosen = resolved.chosen();
        match Form::of(global) {
            Form::Json => say(&json!({ "changed": chosen.iter().map(json).collect::<Vec<_>>() }).to_string())?,
            Form::People => say(&render(&chosen, looks.out))?,
        }
        Ok(Exit::Done)
    }
}

/// What a start would stumble over.
fn obstacles(settings: &Settings) -> Result<(), Failure> {
    let usage = |sentence: String| Failure::usage(sentence);
    if let Some((cert, key)) = settings.tls.files() {
        Tls::open(cert, key, settings.tls.handshake_time.0).map_err(|error| usage(error.to_string()))?;
    }
    Vault::check_key(&settings.secrets.key_file(&settings.data_dir)).map_err(|error| usage(error.to_string()))?;
    if settings.data_dir.exists() && !settings.data_dir.is_dir() {
        return Err(usage(format!("`{}` (data_dir) is no folder", settings.data_dir.display())));
    }
    if settings.tls.leaves_open(settings.listen) {
        return Err(usage(format!(
            "{} (listen) can be reached by other machines, and nothing encrypts what comes from them: set tls.cert and \
             tls.key, or tls.in_front = true if something in front of this host does TLS, or listen on 127.0.0.1",
            settings.listen
        )));
    }
    Ok(())
}

fn json(setting: &Setting) -> Value {
    let Setting { key, value, default, origin } = setting;
    json!({ "key": key, "value": value, "default": default, "place": origin.place() })
}

fn render(chosen: &[Setting], look: Look) -> String {
    if chosen.is_empty() {
        return "the settings are right; all have their defaults".to_owned();
    }
    let mut table = Table::new(look, &["setting", "value", "from"]);
    for Setting { key, value, origin, .. } in chosen {
        let (value, place) = (value.to_string(), origin.place().unwrap_or("default"));
        table.row([key, &value, place].map(|text| Cell::Text(escape::one_line(text).into_owned())).into());
    }
    format!("the settings are right; these are not the defaults:\n\n{}", table.render())
}
