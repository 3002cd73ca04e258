//! `cofferdam secret list`.

use clap::Args;

use crate::cli::client::SecretView;
use crate::cli::client::api::read;
use crate::cli::output::{Cell, Table, ago};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};

/// List the secrets there are, without their values
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cofferdam secret list\n  cofferdam secret list --json | jq -r .name")]
pub struct List {}

impl List {
    pub(super) fn execute(session: &Session) -> Result<Exit, Failure> {
        let secrets = session.client.secrets()?;
        if session.form == Form::Json {
            session.say_lines(&secrets)?;
            return Ok(Exit::Done);
        }
        if secrets.is_empty() {
            session.note("no secrets yet; `cofferdam secret set NAME --host HOST` stores one");
            return Ok(Exit::Done);
        }
        let mut table = Table::new(session.looks.out, &["secret", "hosts", "changed"]).flexible(1);
        for secret in &secrets {
            let SecretView { name, hosts, updated_at } = read(secret.get())?;
            table.row(vec![Cell::Text(name), Cell::Text(hosts.join(" ")), Cell::Text(ago(&updated_at))]);
        }
        say(&table.render())?;
        Ok(Exit::Done)
    }
}
