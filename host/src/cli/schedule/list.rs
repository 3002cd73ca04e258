//! `cofferdam schedule list`.

use clap::Args;

use crate::cli::client::ScheduleView;
use crate::cli::client::api::read;
use crate::cli::output::{Cell, Table, ago, until};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};

/// List schedules, with their next and last runs
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cofferdam schedule list\n  cofferdam schedule list --json | jq -r .name")]
pub struct List {}

impl List {
    pub(super) fn execute(session: &Session) -> Result<Exit, Failure> {
        let heading = ["schedule", "next", "last", "outcome", "cron", "time zone", "module"];
        let mut table = Table::new(session.looks.out, &heading);
        let (mut cursor, mut number) = (None, 0_usize);
        loop {
            let page = session.client.schedules(cursor)?;
            number += page.entries.len();
            if session.form == Form::Json {
                session.say_lines(&page.entries)?;
            } else {
                for entry in &page.entries {
                    table.row(cells(read(entry.get())?));
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        if number == 0 {
            session.note("no schedules yet; `cofferdam schedule add NAME MODULE --cron PATTERN` makes one");
        } else if session.form == Form::People {
            say(&table.render())?;
        }
        Ok(Exit::Done)
    }
}

fn cells(view: ScheduleView) -> Vec<Cell> {
    // In a pipe, columns are told apart by their place: none may be empty.
    let dash = || "-".to_owned();
    let next = match view.next_run_at.as_deref() {
        Some(next) => until(next),
        None if view.paused => "paused".to_owned(),
        None => dash(),
    };
    let last = view.last_run.as_ref();
    let texts = [
        view.name,
        next,
        last.map_or_else(dash, |run| ago(&run.scheduled_for)),
        last.map_or_else(dash, |run| run.outcome.clone()),
        view.cron,
        view.time_zone,
        view.job.module_id,
    ];
    texts.into_iter().map(Cell::Text).collect()
}
