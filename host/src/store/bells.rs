//! Who is to hear of a commit beyond this process: other nodes that may claim a job, that run one which is to stop, or
//! that wait for the next occurrence of a schedule.

use std::sync::Arc;

use tokio::sync::Notify;

use super::module_names::ModuleNames;
use super::offers::Offers;
use super::write::Write;

/// The bells between the writer, the wake-ups of the database, and the scheduler.
#[derive(Clone, Default)]
pub(super) struct Bells {
    /// This node has written something that others may claim.
    pub(super) jobs_written: Arc<Notify>,
    /// This node has written a stop request.
    pub(super) stops_written: Arc<Notify>,
    /// This node has written a schedule.
    pub(super) schedules_written: Arc<Notify>,
    /// Some node has written something to claim, and this one has not looked at it yet.
    pub(super) jobs: Arc<Notify>,
    /// Some node has written a stop request.
    pub(super) stops: Arc<Notify>,
    /// There may be something to send to webhooks.
    pub(super) deliveries: Arc<Notify>,
    /// Some node has written a schedule.
    pub(super) schedules: Arc<Notify>,
    /// Who would take jobs of this node at once.
    pub(super) offers: Offers,
    /// Names that mean other bytes after a write of this node.
    pub(super) module_names: ModuleNames,
}

impl Bells {
    /// These writes were committed, so many deliveries to webhooks came of them, and jobs may run that waited for others.
    pub(super) fn ring(&self, writes: &[Write], deliveries: usize, makes_room: bool) {
        if deliveries > 0 || writes.iter().any(|write| matches!(write, Write::Webhook(it) if it.may_leave_work())) {
            self.deliveries.notify_one();
        }
        if writes.iter().any(Write::may_leave_work) {
            self.jobs_written.notify_one();
        }
        if makes_room || Write::leave_unclaimed(writes) {
            self.jobs.notify_one();
        }
        if writes.iter().any(|write| matches!(write, Write::PutModule(_) | Write::RemoveModule(_))) {
            self.module_names.forget();
        }
        if writes.iter().any(Write::may_stop) {
            self.stops_written.notify_one();
        }
        if writes.iter().any(|write| matches!(write, Write::PutSchedule(_))) {
            self.schedules_written.notify_one();
        }
    }
}
