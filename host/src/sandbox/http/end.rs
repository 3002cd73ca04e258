//! When an exchange is over, whether or not it has come to its end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};
use wasmtime_wasi_http::Error;

use crate::sandbox::JobImports;

/// The time of a whole exchange, and a stop request while it is under way.
pub(super) struct End {
    deadline: Pin<Box<Sleep>>,
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl End {
    /// So long from now, or when the job is told to stop after now.
    pub(super) fn within(time: Duration, imports: &Arc<dyn JobImports>) -> Self {
        let imports = Arc::clone(imports);
        Self {
            deadline: Box::pin(sleep_until(Instant::now() + time)),
            stopped: Box::pin(async move { imports.told_to_stop().await }),
        }
    }

    /// Ready when it is over.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        if self.stopped.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Error::ConnectionTerminated);
        }
        self.deadline.as_mut().poll(cx).map(|()| Error::HttpResponseTimeout)
    }
}
