//! `cofferdam module list`.

use clap::Args;

use crate::cli::client::ModuleView;
use crate::cli::client::api::read;
use crate::cli::output::{Cell, Table, ago};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::config::show_size;

/// List the modules there are
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cofferdam module list\n  cofferdam module list --json | jq -r .id")]
pub struct List {}

impl List {
    pub(super) fn execute(session: &Session) -> Result<Exit, Failure> {
        let mut table = Table::new(session.looks.out, &["module", "size", "added", "description"]).flexible(3);
        let (mut cursor, mut number) = (None, 0_usize);
        loop {
            let page = session.client.modules(cursor)?;
            number += page.entries.len();
            match session.form {
                Form::Json => session.say_lines(&page.entries)?,
                Form::People => {
                    page.entries.iter().try_for_each(|entry| read(entry.get()).map(|view| add(&mut table, view)))?;
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        if session.form == Form::People && number > 0 {
            say(&table.render())?;
        } else if number == 0 {
            session.note("no modules yet; `cofferdam module add FILE` adds one");
        }
        Ok(Exit::Done)
    }
}

fn add(table: &mut Table, view: ModuleView) {
    let description = view.description.lines().next().unwrap_or_default().to_owned();
    table.row(vec![
        Cell::Text(view.id),
        Cell::Number(show_size(view.size_bytes)),
        Cell::Text(ago(&view.created_at)),
        Cell::Text(description),
    ]);
}
