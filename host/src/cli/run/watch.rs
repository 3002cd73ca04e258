//! Watches the job in this process: log, progress and results as they come, and Ctrl-C.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::one_job::Console;
use crate::cli::Failure;
use crate::cli::local::{Interrupt, Interrupts, lost};
use crate::cli::output::{Bar, LogPrinter, Look, shown_json};
use crate::cli::session::Form;
use crate::domain::page::PAGE_MAX;
use crate::domain::{After, Job, JobId, JsonObject, Results, StoredResult, Timestamp};
use crate::scheduler::{JobScheduler, LogEvent};

/// How often progress and results are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// One job and how it is shown.
pub(super) struct Watch<'h> {
    scheduler: &'h JobScheduler,
    job: JobId,
    console: Console,
    bar: Bar,
    printer: LogPrinter,
    /// The last result that was printed.
    printed: u64,
}

/// A result as the API gives it.
#[derive(Serialize)]
struct ResultLine<'r> {
    seq: u64,
    time: Timestamp,
    attempt: u32,
    provisional: bool,
    superseded: bool,
    data: &'r JsonObject,
}

impl<'h> Watch<'h> {
    pub(super) fn new(scheduler: &'h JobScheduler, job: JobId, console: Console, bar: Bar) -> Self {
        Self { scheduler, job, console, bar, printer: LogPrinter::new(console.looks.err), printed: 0 }
    }

    /// Shows everything until the job has ended, and gives the job as it stands then.
    pub(super) async fn until_end(mut self, interrupts: &mut Interrupts) -> Result<Job, Failure> {
        let subscribed = self.scheduler.subscribe_logs(self.job, 0).await;
        let mut log = subscribed.map_err(|error| Failure::failed(error.to_string()))?;
        let mut tick = tokio::time::interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                event = log.next() => match event.map_err(|cut| Failure::failed(cut.to_string()))? {
                    Some(LogEvent::End { .. }) | None => break,
                    Some(event) => self.show(event),
                },
                interrupt = interrupts.next() => self.interrupt(interrupt).await?,
                _ = tick.tick() => {
                    self.show_progress().await?;
                    self.print_results().await?;
                }
            }
        }
        self.print_results().await?;
        self.read().await
    }

    fn show(&mut self, event: LogEvent) {
        let text = match event {
            LogEvent::Lines(lines) => {
                lines.into_iter().map(|line| self.printer.render(&line.into())).collect::<Vec<_>>().join("\n")
            }
            LogEvent::Gap { from, to, reason } => self.printer.gap(from, to, reason),
            LogEvent::End { .. } => return,
        };
        self.bar.suspend(|| eprintln!("{text}"));
    }

    async fn interrupt(&self, interrupt: Interrupt) -> Result<(), Failure> {
        match interrupt {
            Interrupt::Ask => {
                self.say("asking the module to stop; Ctrl-C again forces it");
                self.scheduler.stop_job(self.job).await.map_err(|error| Failure::failed(error.to_string()))?;
            }
            Interrupt::Force => {
                self.say("forcing the module to stop");
                self.scheduler.force_stop(self.job);
            }
        }
        Ok(())
    }

    fn say(&self, text: &str) {
        if self.console.looks.err != Look::Plain {
            self.bar.suspend(|| eprintln!("{text}"));
        }
    }

    async fn show_progress(&self) -> Result<(), Failure> {
        if let Some(progress) = self.read().await?.progress {
            self.bar.set(progress.done, progress.total);
        }
        Ok(())
    }

    /// Prints the results that came since the last time.
    async fn print_results(&mut self) -> Result<(), Failure> {
        loop {
            let part = After { after: self.printed, limit: PAGE_MAX };
            let page = self.scheduler.results(self.job, part, Results::Current).await.map_err(|error| lost(&error))?;
            let Some(page) = page.filter(|page| !page.results.is_empty()) else { return Ok(()) };
            self.printed = page.next_after;
            let mut lines = String::new();
            for result in &page.results {
                lines.push_str(&shown_json(&self.written(result), self.console.looks.out));
                lines.push('\n');
            }
            let mut out = io::stdout().lock();
            self.bar.suspend(|| out.write_all(lines.as_bytes()).and_then(|()| out.flush()))?;
        }
    }

    fn written(&self, result: &StoredResult) -> String {
        let StoredResult { seq, time, attempt, provisional, superseded, ref data } = *result;
        match self.console.form {
            Form::People => data.as_str().to_owned(),
            Form::Json => serde_json::to_string(&ResultLine { seq, time, attempt, provisional, superseded, data })
                .expect("numbers, texts and checked JSON"),
        }
    }

    async fn read(&self) -> Result<Job, Failure> {
        let job = self.scheduler.job(self.job).await.map_err(|error| lost(&error))?;
        job.ok_or_else(|| Failure::failed("the job is gone from the database"))
    }
}
