//! `cofferdam job start`.

use clap::Args;

use crate::cli::client::api::read;
use crate::cli::client::{JobView, StartBody};
use crate::cli::job::described::Described;
use crate::cli::job::follow::{Since, follow};
use crate::cli::job::job_id::id_of;
use crate::cli::output::escape;
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::Timestamp;

/// Start a job
#[derive(Debug, Args)]
#[command(after_help = "\
Prints the job's id on stdout, for scripts. With --follow the log goes to stderr and the results to stdout as \
JSON lines, and the exit code is that of the job's end (0 completed, 1 failed, 3 stopped). Ctrl-C only ends the \
following; `cofferdam job stop` stops a job.

Examples:
  cofferdam job start hello
  cofferdam job start csv-profile --inputs @inputs.json --max-duration 10m --follow
  cofferdam job start hello --label team=billing --priority 5 --idempotency-key order-4711
  job=$(cofferdam job start prime-count@1.0.0 --inputs '{\"limit\": 1000000}')")]
pub struct Start {
    #[command(flatten)]
    job: Described,
    /// When it may start at the earliest, such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    run_after: Option<Timestamp>,
    /// Your own name for this start: given again within a day, it answers the job that it started
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Show the log until the job has ended, then its results
    #[arg(long, short)]
    follow: bool,
}

impl Start {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let body = StartBody { run_after: self.run_after, ..self.job.read()? };
        let json = session.client.start_job(&body, self.idempotency_key)?;
        started(session, &json, self.follow.then_some(Then::Follow))
    }
}

/// What is done once a job is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Then {
    /// Its log is shown until it has ended, then its results.
    Follow,
}

/// Says that a job was started.
pub(in crate::cli) fn started(session: &Session, json: &str, then: Option<Then>) -> Result<Exit, Failure> {
    let view: JobView = read(json)?;
    if then == Some(Then::Follow) {
        session.note(&format!("job {} ({}@{})", view.id, view.module.name, view.module.version));
        return follow(session, id_of(&view)?, Since::default());
    }
    match session.form {
        Form::Json => session.say_json(json)?,
        Form::People => {
            say(&escape::one_line(&view.id))?;
            session.note(&format!("`cofferdam job logs {} --follow` shows its log", view.id));
        }
    }
    Ok(Exit::Done)
}
