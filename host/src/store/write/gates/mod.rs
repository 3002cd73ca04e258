//! Gates: jobs that share a key start only so many at once, or only so many in a time.

mod pass;
mod touched;

pub(super) use pass::{Gates, hold};
pub(super) use touched::{Touched, touch};
