//! What a client command works with: the server, and how to print.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::value::RawValue;

use super::client::Client;
use super::output::{Look, Looks, shown_json};
use super::{Failure, Global};
use crate::config::Environment;

/// Where a server listens when nobody says otherwise.
const SERVER: &str = "http://127.0.0.1:7171";

/// One command's server and output.
#[derive(Debug)]
pub(super) struct Session {
    /// The server.
    pub(super) client: Client,
    /// For whom the output is.
    pub(super) form: Form,
    /// How the output may look.
    pub(super) looks: Looks,
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Tables and sentences.
    People,
    /// JSON as the API gives it.
    Json,
}

impl Form {
    pub(super) const fn of(global: &Global) -> Self {
        if global.json { Self::Json } else { Self::People }
    }
}

impl Session {
    /// Finds the server in the flag, the environment or the default.
    pub(super) fn open(global: &Global, environment: &Environment, looks: Looks) -> Result<Self, Failure> {
        let server = global.server.as_deref().or_else(|| environment.get("COFFERDAM_SERVER")).unwrap_or(SERVER);
        let ca_file = global.ca_file.clone().or_else(|| environment.get("COFFERDAM_CA_FILE").map(PathBuf::from));
        let client = Client::new(server, token(global, environment)?.as_deref(), ca_file.as_deref())?;
        Ok(Self { client, form: Form::of(global), looks })
    }

    /// Prints JSON on stdout as one line.
    pub(super) fn say_json(&self, json: &str) -> Result<(), Failure> {
        say(&shown_json(json, self.looks.out))
    }

    /// Prints the entries of a list, one JSON object a line.
    pub(super) fn say_lines(&self, entries: &[Box<RawValue>]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        entries.iter().try_for_each(|entry| writeln!(out, "{}", shown_json(entry.get(), self.looks.out)))?;
        Ok(out.flush()?)
    }

    /// Tells a person on stderr what happened; a program gets nothing.
    pub(super) fn note(&self, text: &str) {
        if self.form == Form::People && self.looks.err != Look::Plain {
            eprintln!("{text}");
        }
    }
}

/// The token to show. Never from an argument of the command line, which everybody on the machine can read.
fn token(global: &Global, environment: &Environment) -> Result<Option<String>, Failure> {
    let file = match (&global.token_file, environment.get("COFFERDAM_TOKEN"), environment.get("COFFERDAM_TOKEN_FILE")) {
        (Some(file), ..) => file.clone(),
        (None, Some(token), _) => return Ok(Some(token.trim().to_owned())),
        (None, None, Some(file)) => file.into(),
        (None, None, None) => return Ok(None),
    };
    let text = std::fs::read_to_string(&file).map_err(|error| {
        Failure::usage(format!("the token cannot be read from {}: {error}", file.display()))
            .next("name a file with the token alone in --token-file or COFFERDAM_TOKEN_FILE")
    })?;
    match text.trim() {
        token if token.is_empty() || token.chars().any(char::is_whitespace) => {
            Err(Failure::usage(format!("{} does not hold a token and nothing else", file.display())))
        }
        token => Ok(Some(token.to_owned())),
    }
}

/// Prints a line, or several, on stdout. The text must be harmless for a terminal already.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    Ok(writeln!(io::stdout().lock(), "{text}")?)
}
