//! A host for one module and one job, from its start to its end.

use bytes::Bytes;

use super::watch::Watch;
use crate::app::{self, LocalHost};
use crate::cli::job::announce;
use crate::cli::local::{Interrupts, end_of, not_granted, not_started, refused};
use crate::cli::output::{Bar, Looks};
use crate::cli::serve::host_failure;
use crate::cli::session::Form;
use crate::cli::{Exit, Failure};
use crate::config::Settings;
use crate::domain::{Grants, ModuleRef};
use crate::registry::{Added, OnConflict};
use crate::sandbox::Compiler;
use crate::scheduler::StartJob;

/// For whom and how output is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Console {
    pub(super) form: Form,
    pub(super) looks: Looks,
}

/// Runs the component, with what it may do, and gives the exit code of its job's end.
pub(super) async fn run(
    settings: Settings,
    module: (Bytes, Grants),
    request: impl FnOnce(ModuleRef) -> StartJob,
    console: Console,
) -> Result<Exit, Failure> {
    // From here on Ctrl-C is for the module.
    let mut interrupts = Interrupts::listen()?;
    let bar = Bar::start(console.looks.err, "starting");
    let host = app::local(settings, Compiler::this_program()).await.map_err(|error| host_failure(&error))?;
    let ended = tokio::select! {
        ended = run_on(&host, module, request, console, &bar) => ended,
        () = interrupts.any() => Err(Failure::failed("interrupted before the job had started")),
    };
    let ended = match ended {
        Ok(watch) => watch.until_end(&mut interrupts).await,
        Err(failure) => Err(failure),
    };
    bar.end();
    host.shutdown().await;
    ended.map(|job| announce(&end_of(&job), console.looks.err))
}

/// Adds the module and starts the job.
async fn run_on<'h>(
    host: &'h LocalHost,
    (bytes, grants): (Bytes, Grants),
    request: impl FnOnce(ModuleRef) -> StartJob,
    console: Console,
    bar: &Bar,
) -> Result<Watch<'h>, Failure> {
    bar.say("compiling");
    let added = host.registry.add(bytes, OnConflict::Refuse).await.map_err(|error| refused(&error))?;
    let (Added::New(module) | Added::Known(module)) = added;
    let digest = ModuleRef::Digest(module.digest);
    host.registry.set_grants(&digest, grants).await.map_err(|error| not_granted(&error))?;
    let request = request(digest);
    let job = host.scheduler.start_job(request).await.map_err(|error| not_started(&error))?;
    bar.say(module.label().to_string());
    Ok(Watch::new(&host.scheduler, job, console, bar.clone()))
}
