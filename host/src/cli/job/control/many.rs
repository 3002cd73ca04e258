//! The same for many jobs: which are meant, and what became of them.

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;

use crate::cli::client::api::read;
use crate::cli::client::{ManyView, SelectBody};
use crate::cli::output::{Bar, count, escape};
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure};
use crate::domain::job::labels::label;
use crate::domain::{JobId, ModuleRef, ScheduleRef, Status};

/// Which jobs are meant when none is named.
#[derive(Debug, Args)]
pub(in crate::cli) struct Selection {
    /// Instead of one job: all that stand there
    #[arg(long, conflicts_with = "job", value_parser = PossibleValuesParser::new(Status::ALL.map(Status::as_str)).try_map(|text| text.parse::<Status>()))]
    status: Option<Status>,
    /// Instead of one job: all that have this label; may be given several times
    #[arg(long = "label", conflicts_with = "job", value_name = "NAME=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    /// Instead of one job: all that this schedule has started
    #[arg(long, conflicts_with = "job")]
    schedule: Option<ScheduleRef>,
}

/// What is meant: one job, or all that fit.
pub(super) enum Meant {
    One(JobId),
    Many(SelectBody),
}

impl Selection {
    /// Whether one job or many are meant; of many, those of a module alone if one is given.
    pub(super) fn meant(self, job: Option<JobId>, module: Option<&ModuleRef>) -> Result<Meant, Failure> {
        if let Some(job) = job {
            return Ok(Meant::One(job));
        }
        let labels: Vec<_> = self.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if self.status.is_none() && labels.is_empty() && self.schedule.is_none() && module.is_none() {
            return Err(Failure::usage("no job is named")
                .next("give a job's id, or say which are meant with --status, --module, --label or --schedule"));
        }
        Ok(Meant::Many(SelectBody {
            status: self.status,
            module_id: module.map(ToString::to_string),
            labels: (!labels.is_empty()).then(|| labels.join(",")),
            schedule: self.schedule.map(|schedule| schedule.to_string()),
            cursor: None,
        }))
    }
}

/// Does it with all that fit, as many requests as that takes. Ends with 1 when it was not done with each.
pub(super) fn all(session: &Session, verb: &str, done: &str, mut select: SelectBody) -> Result<Exit, Failure> {
    let bar = Bar::start(session.looks.err, done);
    let (mut number, mut refused) = (0_u64, 0_u64);
    let outcome = loop {
        let json = match session.client.tell_jobs(verb, &select) {
            Ok(json) => json,
            Err(failure) => break Err(failure),
        };
        let view: ManyView = match read(&json) {
            Ok(view) => view,
            Err(failure) => break Err(failure),
        };
        number += view.done;
        refused += view.refused.len() as u64;
        bar.set(number + refused, Some(number + refused + view.remaining));
        bar.suspend(|| {
            if session.form == Form::Json {
                return session.say_json(&json);
            }
            for job in &view.refused {
                eprintln!("{}: {}", escape::one_line(&job.id), escape::one_line(&job.error.detail));
            }
            Ok(())
        })?;
        match view.next_cursor {
            Some(cursor) => select.cursor = Some(cursor),
            None => break Ok(()),
        }
    };
    bar.end();
    outcome?;
    session.note(&format!(
        "{} {done}{}",
        count(number),
        if refused > 0 { format!(", {} not", count(refused)) } else { String::new() }
    ));
    Ok(if refused == 0 { Exit::Done } else { Exit::Failed })
}
