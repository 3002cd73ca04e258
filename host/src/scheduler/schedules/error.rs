//! Why a schedule is refused.

use std::time::Duration;

use crate::domain::{ScheduleName, ScheduleRef};
use crate::scheduler::StartError;
use crate::store::StoreError;

/// Why a schedule was not put, or not found.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// There is none.
    #[error("there is no schedule `{0}`; `GET /v1/schedules` lists those there are")]
    Unknown(ScheduleRef),
    /// Another one has the name.
    #[error("there is a schedule `{0}` already; choose another name, or replace that one")]
    NameTaken(ScheduleName),
    /// There are as many as there may be.
    #[error("there are {0} schedules already, as many as there may be; remove some first")]
    TooMany(u64),
    /// The pattern cannot be read.
    #[error(
        "`{pattern}` is no cron pattern: {reason}. It has five fields (minute, hour, day of month, month, day of week), with \
         seconds before them if they matter, such as `30 2 * * MON-FRI`; or it is `@hourly`, `@daily`, `@weekly`, `@monthly` \
         or `@yearly`"
    )]
    Cron {
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The pattern never comes.
    #[error("`{0}` never comes: there is no such day")]
    Never(String),
    /// There is no such time zone.
    #[error(
        "`{0}` is no time zone that this host knows; zones are called as the IANA does, such as `UTC` or `Europe/Berlin`"
    )]
    TimeZone(String),
    /// A duration is outside of what can be asked for.
    #[error("`{field}` is {}; it must be from {} to {}", humantime::format_duration(*.asked), humantime::format_duration(*.least), humantime::format_duration(*.most))]
    Span {
        /// Which field.
        field: &'static str,
        /// What was asked for.
        asked: Duration,
        /// The shortest that is taken.
        least: Duration,
        /// The longest that is taken.
        most: Duration,
    },
    /// A number is outside of what can be asked for.
    #[error("`catch_up/limit` is {asked}; it must be from 1 to {most}")]
    CatchUpLimit {
        /// What was asked for.
        asked: u32,
        /// The largest that is taken.
        most: u32,
    },
    /// Catching up on several at once needs a policy that lets each have its job.
    #[error(
        "`catch_up/policy` is `all`, which starts several jobs at the same moment, and `overlap` is `{0}`, which lets only one \
         of them run; choose `queue` or `allow` for `overlap`, or `last` for `catch_up/policy`"
    )]
    AllAtOnce(crate::domain::Overlap),
    /// A job waits in one queue only.
    #[error(
        "`job/queue` is given, and `overlap` is `{0}`, for which the schedule has a queue of its own; leave it out, or choose \
         another policy"
    )]
    OwnQueue(crate::domain::Overlap),
    /// Somebody else changed it at the same time, again and again.
    #[error("the schedule was changed by others at the same time; look at it and try again")]
    Busy,
    /// The job would be refused.
    #[error(transparent)]
    Job(#[from] StartError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
