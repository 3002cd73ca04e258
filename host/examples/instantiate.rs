//! What the sandbox costs: one run of a component through `Sandbox::run`, against the least code that runs it with
//! wasmtime on the same engine settings (a new store, an instance, one call, imports that do nothing).
//!
//! `cargo run --release --example instantiate -- module.wasm [runs]` prints one line of JSON. The component must come
//! back from `run` at once when its inputs are `{}`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cofferdam::domain::{AttemptEnd, JobId, JobLimits, JsonObject, LogLevel, Progress};
use cofferdam::sandbox::{
    Allowance, Compiler, GuestJob, GuestLine, ImportFuture, JobImports, RunEnd, Sandbox, SandboxConfig, SaveError,
    engine_settings,
};
use tokio_util::sync::CancellationToken;
use wasmtime::component::{Component, HasSelf, Linker, ResourceTable};
use wasmtime::error::Context as _;
use wasmtime::{Engine, Result, Store, UpdateDeadline, ensure};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

mod bindings {

    wasmtime::component::bindgen!({
        path: "../wit",
        world: "cofferdam:module/module",
        imports: { default: async },
        exports: { default: async },
    });
}

use bindings::cofferdam::module::{job_context, types};

const SLOTS: u32 = 8;

struct Bare {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for Bare {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl types::Host for Bare {}

impl job_context::Host for Bare {
    async fn job_id(&mut self) -> String {
        String::new()
    }
    async fn is_cancelled(&mut self) -> bool {
        false
    }
    async fn log(&mut self, _: String, _: types::LogLevel) {}
    async fn save_result(&mut self, _: String) -> Result<(), types::SaveError> {
        Ok(())
    }
    async fn save_checkpoint(&mut self, _: String) -> Result<(), types::SaveError> {
        Ok(())
    }
    async fn report_progress(&mut self, _: u64, _: Option<u64>) {}
    async fn sleep(&mut self, _: u64) {}
}

struct Nothing;

impl JobImports for Nothing {
    fn job_id(&self) -> String {
        String::new()
    }
    fn is_cancelled(&self) -> bool {
        false
    }
    fn try_log(&self, _: GuestLine) -> Result<(), GuestLine> {
        Ok(())
    }
    fn log(&self, _: GuestLine) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
    fn note(&self, _level: LogLevel, _message: String) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn told_to_stop(&self) -> ImportFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    fn save_result(&self, _: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(std::future::ready(Ok(())))
    }
    fn save_checkpoint(&self, _: String) -> ImportFuture<'_, Result<(), SaveError>> {
        Box::pin(std::future::ready(Ok(())))
    }
    fn report_progress(&self, _: Progress) {}
    fn sleep(&self, _: Duration) -> ImportFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let path = args.next().context("usage: instantiate <component.wasm> [runs]")?;
    let runs: usize = args.next().map_or(Ok(2000), |text| text.parse())?;
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {path}"))?;

    let engine = Engine::new(&engine_settings(SLOTS, &JobLimits::default()))?;
    let mut linker = Linker::<Bare>::new(&engine);
    job_context::add_to_linker::<_, HasSelf<Bare>>(&mut linker, |state| state)?;
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    let bare = bindings::ModulePre::new(linker.instantiate_pre(&Component::from_binary(&engine, &bytes)?)?)?;

    let sandbox = Sandbox::new(SandboxConfig { slots: SLOTS, ..SandboxConfig::new(Compiler::InProcess) })?;
    let program = sandbox.admit(Sandbox::digest_of(&bytes), bytes.into()).await?;

    let (mut bare_times, mut sandbox_times) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let began = Instant::now();
        run_bare(&engine, &bare).await?;
        bare_times.push(began.elapsed());
        let began = Instant::now();
        run_in_sandbox(&sandbox, &program).await?;
        sandbox_times.push(began.elapsed());
    }
    let (bare, sandbox) = (median_us(bare_times), median_us(sandbox_times));
    println!(r#"{{"bare_us_p50":{bare:.1},"sandbox_us_p50":{sandbox:.1},"ratio":{:.2}}}"#, sandbox / bare);
    Ok(())
}

async fn run_bare(engine: &Engine, module: &bindings::ModulePre<Bare>) -> Result<()> {
    let mut store = Store::new(engine, Bare { wasi: WasiCtx::builder().build(), table: ResourceTable::new() });
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(1)));
    let module = module.instantiate_async(&mut store).await?;
    let object = || "{}".to_owned();
    let job = types::Job { id: object(), attempt: 1, inputs: object(), settings: object(), checkpoint: None };
    let returned = module.cofferdam_module_runner().call_run(&mut store, &job).await?;
    ensure!(returned.is_ok(), "the module failed: {returned:?}");
    Ok(())
}

async fn run_in_sandbox(sandbox: &Sandbox, program: &cofferdam::sandbox::Program) -> Result<()> {
    let job = GuestJob {
        id: JobId::new(),
        attempt: 1,
        inputs: JsonObject::empty(),
        settings: JsonObject::empty(),
        checkpoint: None,
        allowance: Allowance::default(),
    };
    let report = sandbox.run(program, job, Arc::new(Nothing), CancellationToken::new()).await;
    ensure!(report.end == RunEnd::Ended(AttemptEnd::Returned), "the module failed: {:?}", report.end);
    Ok(())
}

fn median_us(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}
