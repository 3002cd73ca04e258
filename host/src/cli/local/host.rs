//! A host in this process, with nothing kept afterwards.

use tokio::runtime::Builder;

use super::interrupts::Interrupts;
use crate::app::{self, LocalHost};
use crate::cli::Failure;
use crate::cli::output::Looks;
use crate::cli::serve::{host_failure, start_log};
use crate::cli::settings_arguments::SettingsArguments;
use crate::config::{Environment, Settings};
use crate::sandbox::Compiler;

/// Resolves the settings and sets up the host's own log.
pub(in crate::cli) fn settings(
    arguments: &SettingsArguments,
    environment: &Environment,
    looks: Looks,
) -> Result<Settings, Failure> {
    let resolved = arguments.resolve(Vec::new(), environment)?;
    let mut settings = resolved.settings.clone();
    if resolved.is_default("log.filter") {
        // What the module says is shown, too; the host's part in it is of interest only when something is wrong.
        "warn".clone_into(&mut settings.log.filter);
    }
    start_log(&settings.log, looks)?;
    Ok(settings)
}

/// Runs a future on threads of its own.
pub(in crate::cli) fn block_on<F: Future>(future: F) -> Result<F::Output, Failure> {
    block_on_these(&mut threads(), future)
}

/// The threads of this program.
pub(in crate::cli) fn threads() -> Builder {
    let mut threads = Builder::new_multi_thread();
    threads.enable_all().thread_name("cofferdam");
    threads
}

pub(in crate::cli) fn block_on_these<F: Future>(threads: &mut Builder, future: F) -> Result<F::Output, Failure> {
    let runtime = threads.build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("no threads could be started: {error}")))?;
    Ok(runtime.block_on(future))
}

/// Works with a host until the work is done or somebody interrupts it, and takes the host down in both cases.
pub(in crate::cli) async fn with_host<T>(
    settings: Settings,
    work: impl AsyncFnOnce(&LocalHost) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut interrupts = Interrupts::listen()?;
    let host = app::local(settings, Compiler::this_program()).await.map_err(|error| host_failure(&error))?;
    let done = tokio::select! {
        done = work(&host) => done,
        () = interrupts.any() => {
            host.scheduler.force_all();
            Err(Failure::failed("interrupted"))
        }
    };
    host.shutdown().await;
    done
}
