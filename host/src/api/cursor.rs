//! Opaque places in a list: base64url of the last entry's name, marked with the list that it belongs to.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::problem::{BAD_CURSOR, Problem};
use crate::domain::{ChangeCursor, EventId, JobId, ModuleRef, ScheduleName};

const JOBS: u8 = b'j';
const MODULES: u8 = b'm';
const SCHEDULES: u8 = b's';
const RUNS: u8 = b'r';
const CHANGES: u8 = b'e';
const DELIVERIES: u8 = b'd';

/// The cursor of the page of jobs that starts after this one.
pub(crate) fn after_job(job: JobId) -> String {
    after_uuid(JOBS, job.uuid())
}

/// The cursor of the page of deliveries that starts after this one.
pub(crate) fn after_event(event: EventId) -> String {
    after_uuid(DELIVERIES, event.uuid())
}

fn after_uuid(list: u8, id: Uuid) -> String {
    let mut bytes = [list; 17];
    bytes[1..].copy_from_slice(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The cursor of the page of modules that starts after this one (`name@version`).
pub(crate) fn after_module(module: &str) -> String {
    let mut bytes = vec![MODULES];
    bytes.extend_from_slice(module.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The job that a cursor stands for.
pub(crate) fn job(cursor: &str) -> Result<JobId, Problem> {
    uuid(cursor, JOBS).map(JobId::from_uuid)
}

/// The event that a cursor stands for.
pub(crate) fn event(cursor: &str) -> Result<EventId, Problem> {
    uuid(cursor, DELIVERIES).map(EventId::from_uuid)
}

fn uuid(cursor: &str, list: u8) -> Result<Uuid, Problem> {
    Uuid::from_slice(&decode(cursor, list)?).map_err(|_| bad())
}

/// The module (`name@version`) that a cursor stands for.
pub(crate) fn module(cursor: &str) -> Result<String, Problem> {
    let text = String::from_utf8(decode(cursor, MODULES)?).map_err(|_| bad())?;
    match text.parse() {
        Ok(ModuleRef::Version(..)) => Ok(text),
        Ok(ModuleRef::Newest(_) | ModuleRef::Digest(_)) | Err(_) => Err(bad()),
    }
}

/// The cursor of the page of schedules that starts after this one.
pub(crate) fn after_schedule(name: &ScheduleName) -> String {
    let mut bytes = vec![SCHEDULES];
    bytes.extend_from_slice(name.as_str().as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The name of the schedule that a cursor stands for.
pub(crate) fn schedule(cursor: &str) -> Result<ScheduleName, Problem> {
    String::from_utf8(decode(cursor, SCHEDULES)?).map_err(|_| bad())?.parse().map_err(|_| bad())
}

/// The cursor of the page of occurrences that starts after this one.
pub(crate) fn after_run(seq: u64) -> String {
    let mut bytes = [RUNS; 9];
    bytes[1..].copy_from_slice(&seq.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The number of the occurrence that a cursor stands for.
pub(crate) fn run(cursor: &str) -> Result<u64, Problem> {
    let bytes = decode(cursor, RUNS)?;
    bytes.try_into().map(u64::from_be_bytes).map_err(|_| bad())
}

/// The cursor of what changed after this place.
pub(crate) fn after_change(place: ChangeCursor) -> String {
    let mut bytes = [CHANGES; 25];
    bytes[1..17].copy_from_slice(place.log.as_bytes());
    bytes[17..].copy_from_slice(&place.position.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A place in the order of changes, as a query or a header names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AfterChange(pub(crate) ChangeCursor);

/// The text is no such place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidChange;

impl fmt::Display for InvalidChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be the `id` of an earlier event of this stream, unchanged")
    }
}

impl FromStr for AfterChange {
    type Err = InvalidChange;

    fn from_str(text: &str) -> Result<Self, InvalidChange> {
        let bytes = decode(text, CHANGES).map_err(|_| InvalidChange)?;
        let (log, position) = bytes.split_at_checked(16).ok_or(InvalidChange)?;
        let log = Uuid::from_slice(log).map_err(|_| InvalidChange)?;
        let position = u64::from_be_bytes(position.try_into().map_err(|_| InvalidChange)?);
        Ok(Self(ChangeCursor { log, position }))
    }
}

fn decode(cursor: &str, list: u8) -> Result<Vec<u8>, Problem> {
    let mut bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    if bytes.first() != Some(&list) {
        return Err(bad());
    }
    bytes.remove(0);
    Ok(bytes)
}

fn bad() -> Problem {
    Problem::new(BAD_CURSOR, "`cursor` must be the `next_cursor` of an earlier page of this list, unchanged")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_entry() {
        let id = JobId::new();
        assert_eq!(job(&after_job(id)), Ok(id));
        let name: ScheduleName = "nightly".parse().expect("a name");
        assert_eq!((schedule(&after_schedule(&name)), run(&after_run(7))), (Ok(name), Ok(7)));
        assert_eq!(module(&after_module("csv-profile@1.0.0")).as_deref(), Ok("csv-profile@1.0.0"));
    }

    #[test]
    fn a_place_in_the_changes_leads_back_to_itself() {
        let place = ChangeCursor { log: Uuid::new_v4(), position: 1 << 40 };
        let text = after_change(place);
        assert_eq!(text.parse(), Ok(AfterChange(place)));
        for wrong in ["", "41", &after_job(JobId::new()), &text[..20], &format!("{text}AAAA")] {
            assert_eq!(wrong.parse::<AfterChange>(), Err(InvalidChange), "{wrong}");
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_an_invented_one_is_refused() {
        let id = JobId::new();
        for cursor in ["", "?", "AAAA", &after_module("a@1.0.0"), &id.to_string(), &format!("{}A", after_job(id))] {
            assert_eq!(job(cursor), Err(bad()), "{cursor}");
        }
        for cursor in ["", "x", &after_job(id), &after_module("a"), &after_module("a@1")] {
            assert_eq!(module(cursor), Err(bad()), "{cursor}");
        }
    }
}
