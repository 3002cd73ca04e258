//! A signing secret from a file: never from an argument, which other users of the machine could see; and one that is shown.

use std::path::PathBuf;

use clap::Args;

use crate::cli::client::WithSecretView;
use crate::cli::client::api::read;
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::webhooks::SigningSecret;

/// Where a given secret lies.
#[derive(Debug, Args)]
pub(super) struct SecretFile {
    /// Sign with the secret in this file (whsec_…) instead of a new one
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

impl SecretFile {
    pub(super) fn read(&self) -> Result<Option<String>, Failure> {
        let Some(file) = &self.secret_file else { return Ok(None) };
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("the file `{}` cannot be read: {error}", file.display())))?;
        let secret: SigningSecret =
            text.trim().parse().map_err(|error| Failure::usage(format!("what `{}` holds {error}", file.display())))?;
        Ok(Some(secret.reveal().to_owned()))
    }
}

/// The secret alone on stdout; the rest is for whoever looks.
pub(super) fn shown_once(session: &Session, json: &str, what: &str) -> Result<Exit, Failure> {
    if session.form == Form::Json {
        session.say_json(json)?;
        return Ok(Exit::Done);
    }
    let WithSecretView { secret, webhook } = read(json)?;
    eprintln!("webhook {} {what}; its signing secret cannot be shown again:", webhook.id);
    say(&secret)?;
    Ok(Exit::Done)
}
