//! `cofferdam schedule next`.

use clap::Args;
use serde::Deserialize;

use crate::cli::client::api::read;
use crate::cli::output::{Cell, Table, until};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::ScheduleRef;

/// Tell when a schedule, or a pattern, comes next
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam schedule next nightly
  cofferdam schedule next --cron '0 9 * * MON-FRI' --time-zone America/New_York --limit 5")]
pub struct Next {
    /// The name or the id of a schedule
    #[arg(required_unless_present = "cron", conflicts_with = "cron")]
    schedule: Option<ScheduleRef>,
    /// A pattern, before a schedule is made of it
    #[arg(long, value_name = "PATTERN")]
    cron: Option<String>,
    /// The time zone of the pattern; UTC unless given
    #[arg(long, value_name = "ZONE", requires = "cron")]
    time_zone: Option<String>,
    /// How many
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// What the API answers of a schedule.
#[derive(Deserialize)]
struct Runs {
    next: Vec<RunAt>,
}

#[derive(Deserialize)]
struct RunAt {
    run_at: String,
}

/// What it answers of a pattern.
#[derive(Deserialize)]
struct Times {
    times: Vec<String>,
}

impl Next {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let (json, times) = match (&self.schedule, self.cron) {
            (Some(schedule), _) => {
                let json = session.client.next_runs(schedule, self.limit)?;
                let times = read::<Runs>(&json)?.next.into_iter().map(|run| run.run_at).collect::<Vec<_>>();
                (json, times)
            }
            (None, cron) => {
                let json = session.client.preview(cron.unwrap_or_default(), self.time_zone, self.limit)?;
                let times = read::<Times>(&json)?.times;
                (json, times)
            }
        };
        if session.form == Form::Json {
            session.say_json(&json)?;
            return Ok(Exit::Done);
        }
        if times.is_empty() {
            session.note("it is paused");
            return Ok(Exit::Done);
        }
        let mut table = Table::new(session.looks.out, &["time", "from now"]);
        for time in times {
            table.row(vec![Cell::Text(time.clone()), Cell::Text(until(&time))]);
        }
        say(&table.render())?;
        Ok(Exit::Done)
    }
}
