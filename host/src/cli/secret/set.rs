//! `cofferdam secret set`.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::PathBuf;

use clap::Args;

use crate::cli::client::{Added, SecretBody};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::{SecretName, SecretValue};

/// Store a secret, or give one another value
///
/// The value comes on standard input or from a file, never as an argument, which other users of the machine could see.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam secret set billing-api-key --host api.example.com < key.txt
  cofferdam secret set billing-api-key --host api.example.com --value-file key.txt")]
pub struct Set {
    /// Its name: lowercase words joined by hyphens
    name: SecretName,
    /// A host that may get it, as in a module's grant of HTTP; may be given several times
    #[arg(long = "host", value_name = "HOST", required = true)]
    hosts: Vec<String>,
    /// The file with the value; a line break at its end is not part of it
    #[arg(long, value_name = "FILE")]
    value_file: Option<PathBuf>,
}

impl Set {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let value = self.value()?;
        SecretValue::parse(value.clone())
            .map_err(|error| Failure::usage(format!("the value cannot be stored: {error}")))?;
        let (json, added) = session.client.put_secret(&self.name, &SecretBody { value, hosts: self.hosts })?;
        match (session.form, added) {
            (Form::Json, _) => session.say_json(&json)?,
            (Form::People, Added::New) => say(&format!("stored {}", self.name))?,
            (Form::People, Added::Known) => say(&format!("{} has the new value from the next attempt on", self.name))?,
        }
        Ok(Exit::Done)
    }

    fn value(&self) -> Result<String, Failure> {
        let read = match &self.value_file {
            Some(file) => std::fs::read_to_string(file)
                .map_err(|error| Failure::usage(format!("the file `{}` cannot be read: {error}", file.display())))?,
            None if io::stdin().is_terminal() => {
                return Err(Failure::usage(
                    "the value comes on standard input or from a file; write `< key.txt` or `--value-file key.txt`",
                ));
            }
            None => {
                let mut text = String::new();
                io::stdin()
                    .read_to_string(&mut text)
                    .map_err(|error| Failure::usage(format!("standard input cannot be read: {error}")))?;
                text
            }
        };
        let value = read.strip_suffix('\n').map_or(read.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
        Ok(value.to_owned())
    }
}
