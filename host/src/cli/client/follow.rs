//! Follows a job's log over cuts: no line is missed and none comes twice.

use std::io::{BufReader, Read};
use std::time::Duration;

use serde::Deserialize;

use super::Client;
use super::http::{OpenError, Request, Verb};
use super::sse::EventReader;
use super::unreachable::unreachable;
use crate::cli::Failure;
use crate::cli::output::LogView;
use crate::domain::{JobId, Status};

/// What a follower gets.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(in crate::cli) enum Followed {
    /// A line.
    Log(LogView),
    /// Lines that are gone (inclusive).
    Gap { from: u64, to: u64, reason: String },
    /// The job has ended; nothing follows.
    End { status: Status },
    /// Something that a later server sends.
    #[serde(other)]
    Unknown,
}

/// How long to wait before another try: doubled each time, up to the longest.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Tries without a single event before giving up: some ten minutes.
const TRIES: u32 = 64;

/// One follower of one log.
pub(in crate::cli) struct LogFollower<'c> {
    client: &'c Client,
    job: JobId,
    after: u64,
    /// How to wait; tests do not.
    sleep: fn(Duration),
}

/// How one connection ended.
enum Stretch {
    /// With the job's end, as given here.
    Ended(Option<Status>),
    /// Before it.
    Cut,
}

impl<'c> LogFollower<'c> {
    /// Follows a job's log behind line `after`.
    pub(in crate::cli) const fn new(client: &'c Client, job: JobId, after: u64) -> Self {
        Self { client, job, after, sleep: std::thread::sleep }
    }

    #[cfg(test)]
    pub(super) const fn impatient(mut self) -> Self {
        self.sleep = |_| ();
        self
    }

    /// Hands over everything until the job has ended, reconnecting where needed. Gives each message's JSON, too.
    pub(in crate::cli) fn run(
        mut self,
        mut take: impl FnMut(&Followed, &str) -> Result<(), Failure>,
    ) -> Result<Option<Status>, Failure> {
        let (mut tries, mut connected) = (0, false);
        loop {
            let before = self.after;
            let failure = match self.open() {
                Ok(None) => return Ok(None),
                Ok(Some(stream)) => match self.stretch(stream, &mut take)? {
                    Stretch::Ended(status) => return Ok(status),
                    Stretch::Cut => None,
                },
                Err(OpenError::Refused(failure)) => return Err(failure),
                Err(OpenError::Later(failure)) => Some(failure),
                Err(OpenError::Unreachable(error)) => Some(unreachable(self.client.base(), &error)),
            };
            connected |= failure.is_none();
            tries = if self.after == before { tries + 1 } else { 1 };
            if !connected || tries > TRIES {
                let failure = failure.unwrap_or_else(|| Failure::failed("the server keeps cutting the log stream off"));
                return Err(failure.detail(format!("the log was read up to line {}", self.after)));
            }
            (self.sleep)(pause(tries));
        }
    }

    fn open(&self) -> Result<Option<impl Read + use<>>, OpenError> {
        let mut request = Request::new(Verb::Get, format!("/v1/jobs/{}/logs/stream", self.job));
        request.query = vec![("after", Some(self.after.to_string()))];
        self.client.open(&request)
    }

    fn stretch(
        &mut self,
        stream: impl Read,
        take: &mut impl FnMut(&Followed, &str) -> Result<(), Failure>,
    ) -> Result<Stretch, Failure> {
        let mut events = EventReader::new(BufReader::new(stream));
        while let Ok(Some(event)) = events.next() {
            let followed: Followed = serde_json::from_str(&event.data).map_err(|error| {
                Failure::failed("the server's log stream was not understood; is it of another version?")
                    .detail(error)
                    .detail(&event.data)
            })?;
            match &followed {
                // A proxy that repeats what it has sent must not make a line come twice.
                Followed::Log(line) if line.seq <= self.after => continue,
                Followed::Log(line) => self.after = line.seq,
                Followed::Gap { to, .. } => self.after = self.after.max(*to),
                Followed::End { status } => {
                    take(&followed, &event.data)?;
                    return Ok(Stretch::Ended(Some(*status)));
                }
                Followed::Unknown => continue,
            }
            take(&followed, &event.data)?;
        }
        Ok(Stretch::Cut)
    }
}

/// The pause before a try, with jitter, so that the followers of a restarted server do not come back all at once.
fn pause(tries: u32) -> Duration {
    let longest = PAUSE.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST_PAUSE);
    longest.mul_f64(0.5 + fastrand::f64() / 2.0)
}
