//! `cofferdam job logs`.

use clap::Args;

use crate::cli::client::api::read;
use crate::cli::client::{Followed, LogFollower};
use crate::cli::job::job_id::job_id;
use crate::cli::output::{LogPrinter, LogView};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::JobId;

/// Print a job's log
#[derive(Debug, Args)]
#[command(after_help = "\
With --follow, new lines are shown until the job has ended; a lost connection is taken up again without missing \
or repeating a line. With --json each line is an object; with both, the messages of the stream.

Examples:
  cofferdam job logs 01890a5d-ac96-774b-bcce-b302099a8057
  cofferdam job logs 01890a5d-ac96-774b-bcce-b302099a8057 --follow --after 1200")]
pub struct Logs {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: JobId,
    /// Go on until the job has ended
    #[arg(long, short)]
    follow: bool,
    /// Only lines behind this number
    #[arg(long, default_value_t = 0, value_name = "N")]
    after: u64,
}

impl Logs {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let mut printer = LogPrinter::new(session.looks.out);
        if self.follow {
            self.follow(session, &mut printer)?;
        } else {
            self.print(session, &mut printer)?;
        }
        Ok(Exit::Done)
    }

    fn print(&self, session: &Session, printer: &mut LogPrinter) -> Result<(), Failure> {
        let mut after = self.after;
        loop {
            let (page, gap) = session.client.logs(self.job, after)?;
            // A page may be short; only an empty one is the last.
            if page.entries.is_empty() && gap.is_none() {
                return Ok(());
            }
            if let (Some(gap), Form::People) = (&gap, session.form) {
                say(&printer.gap(gap.from, gap.to, &gap.reason))?;
            }
            after = page.next;
            match session.form {
                Form::Json => session.say_lines(&page.entries)?,
                Form::People => {
                    for entry in &page.entries {
                        say(&printer.render(&read::<LogView>(entry.get())?))?;
                    }
                }
            }
        }
    }

    fn follow(&self, session: &Session, printer: &mut LogPrinter) -> Result<(), Failure> {
        let status = LogFollower::new(&session.client, self.job, self.after).run(|message, json| {
            match (session.form, message) {
                (Form::Json, _) => session.say_json(json),
                (Form::People, Followed::Log(line)) => say(&printer.render(line)),
                (Form::People, Followed::Gap { from, to, reason }) => say(&printer.gap(*from, *to, reason)),
                (Form::People, Followed::End { .. } | Followed::Unknown) => Ok(()),
            }
        })?;
        if let Some(status) = status {
            session.note(&format!("the job is {status}"));
        }
        Ok(())
    }
}
