//! `cofferdam job start`.

use std::time::Duration;

use clap::Args;

use crate::cli::client::api::read;
use crate::cli::client::{JobView, RetryBody, StartBody};
use crate::cli::job::follow::{Since, follow};
use crate::cli::job::given::{Given, duration};
use crate::cli::job::job_id::id_of;
use crate::cli::output::escape;
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::job::labels::label;
use crate::domain::retry::MAX_ATTEMPTS;
use crate::domain::{ModuleRef, Priority, Timestamp};

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
    /// What to run.
    #[arg(help = "NAME (its highest version), NAME@VERSION or sha256:DIGEST")]
    module: ModuleRef,
    #[command(flatten)]
    given: Given,
    /// How long the job may go on after it was told to stop, such as 30s
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    stop_grace: Option<Duration>,
    /// How many runs may end in a failure that may pass, the first included
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ATTEMPTS)))]
    max_attempts: Option<u32>,
    /// The pause after the first such failure, 10s unless given; it doubles with each further one
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "max_attempts")]
    backoff: Option<Duration>,
    /// When it may start at the earliest, such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    run_after: Option<Timestamp>,
    /// Of the jobs that are ready the one with the highest starts first: -1000 to 1000
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    priority: Option<Priority>,
    /// Attach a label, to find the job again; may be given several times
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    /// Your own name for this start: given again within a day, it answers the job that it started
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Show the log until the job has ended, then its results
    #[arg(long, short)]
    follow: bool,
}

impl Start {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let given = self.given.read()?;
        let body = StartBody {
            module_id: self.module,
            inputs: given.inputs,
            settings: given.settings,
            checkpoint: given.checkpoint,
            max_duration: self.given.max_duration,
            stop_grace: self.stop_grace,
            retry: self.max_attempts.map(|max_attempts| RetryBody { max_attempts, backoff: self.backoff }),
            run_after: self.run_after,
            priority: self.priority,
            labels: self.labels.into_iter().collect(),
        };
        let json = session.client.start_job(&body, self.idempotency_key)?;
        let view: JobView = read(&json)?;
        if self.follow {
            session.note(&format!("job {} ({}@{})", view.id, view.module.name, view.module.version));
            return follow(session, id_of(&view)?, Since::default());
        }
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People => {
                say(&escape::one_line(&view.id))?;
                session.note(&format!("`cofferdam job logs {} --follow` shows its log", view.id));
            }
        }
        Ok(Exit::Done)
    }
}
