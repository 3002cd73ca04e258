//! `cofferdam job list`.

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use serde_json::value::RawValue;

use crate::cli::client::api::read;
use crate::cli::client::{JobQuery, JobView};
use crate::cli::output::{Cell, Table, ago, count, span_between};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::job::labels::label;
use crate::domain::page::PAGE_MAX;
use crate::domain::{ModuleRef, ScheduleRef, Status};

/// List jobs, newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam job list
  cofferdam job list --status failed --module csv-profile
  cofferdam job list --all --json | jq -r .id")]
pub struct List {
    /// Only jobs that stand there
    #[arg(long, value_parser = PossibleValuesParser::new(Status::ALL.map(Status::as_str)).try_map(|text| text.parse::<Status>()))]
    status: Option<Status>,
    /// Only jobs of this module
    #[arg(long)]
    module: Option<ModuleRef>,
    /// Only jobs that have this label; may be given several times
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    /// Only jobs that this schedule has started
    #[arg(long)]
    schedule: Option<ScheduleRef>,
    /// How many at most
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// All of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl List {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let mut table =
            Table::new(session.looks.out, &["id", "status", "module", "progress", "ran for", "created", "attempt"]);
        let mut left = if self.all { u32::MAX } else { self.limit };
        let mut query = JobQuery {
            status: self.status,
            module: self.module,
            labels: self.labels,
            schedule: self.schedule,
            limit: 0,
            cursor: None,
        };
        let mut number = 0_usize;
        loop {
            query.limit = left.min(PAGE_MAX);
            let page = session.client.jobs(&query)?;
            number += page.entries.len();
            left = left.saturating_sub(u32::try_from(page.entries.len()).unwrap_or(u32::MAX));
            match session.form {
                Form::Json => session.say_lines(&page.entries)?,
                Form::People => add(&mut table, &page.entries)?,
            }
            query.cursor = page.next;
            if query.cursor.is_none() || left == 0 {
                break;
            }
        }
        if session.form == Form::People && number > 0 {
            say(&table.render())?;
        }
        if number == 0 {
            session.note("no such jobs; `cofferdam job start MODULE` starts one");
        } else if query.cursor.is_some() {
            session.note(&format!("the newest {}; there are more: --limit N or --all", count(number as u64)));
        }
        Ok(Exit::Done)
    }
}

fn add(table: &mut Table, entries: &[Box<RawValue>]) -> Result<(), Failure> {
    for entry in entries {
        let view: JobView = read(entry.get())?;
        let progress = view.progress.map(|progress| match progress.total {
            Some(total) => format!("{} of {}", count(progress.done), count(total)),
            None => count(progress.done),
        });
        let ran = view.started_at.as_deref().map(|start| span_between(start, view.finished_at.as_deref()));
        // In a pipe, columns are told apart by their place: none may be empty.
        let dash = || "-".to_owned();
        table.row(vec![
            Cell::Text(view.id),
            Cell::Status(view.status),
            Cell::Text(format!("{}@{}", view.module.name, view.module.version)),
            Cell::Text(progress.unwrap_or_else(dash)),
            Cell::Text(ran.unwrap_or_else(dash)),
            Cell::Text(ago(&view.created_at)),
            Cell::Number(view.attempt.to_string()),
        ]);
    }
    Ok(())
}
