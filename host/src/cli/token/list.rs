//! `cofferdam token list`.

use clap::Args;

use crate::cli::client::TokenView;
use crate::cli::client::api::read;
use crate::cli::output::{Cell, Table, ago};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};

/// List tokens
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cofferdam token list\n  cofferdam token list --json | jq -r .name")]
pub struct List {}

impl List {
    pub(super) fn execute(session: &Session) -> Result<Exit, Failure> {
        let tokens = session.client.tokens()?;
        if session.form == Form::Json {
            session.say_lines(&tokens)?;
            return Ok(Exit::Done);
        }
        if tokens.is_empty() {
            session.note("no tokens: everybody on the server's machine may use it; `cofferdam token create` makes one");
            return Ok(Exit::Done);
        }
        let mut table = Table::new(session.looks.out, &["id", "name", "scopes", "modules", "last used", "holds until"]);
        for token in &tokens {
            add(&mut table, read(token.get())?);
        }
        say(&table.render())?;
        Ok(Exit::Done)
    }
}

fn add(table: &mut Table, token: TokenView) {
    let until = match (token.revoked_at, token.expires_at) {
        (Some(_), _) => "revoked".to_owned(),
        (None, Some(end)) => end,
        (None, None) => "it is revoked".to_owned(),
    };
    table.row(vec![
        Cell::Text(token.id),
        Cell::Text(token.name),
        Cell::Text(token.scopes.join(" ")),
        Cell::Text(token.modules.map_or_else(|| "all".to_owned(), |names| names.join(" "))),
        Cell::Text(token.last_used_at.map_or_else(|| "never".to_owned(), |time| ago(&time))),
        Cell::Text(until),
    ]);
}
