//! Work that blocks: on a thread of its own, so that it holds up nobody who waits for other things.

/// Does blocking work on a thread of its own. `None` when the work panicked or no thread could be started.
pub(crate) async fn on_own_thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    let thread = move || {
        // Nobody listens any more when the caller went away; the work still counted, it may have filled the cache.
        let _ = answer.send(work());
    };
    match std::thread::Builder::new().name(name.to_owned()).spawn(thread) {
        Ok(_) => answered.await.ok(),
        Err(error) => {
            tracing::error!(%error, thread = name, "cannot start a thread");
            None
        }
    }
}
