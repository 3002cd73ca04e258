//! What the host tells of each job's road, step by step, where it happens; nothing here knows who records it.
//!
//! A trace has the id of its job, and steps that others hang on have ids that are made from it. So every node that has to
//! do with a job names the same trace, also after a restart, and nothing is kept for that.

use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use crate::domain::{JobId, Timestamp};

/// Where a step hangs in the trace of its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The job was created: all else hangs below.
    Root,
    /// Directly below.
    OfJob,
    /// An attempt, by the fence of its claim.
    Attempt(i64),
    /// Below that attempt.
    OfAttempt(i64),
}

/// One step that is over.
#[derive(Debug, Clone)]
pub struct Step {
    /// Whose.
    pub job: JobId,
    /// Where it hangs.
    pub place: Place,
    /// What was done.
    pub name: &'static str,
    /// When it was over.
    pub end: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// What else is known.
    pub facts: Vec<(&'static str, Fact)>,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// The step of somebody else's trace that led to it.
    pub link: Option<TraceLink>,
}

/// What is known of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}

impl<T: std::fmt::Display + ?Sized> From<&T> for Fact {
    fn from(value: &T) -> Self {
        Self::Text(value.to_string())
    }
}

/// A step of somebody else's trace, as the header `traceparent` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceLink {
    /// Of which trace.
    pub trace: u128,
    /// Which step.
    pub span: u64,
    /// Whether that trace is recorded.
    pub sampled: bool,
}

/// The text is no `traceparent` of W3C Trace Context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTraceParent;

impl FromStr for TraceLink {
    type Err = InvalidTraceParent;

    /// Versions to come may have more fields behind the four that are known.
    fn from_str(text: &str) -> Result<Self, InvalidTraceParent> {
        let mut parts = text.split('-');
        let mut hex = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits).ok_or(InvalidTraceParent)?;
            let is_lower_hex = part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            let number = u128::from_str_radix(part, 16).map_err(|_| InvalidTraceParent)?;
            if is_lower_hex { Ok(number) } else { Err(InvalidTraceParent) }
        };
        let (version, trace, span, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
        let span = u64::try_from(span).map_err(|_| InvalidTraceParent)?;
        let has_more = parts.next().is_some();
        if version == 0xff || trace == 0 || span == 0 || version == 0 && has_more {
            return Err(InvalidTraceParent);
        }
        Ok(Self { trace, span, sampled: flags & 1 == 1 })
    }
}

impl Place {
    /// The id of a step there, where others must find it.
    pub fn span(self, job: JobId) -> Option<u64> {
        // The lower half of a job's id is random.
        let (_, random) = job.uuid().as_u64_pair();
        match self {
            Self::Root => Some(random),
            Self::Attempt(fence) => Some(mixed(random ^ mixed(fence.cast_unsigned()))),
            Self::OfJob | Self::OfAttempt(_) => None,
        }
    }

    /// The id of the step that it hangs on; none for the first of all.
    pub fn parent(self, job: JobId) -> Option<u64> {
        match self {
            Self::Root => None,
            Self::OfJob | Self::Attempt(_) => Self::Root.span(job),
            Self::OfAttempt(fence) => Self::Attempt(fence).span(job),
        }
    }
}

/// Spreads the bits of a number: the last step of `SplitMix64` (Steele, Lea and Flood, 2014), which maps only one number to 0.
fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (bits ^ (bits >> 31)).max(1)
}

/// Records steps. Must be quick and must not block.
pub trait Recorder: Send + Sync {
    /// This has happened.
    fn record(&self, step: Step);
}

static RECORDER: OnceLock<Box<dyn Recorder>> = OnceLock::new();

/// From now on steps are recorded; answers whether nobody recorded them before.
pub fn install(recorder: impl Recorder + 'static) -> bool {
    RECORDER.set(Box::new(recorder)).is_ok()
}

/// Notes a step, which is only made if somebody records it.
pub fn note(step: impl FnOnce() -> Step) {
    if let Some(recorder) = RECORDER.get() {
        recorder.record(step());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_is_read_as_the_specification_says() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let link =
            TraceLink { trace: 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736, span: 0x00f0_67aa_0ba9_02b7, sampled: true };
        assert_eq!(parent.parse(), Ok(link));
        assert_eq!(parent.replace("00-4b", "cc-4b").parse(), Ok(link));
        assert_eq!((parent.replace("00-4b", "cc-4b") + "-more").parse(), Ok(link));
        assert_eq!(parent.replace("-01", "-00").parse(), Ok(TraceLink { sampled: false, ..link }));
        for text in [
            "",
            "00",
            &(parent.to_owned() + "-more"),
            &parent.replace("00-4b", "ff-4b"),
            &parent.replace("4bf9", "4BF9"),
            &parent.replace("4bf9", "+bf9"),
            &parent.replace("00f067aa0ba902b7", "0000000000000000"),
            &parent.replace("4bf92f3577b34da6a3ce929d0e0e4736", "00000000000000000000000000000000"),
            &parent[..54],
        ] {
            assert_eq!(text.parse::<TraceLink>(), Err(InvalidTraceParent), "{text}");
        }
    }

    #[test]
    fn every_node_names_the_same_steps_and_no_two_alike() {
        let job = JobId::new();
        let ids: std::collections::BTreeSet<_> =
            (0..100).map(Place::Attempt).chain([Place::Root]).filter_map(|place| place.span(job)).collect();
        assert_eq!(ids.len(), 101);
        assert_eq!(Place::Attempt(7).span(job), Place::OfAttempt(7).parent(job));
        assert_eq!((Place::Root.parent(job), Place::OfJob.parent(job)), (None, Place::Root.span(job)));
    }
}
