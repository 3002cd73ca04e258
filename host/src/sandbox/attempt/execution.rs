//! Runs one call of one guest in a store of its own, inside all limits, until it answers, fails or is interrupted.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::domain::HttpUsage;
use crate::domain::limits::{HANDLES, HOST_CALL_BYTES};
use crate::sandbox::code::Program;
use crate::sandbox::guest::{GuestState, Limiter, MemoryBudget, types};
use crate::sandbox::http::HttpClient;
use crate::sandbox::{Allowance, JobImports};

use super::Fault;
use super::classify::{classify, host_error, kept_text};
use super::cpu_time::{CpuTime, measured};
use super::fault::{Interrupted, Phase};

/// What the guest is asked.
pub(in crate::sandbox) enum Call {
    /// What it is.
    Describe,
    /// To do a job.
    Run(types::Job),
}

/// What the guest said.
#[derive(Debug)]
pub(in crate::sandbox) enum Answer {
    /// What it is.
    Described(types::ModuleInfo),
    /// Whether the job is done.
    Ran(Result<(), types::Failure>),
}

/// One guest's run, not begun.
pub(in crate::sandbox) struct Execution {
    pub(in crate::sandbox) program: Program,
    pub(in crate::sandbox) imports: Arc<dyn JobImports>,
    pub(in crate::sandbox) budget: Arc<MemoryBudget>,
    pub(in crate::sandbox) allowance: Allowance,
    pub(in crate::sandbox) client: Arc<HttpClient>,
    /// Ends the guest, wherever it is.
    pub(in crate::sandbox) force: CancellationToken,
}

/// One guest's run, over.
#[derive(Debug)]
pub(in crate::sandbox) struct Ended {
    pub(in crate::sandbox) answer: Result<Answer, Fault>,
    pub(in crate::sandbox) cpu_time: Duration,
    /// What it had once it was instantiated, if it came so far.
    pub(in crate::sandbox) start_memory_bytes: Option<u64>,
    pub(in crate::sandbox) peak_memory_bytes: u64,
    pub(in crate::sandbox) http: HttpUsage,
}

impl Ended {
    /// The task that ran the guest panicked or was dropped.
    pub(in crate::sandbox) fn lost(reason: &str) -> Self {
        Self {
            answer: Err(host_error(reason)),
            cpu_time: Duration::ZERO,
            start_memory_bytes: None,
            peak_memory_bytes: 0,
            http: HttpUsage::default(),
        }
    }
}

impl Execution {
    /// Runs the guest to its end. Everything it printed is logged before this is ready.
    pub(in crate::sandbox) async fn run(self, call: Call) -> Ended {
        let Self { program, imports, budget, allowance, client, force } = self;
        let limiter = Limiter::new(budget, allowance.limits.memory_bytes);
        let (cpu_limit, cpu_time) = (allowance.limits.cpu_time, Arc::new(CpuTime::default()));
        let state = match GuestState::new(imports, (limiter, Arc::clone(&cpu_time)), (allowance, client)) {
            Ok(state) => state,
            Err(error) => return Ended::lost(&format!("{error:#}")),
        };
        let mut store = new_store(program.engine(), state, force.clone());
        let stdio = Arc::clone(store.data().stdio());
        let answer = {
            let guest = pin!(answer(&program, &mut store, call));
            let guest = measured(guest, &cpu_time, cpu_limit);
            tokio::select! {
                biased;
                answered = guest => answered.map_or(Err(Cut::CpuSpent), |answered| answered.map_err(Cut::Failed)),
                // Parked in a call: dropping the future unwinds the guest without running any of its code.
                () = force.cancelled() => Err(Cut::Forced),
            }
        };
        let answer = answer.map_err(|failed| match failed {
            Cut::Failed((phase, error)) => classify(&error, phase, store.data().limiter().refusal()),
            Cut::CpuSpent => Fault::CpuSpent,
            Cut::Forced => Fault::Forced,
        });
        if answer.as_ref().is_err_and(|fault| *fault == Fault::Forced) {
            // Nobody may make a forced end late: what the log takes at once is logged, the rest is lost.
            let _ = stdio.finish().now_or_never();
        } else {
            tokio::select! { biased; () = stdio.finish() => {}, () = force.cancelled() => {} }
        }
        let limiter = store.data().limiter();
        let (start_memory_bytes, peak_memory_bytes) = (limiter.start_bytes(), limiter.peak_bytes());
        let http = store.data().http_usage();
        Ended { answer, cpu_time: cpu_time.spent(), start_memory_bytes, peak_memory_bytes, http }
    }
}

/// Why a guest has no answer, before it is said what that means.
enum Cut {
    Failed((Phase, wasmtime::Error)),
    CpuSpent,
    Forced,
}

fn new_store(engine: &Engine, state: GuestState, force: CancellationToken) -> Store<GuestState> {
    let mut store = Store::new(engine, state);
    store.limiter(|state| state.limiter_mut());
    store.set_hostcall_fuel(HOST_CALL_BYTES);
    store.set_max_component_handles(HANDLES);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |mut store| {
        if force.is_cancelled() {
            return Err(wasmtime::Error::new(Interrupted));
        }
        if let Some(pause) = store.data_mut().pause() {
            return Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::time::sleep(pause))));
        }
        // Not `Yield`: that would keep tokio from looking at its timers and sockets while guests are busy.
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
    });
    store
}

async fn answer(
    program: &Program,
    store: &mut Store<GuestState>,
    call: Call,
) -> Result<Answer, (Phase, wasmtime::Error)> {
    let in_call = |error| (Phase::Call, error);
    let module = program.module().instantiate_async(&mut *store).await.map_err(|error| (Phase::Start, error))?;
    store.data_mut().limiter_mut().start();
    let runner = module.cofferdam_module_runner();
    match call {
        Call::Describe => runner.call_describe(store).await.map(Answer::Described).map_err(in_call),
        Call::Run(job) => runner.call_run(store, &job).await.map(Answer::Ran).map_err(in_call),
    }
}

impl From<types::Failure> for crate::domain::AttemptEnd {
    fn from(failure: types::Failure) -> Self {
        match failure {
            types::Failure::Permanent(message) => Self::Permanent(kept_text(&message)),
            types::Failure::Retryable(message) => Self::Retryable(kept_text(&message)),
        }
    }
}
