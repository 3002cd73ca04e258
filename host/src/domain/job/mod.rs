//! A job: the durable request to run a module, and what has become of it so far.

pub mod history;
pub mod labels;
mod priority;
mod queue;
mod record;
mod removed;
mod search;
pub mod start_key;

pub use labels::{InvalidLabels, LabelSelector, Labels};
pub use priority::{InvalidPriority, Priority};
pub use queue::{InvalidJobKey, JobKey, JobQueue, NewestQueue, StartRate};
pub use record::{HttpUsage, Job, JobState, Progress, RunUsage, Usage};
pub use removed::Removed;
pub use search::{InvalidSearch, SearchText};
pub use start_key::StartKey;
