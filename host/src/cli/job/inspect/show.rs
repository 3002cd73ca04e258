//! `cofferdam job show`.

use std::time::Duration;

use clap::Args;

use crate::cli::client::JobView;
use crate::cli::client::api::read;
use crate::cli::job::job_id::job_id;
use crate::cli::output::{Facts, Look, ago, count, escape, shown_json, span_between, status_word};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::config::{Span, show_size};
use crate::domain::{JobId, Status};

/// Show a job
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam job show 01890a5d-ac96-774b-bcce-b302099a8057
  cofferdam job show 01890a5d-ac96-774b-bcce-b302099a8057 --json | jq .usage")]
pub struct Show {
    /// The job's id
    #[arg(value_parser = job_id)]
    job: JobId,
}

impl Show {
    pub(in crate::cli::job) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let json = session.client.job(self.job)?;
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People => {
                let view = read(&json)?;
                say(&render(&view, session.looks.out))?;
                if matches!(view.status, Status::Failed | Status::Stopped) {
                    session.note(&format!("\n`cofferdam job resume {}` goes on from its last checkpoint", self.job));
                }
            }
        }
        Ok(Exit::Done)
    }
}

fn render(view: &JobView, look: Look) -> String {
    let mut facts = Facts::new(look);
    let end = view.end();
    facts.add("job", escape::one_line(&view.id));
    facts.add("status", status_word(view.status, look));
    facts.add("reason", escape::text(end.reason.as_deref().unwrap_or_default()));
    facts.add("backtrace", escape::text(end.backtrace.as_deref().unwrap_or_default().trim_end()));
    let module = format!("{}@{}\n{}", view.module.name, view.module.version, view.module.digest);
    facts.add("module", escape::text(&module));
    let labels: Vec<_> = view.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    facts.add("labels", escape::text(&labels.join("\n")));
    if let Some(schedule) = &view.schedule {
        let (name, time) = (escape::one_line(&schedule.name), escape::one_line(&schedule.scheduled_for));
        facts.add("schedule", format!("{name}, for {time}"));
    }
    if view.priority != 0 {
        facts.add("priority", view.priority.to_string());
    }
    facts.add("progress", progress(view));
    add_times(&mut facts, view);
    facts.add("attempt", view.attempt.to_string());
    facts.add("log", format!("{} lines ({})", count(view.last_log_seq), show_size(view.usage.log_bytes)));
    facts.add("results", format!("{} ({})", count(view.results), show_size(view.usage.result_bytes)));
    facts.add("removed", escape::text(&removed(view)));
    facts.add("kept", if view.keep { "yes: retention leaves it alone" } else { "" });
    if let Some(saved_at) = &view.checkpoint_saved_at {
        facts.add("checkpoint", format!("{}, saved {}", show_size(view.usage.checkpoint_bytes), ago(saved_at)));
    }
    let span = |ms| Span(Duration::from_millis(ms));
    let usage = &view.usage;
    let memory = show_size(usage.peak_memory_bytes);
    facts.add(
        "used",
        format!("{} running, {} on a processor, {memory} at most", span(usage.run_time_ms), span(usage.cpu_time_ms)),
    );
    facts.add("inputs", shortened(&shown_json(view.inputs.get(), look), look));
    facts.add("settings", shortened(&shown_json(view.settings.get(), look), look));
    facts.add("node", escape::one_line(view.node.as_deref().unwrap_or_default()));
    facts.render()
}

/// What retention has taken from it.
fn removed(view: &JobView) -> String {
    let of = |what: &str, to: u64| (to > 0).then(|| format!("{what} up to {}", count(to)));
    let checkpoint = view.removed.checkpoint_at.as_ref().map(|_| "checkpoint".to_owned());
    let parts = [of("log lines", view.removed.logs_to), of("results", view.removed.results_to), checkpoint];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn add_times(facts: &mut Facts, view: &JobView) {
    let when = |time: &str| format!("{} ({})", ago(time), escape::one_line(time));
    facts.add("created", when(&view.created_at));
    if let Some(started_at) = &view.started_at {
        facts.add("started", when(started_at));
        facts.add("ran for", span_between(started_at, view.finished_at.as_deref()));
    }
    if let Some(finished_at) = &view.finished_at {
        facts.add("finished", when(finished_at));
    }
    if let Some(run_after) = &view.run_after {
        facts.add("not before", escape::one_line(run_after));
    }
    if let Some(retry) = view.retry.as_ref().filter(|retry| retry.max_attempts > 1) {
        let retries = view.retries.unwrap_or(0);
        let most = retry.max_attempts - 1;
        let backoff = escape::one_line(&retry.backoff);
        facts.add("retries", format!("{retries} of {most}, the first after {backoff}"));
    }
    facts.add("max duration", escape::one_line(view.max_duration.as_deref().unwrap_or("none")));
}

fn progress(view: &JobView) -> String {
    match view.progress {
        Some(progress) => match progress.total {
            // Exact enough for people up to the largest totals.
            Some(total) if total > 0 => {
                let percent = u128::from(progress.done) * 100 / u128::from(total);
                format!("{} of {} ({percent} %)", count(progress.done), count(total))
            }
            Some(_) | None => count(progress.done),
        },
        None => String::new(),
    }
}

/// Inputs may have a mebibyte; a person wants to recognise them. A pipe gets them whole.
fn shortened(json: &str, look: Look) -> String {
    const CHARACTERS: usize = 600;
    if !look.is_terminal() || json.chars().count() <= CHARACTERS {
        return json.to_owned();
    }
    format!("{} … (--json shows all)", json.chars().take(CHARACTERS).collect::<String>())
}
