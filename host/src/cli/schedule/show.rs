//! `cofferdam schedule show`.

use clap::Args;

use crate::cli::client::api::read;
use crate::cli::client::{RunView, ScheduleView};
use crate::cli::output::{Cell, Facts, Look, Table, ago, escape, shown_json, until};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::ScheduleRef;

/// Show a schedule, and what its last occurrences came to
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam schedule show nightly
  cofferdam schedule show nightly --runs 50
  cofferdam schedule show nightly --json | jq .last_run")]
pub struct Show {
    /// Its name or its id
    schedule: ScheduleRef,
    /// How many of its last occurrences to show
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=200))]
    runs: u32,
}

impl Show {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let json = session.client.schedule(&self.schedule)?;
        if session.form == Form::Json {
            session.say_json(&json)?;
            return Ok(Exit::Done);
        }
        let look = session.looks.out;
        say(&facts(&read(&json)?, look))?;
        let runs = session.client.schedule_runs(&self.schedule, self.runs)?;
        if !runs.is_empty() {
            say(&format!("\n{}", table(&runs, look)))?;
        }
        Ok(Exit::Done)
    }
}

fn facts(view: &ScheduleView, look: Look) -> String {
    let mut facts = Facts::new(look);
    let when = |time: &str, said: String| format!("{said} ({})", escape::one_line(time));
    facts.add("schedule", escape::one_line(&view.name));
    facts.add("id", escape::one_line(&view.id));
    facts.add("cron", format!("{} in {}", escape::one_line(&view.cron), escape::one_line(&view.time_zone)));
    let next = view.next_run_at.as_deref().map(|next| when(next, until(next)));
    facts.add("next", next.unwrap_or_else(|| if view.paused { "paused".to_owned() } else { "never".to_owned() }));
    facts.add("module", escape::one_line(&view.job.module_id));
    facts.add("inputs", shown_json(view.job.inputs.get(), look));
    facts.add("settings", shown_json(view.job.settings.get(), look));
    if view.jitter != "0s" {
        facts.add("jitter", format!("up to {}", escape::one_line(&view.jitter)));
    }
    facts.add("overlap", escape::one_line(&view.overlap));
    let catch_up = &view.catch_up;
    let limit = if catch_up.policy == "all" { format!(", at most {}", catch_up.limit) } else { String::new() };
    facts.add(
        "catch-up",
        format!(
            "{}{limit}, not older than {}, missed after {}",
            escape::one_line(&catch_up.policy),
            escape::one_line(&catch_up.max_age),
            escape::one_line(&view.late_after)
        ),
    );
    facts.add("made by", escape::one_line(view.created_by.as_deref().unwrap_or_default()));
    facts.add("made", when(&view.created_at, ago(&view.created_at)));
    facts.add("changed", when(&view.updated_at, ago(&view.updated_at)));
    facts.render()
}

fn table(runs: &[RunView], look: Look) -> String {
    let mut table = Table::new(look, &["scheduled for", "outcome", "job", "why"]).flexible(3);
    for run in runs {
        let by_hand = run.by_hand.then(|| "started by hand".to_owned());
        let missed = run.missed_until.as_ref().filter(|until| **until != run.scheduled_for);
        let why = run.problem.clone().or_else(|| missed.map(|until| format!("until {until}"))).or(by_hand);
        table.row(vec![
            Cell::Text(run.scheduled_for.clone()),
            Cell::Text(run.outcome.clone()),
            Cell::Text(run.job_id.clone().unwrap_or_else(|| "-".to_owned())),
            Cell::Text(why.unwrap_or_else(|| "-".to_owned())),
        ]);
    }
    table.render()
}
