//! `cofferdam schedule add`.

use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;

use crate::cli::client::api::read;
use crate::cli::client::{ScheduleBody, ScheduleCatchUpBody, ScheduleView};
use crate::cli::job::{Described, duration};
use crate::cli::output::{escape, until};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::{CatchUp, CatchUpPolicy, Overlap, ScheduleName};

/// Make a schedule, or replace one
#[derive(Debug, Args)]
#[command(after_help = "\
Each occurrence starts one job, however many hosts share the database. The pattern has the fields minute, hour, day of \
month, month and day of week, with seconds before them if they matter; or it is @hourly, @daily, @weekly, @monthly or @yearly.

Examples:
  cofferdam schedule add hourly-hello hello --cron @hourly
  cofferdam schedule add nightly csv-profile --cron '30 2 * * MON-FRI' --time-zone Europe/Berlin --inputs @inputs.json
  cofferdam schedule add sync link-report@1.0.0 --cron '*/5 * * * *' --jitter 30s --overlap allow --catch-up all")]
pub struct Add {
    /// What to call it: lowercase words joined by hyphens
    name: ScheduleName,
    #[command(flatten)]
    job: Described,
    /// When, such as '30 2 * * MON-FRI'
    #[arg(long, value_name = "PATTERN")]
    cron: String,
    /// The time zone in which the pattern is read, such as Europe/Berlin; UTC unless given
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Put each occurrence off by up to so much, so that not all start at once
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    jitter: Option<Duration>,
    /// What happens while an earlier job has not ended: skip unless given
    #[arg(long, value_parser = PossibleValuesParser::new(Overlap::ALL.map(Overlap::as_str)).try_map(|text| text.parse::<Overlap>()))]
    overlap: Option<Overlap>,
    /// Which occurrences are made up for that nobody could start in time: last unless given
    #[arg(long, value_parser = PossibleValuesParser::new(CatchUpPolicy::ALL.map(CatchUpPolicy::as_str)).try_map(|text| text.parse::<CatchUpPolicy>()))]
    catch_up: Option<CatchUpPolicy>,
    /// With --catch-up all, how many at most
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=i64::from(CatchUp::LIMIT_MAX)))]
    catch_up_limit: Option<u32>,
    /// Occurrences that are older are not made up for, 1d unless given
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    catch_up_age: Option<Duration>,
    /// From how late on an occurrence counts as missed, 1m unless given
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    late_after: Option<Duration>,
    /// Start nothing until `cofferdam schedule resume`
    #[arg(long)]
    paused: bool,
    /// Replace the schedule of this name; what is not given is as for a new one
    #[arg(long)]
    replace: bool,
}

impl Add {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let body = ScheduleBody {
            name: self.name.to_string(),
            cron: self.cron,
            time_zone: self.time_zone,
            job: self.job.read()?,
            jitter: self.jitter,
            overlap: self.overlap.map(Overlap::as_str),
            catch_up: ScheduleCatchUpBody {
                policy: self.catch_up.map(CatchUpPolicy::as_str),
                limit: self.catch_up_limit,
                max_age: self.catch_up_age,
            },
            late_after: self.late_after,
            paused: self.paused,
        };
        let json = if self.replace {
            session.client.replace_schedule(&self.name, &body)?
        } else {
            session.client.create_schedule(&body)?
        };
        if session.form == Form::Json {
            session.say_json(&json)?;
            return Ok(Exit::Done);
        }
        let view: ScheduleView = read(&json)?;
        say(&escape::one_line(&view.name))?;
        session.note(&match &view.next_run_at {
            Some(next) => format!("its next job starts {} ({next})", until(next)),
            None => "it is paused".to_owned(),
        });
        Ok(Exit::Done)
    }
}
