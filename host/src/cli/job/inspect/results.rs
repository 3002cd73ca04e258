//! `cofferdam job results`.

use clap::Args;
use serde_json::value::RawValue;

use crate::cli::client::ResultView;
use crate::cli::client::api::read;
use crate::cli::job::job_id::job_id;
use crate::cli::output::{Cell, Table, json_line};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::JobId;

/// Print what a job has saved
#[derive(Debug, Args)]
#[command(after_help = "\
On a terminal a table; in a pipe the results alone, one JSON object a line; with --json the results with their \
numbers, times and whether they are provisional.

Examples:
  cofferdam job results 01890a5d-ac96-774b-bcce-b302099a8057
  cofferdam job results 01890a5d-ac96-774b-bcce-b302099a8057 > results.jsonl")]
pub struct ResultsCommand {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: JobId,
    /// Also those that a later attempt has replaced
    #[arg(long)]
    superseded: bool,
}

impl ResultsCommand {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let superseded = self.superseded.then_some("true");
        if session.form == Form::Json || !session.looks.out.is_terminal() {
            each_page(session, self.job, 0, superseded, |page| print(session, page))?;
            return Ok(Exit::Done);
        }
        let mut table = Table::new(session.looks.out, &["#", "attempt", "state", "data"]).flexible(3);
        let mut number = 0;
        each_page(session, self.job, 0, superseded, |page| {
            number += page.len();
            page.iter().try_for_each(|entry| read(entry.get()).map(|view| add(&mut table, &view)))
        })?;
        if number == 0 {
            session.note("no results yet");
            return Ok(Exit::Done);
        }
        say(&table.render())?;
        Ok(Exit::Done)
    }
}

/// Prints the results behind number `after` as lines of JSON: bare ones, or as the API gives them.
pub(in crate::cli::job) fn print_all(session: &Session, job: JobId, after: u64) -> Result<(), Failure> {
    each_page(session, job, after, None, |page| print(session, page))
}

fn each_page(
    session: &Session,
    job: JobId,
    mut after: u64,
    superseded: Option<&str>,
    mut take: impl FnMut(&[Box<RawValue>]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    loop {
        let page = session.client.results(job, after, superseded)?;
        if page.entries.is_empty() {
            return Ok(());
        }
        after = page.next;
        take(&page.entries)?;
    }
}

fn print(session: &Session, page: &[Box<RawValue>]) -> Result<(), Failure> {
    match session.form {
        Form::Json => session.say_lines(page),
        Form::People => page.iter().try_for_each(|entry| session.say_json(read::<ResultView>(entry.get())?.data.get())),
    }
}

fn add(table: &mut Table, view: &ResultView) {
    let state = match (view.superseded, view.provisional) {
        (true, _) => "superseded",
        (false, true) => "provisional",
        (false, false) => "final",
    };
    table.row(vec![
        Cell::Number(view.seq.to_string()),
        Cell::Number(view.attempt.to_string()),
        Cell::Text(state.to_owned()),
        Cell::Text(json_line(view.data.get())),
    ]);
}
