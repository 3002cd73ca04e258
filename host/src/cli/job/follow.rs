//! Waits for a job's end: its log on stderr as it comes, then its results on stdout, as `cofferdam run` does it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::inspect::print_all;
use crate::cli::client::api::read;
use crate::cli::client::{Followed, JobView, LogFollower};
use crate::cli::output::{Bar, LogPrinter};
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::JobId;

/// Behind which line and result to begin.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Since {
    pub(super) line: u64,
    pub(super) result: u64,
}

/// Follows the job and gives the exit code of its end.
pub(super) fn follow(session: &Session, job: JobId, since: Since) -> Result<Exit, Failure> {
    let look = session.looks.err;
    let bar = Bar::start(look, "waiting");
    let mut printer = LogPrinter::new(look);
    let (done, ended) = channel::<()>();
    let followed = std::thread::scope(|scope| {
        // Hung up at the end of this scope, however it is left.
        let _done = done;
        let bar = &bar;
        if look.is_terminal() {
            scope.spawn(move || show_progress(session, job, bar, &ended));
        }
        LogFollower::new(&session.client, job, since.line).run(|message, _| {
            match message {
                Followed::Log(line) => bar.suspend(|| eprintln!("{}", printer.render(line))),
                Followed::Gap { from, to, reason } => bar.suspend(|| eprintln!("{}", printer.gap(*from, *to, reason))),
                Followed::End { .. } | Followed::Unknown => {}
            }
            Ok(())
        })
    });
    bar.end();
    followed.map_err(|failure| {
        failure.next(format!("the job goes on; `cofferdam job logs {job} --follow` follows it again"))
    })?;
    let view: JobView = read(&session.client.job(job)?)?;
    print_all(session, job, since.result)?;
    Ok(super::announce(&view.end(), look))
}

/// Shows the job's status and progress once a second, until `ended` is hung up.
fn show_progress(session: &Session, job: JobId, bar: &Bar, ended: &Receiver<()>) {
    while ended.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
        // What cannot be read now may be read in a second; the follower says when the server is gone.
        let Ok(view) = session.client.job(job).and_then(|json| read::<JobView>(&json)) else { continue };
        bar.say(view.status.as_str());
        if let Some(progress) = view.progress {
            bar.set(progress.done, progress.total);
        }
    }
}
