//! The least code that runs a module with wasmtime.

use std::time::Duration;

use cofferdam::domain::{JobLimits, JsonObject};
use cofferdam::sandbox::engine_settings;
use rustix::time::{ClockId, clock_gettime};
use wasmtime::component::{Component, HasSelf, Linker, ResourceTable};
use wasmtime::{Engine, Result, Store, UpdateDeadline, ensure};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use super::SLOTS;

mod bindings {

    wasmtime::component::bindgen!({
        path: "../wit",
        world: "cofferdam:module/module",
        imports: { default: async },
        exports: { default: async },
    });
}

use bindings::cofferdam::module::{job_context, types};

/// Whether code is compiled so that it can be interrupted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Interruption {
    /// As in the sandbox: each loop looks at the epoch. Nothing advances it here.
    AtEpochs,
    Never,
}

/// A component, compiled and linked.
pub(super) struct Bare {
    engine: Engine,
    module: bindings::ModulePre<State>,
    interruption: Interruption,
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl Bare {
    pub(super) fn new(component: &[u8], interruption: Interruption) -> Result<Self> {
        let mut settings = engine_settings(SLOTS, &JobLimits::default());
        settings.epoch_interruption(interruption == Interruption::AtEpochs);
        let engine = Engine::new(&settings)?;
        let mut linker = Linker::<State>::new(&engine);
        job_context::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        let module = bindings::ModulePre::new(linker.instantiate_pre(&Component::from_binary(&engine, component)?)?)?;
        Ok(Self { engine, module, interruption })
    }

    /// Gives what it took of the processor from instantiating until the call returned, as the sandbox counts it.
    pub(super) async fn run(&self, inputs: &JsonObject) -> Result<Duration> {
        let state = State { wasi: WasiCtx::builder().build(), table: ResourceTable::new() };
        let mut store = Store::new(&self.engine, state);
        if self.interruption == Interruption::AtEpochs {
            store.set_epoch_deadline(1);
            store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(1)));
        }
        let before = thread_time();
        let module = self.module.instantiate_async(&mut store).await?;
        let (id, inputs, settings) = ("{}".to_owned(), inputs.as_str().to_owned(), "{}".to_owned());
        let job = types::Job { id, attempt: 1, inputs, settings, checkpoint: None };
        let returned = module.cofferdam_module_runner().call_run(&mut store, &job).await?;
        let spent = thread_time().saturating_sub(before);
        ensure!(returned.is_ok(), "the module failed: {returned:?}");
        Ok(spent)
    }
}

/// Nothing else runs on this thread meanwhile.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl types::Host for State {}

impl job_context::Host for State {
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
