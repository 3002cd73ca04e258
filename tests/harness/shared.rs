//! One host for the tests of a file that do not disturb each other.

use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;

use super::host::Host;

/// Where the tests of a file find their host. It lives as long as one of them runs.
pub(crate) struct Shared(Mutex<Weak<Host>>);

/// One test's hold on it.
pub(crate) struct SharedHost(Arc<Host>);

impl Shared {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Weak::new()))
    }

    /// The host, started by the first who needs it.
    pub(crate) fn host(&self) -> SharedHost {
        // Nothing is half-done when a start fails: the next test tries again.
        let mut weak = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        SharedHost(weak.upgrade().unwrap_or_else(|| {
            let host = Arc::new(Host::start());
            *weak = Arc::downgrade(&host);
            host
        }))
    }
}

impl Deref for SharedHost {
    type Target = Host;

    fn deref(&self) -> &Host {
        &self.0
    }
}

impl Drop for SharedHost {
    fn drop(&mut self) {
        // The last one to hold it shows it by dropping the host itself.
        if thread::panicking() && Arc::strong_count(&self.0) > 1 {
            self.0.show_stderr();
        }
    }
}
