//! The door of the sandbox.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::domain::module::RawModuleInfo;
use crate::domain::{
    AttemptEnd, Digest, ErrorCode, GrantFault, Grants, InvalidModuleInfo, JobError, JobLimits, ModuleInfo,
};

use super::attempt::{Answer, Call, Ended, Execution, Fault};
use super::code::Programs;
use super::compile::Workshop;
use super::engine::{GuestThreads, SPARE_INSTANCES, check_mappings, start};
use super::guest::{MemoryBudget, linker, types};
use super::http::HttpClient;
use super::imports::NoImports;
use super::inspection::Described;
use super::masking::{MaskedImports, Masker};
use super::{
    AdmissionError, Allowance, GuestJob, Inspection, JobImports, Program, RunEnd, RunReport, SandboxConfig,
    SandboxError,
};

/// Compiles components and runs them. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    threads: GuestThreads,
    programs: Programs,
    budget: Arc<MemoryBudget>,
    client: Arc<HttpClient>,
    /// Guests that may run at once; what is free beyond them is for `describe`.
    slots: Semaphore,
    spare: Semaphore,
    config: SandboxConfig,
}

impl Sandbox {
    /// Starts the engine, its pool, and the threads that guests run on with their clock.
    pub fn new(config: SandboxConfig) -> Result<Self, SandboxError> {
        config.compiler.check()?;
        check_mappings(config.slots)?;
        let (engine, allocation) = start(config.slots, &config.limits.get())?;
        let threads = GuestThreads::start(&engine)?;
        let linker = linker(&engine).map_err(|error| SandboxError::Engine(format!("{error:#}")))?;
        let (compiler, limits) = (config.compiler.clone(), config.compile.clone());
        let workshop = Workshop { engine, allocation, compiler, limits };
        Ok(Self(Arc::new(Inner {
            threads,
            programs: Programs::new(workshop, linker, &config)?,
            budget: Arc::new(MemoryBudget::new(config.node.guest_memory_bytes)),
            client: Arc::new(HttpClient::new(Arc::clone(&config.resolver), config.http_roots.clone())),
            slots: Semaphore::new(config.slots as usize),
            spare: Semaphore::new(SPARE_INSTANCES as usize),
            config,
        })))
    }

    /// The SHA-256 of a component's bytes: its identity.
    pub fn digest_of(bytes: &[u8]) -> Digest {
        Digest::from_bytes(Sha256::digest(bytes).into())
    }

    /// Checks a component, compiles it and keeps the code; `digest` is that of `bytes`.
    pub async fn admit(&self, digest: Digest, bytes: Bytes) -> Result<Program, AdmissionError> {
        self.0.programs.admit(digest, bytes).await
    }

    /// A component that was admitted before, from memory or from the cache; `None` when it must be admitted again.
    pub async fn load(&self, digest: Digest) -> Option<Program> {
        self.0.programs.load(digest).await
    }

    /// Looks at a file from all sides: everything that it is, and everything for which it would be refused. Keeps
    /// nothing of it.
    pub async fn inspect(&self, digest: Digest, bytes: Bytes) -> Inspection {
        let (mut inspection, program) = self.0.programs.inspect(digest, bytes).await;
        if let Some(program) = program {
            inspection.add_description(self.ask(&program).await);
        }
        inspection
    }

    /// Asks a component what it is, in a sandbox where its imports do nothing; tells the first fault.
    pub async fn describe(&self, program: &Program) -> Result<ModuleInfo, AdmissionError> {
        let first = |faults: Vec<InvalidModuleInfo>| faults.into_iter().next().expect("it was refused for something");
        Ok(self.ask(program).await.answer?.read().map_err(first)?)
    }

    async fn ask(&self, program: &Program) -> Described {
        let _permit = self.0.spare.acquire().await.expect("the semaphore is never closed");
        let time = self.0.config.node.describe_time;
        let limit_bytes = self.describe_memory_bytes(program);
        let force = CancellationToken::new();
        let too_late = force.clone();
        let _watch = self.0.threads.spawn(async move {
            tokio::time::sleep(time).await;
            too_late.cancel();
        });
        let mut allowance = Allowance { limits: JobLimits::clone(&self.0.config.limits.get()), ..Allowance::default() };
        allowance.limits.memory_bytes = limit_bytes;
        let execution = self.execution(program, Arc::new(NoImports), allowance, force);
        let ended = self.execute(execution, Call::Describe).await;
        let answer = match ended.answer {
            Ok(Answer::Described(info)) => Ok(info.into()),
            Ok(Answer::Ran(_)) => Err(AdmissionError::Host("`describe` was answered by `run`".to_owned())),
            Err(fault) => Err(described_badly(fault, time, limit_bytes)),
        };
        let Ended { start_memory_bytes, peak_memory_bytes, .. } = ended;
        Described { answer, start_memory_bytes, peak_memory_bytes }
    }

    /// Runs one attempt to its end. Cancelling `force` ends it within a few ticks of 10 ms; so does dropping the
    /// future, but then nobody learns how.
    pub async fn run(
        &self,
        program: &Program,
        mut job: GuestJob,
        imports: Arc<dyn JobImports>,
        force: CancellationToken,
    ) -> RunReport {
        let Ok(_permit) = self.0.slots.try_acquire() else { return RunReport::no_room() };
        let mut allowance = std::mem::take(&mut job.allowance);
        let masker = allowance.mask_secrets();
        let (job, imports) = match &masker {
            Some(masker) => (masker.job(job), Arc::new(MaskedImports::new(imports, Arc::clone(masker))) as _),
            None => (job, imports),
        };
        let execution = self.execution(program, imports, allowance, force);
        let ended = self.execute(execution, Call::Run(job.into())).await;
        let end = match ended.answer {
            Ok(Answer::Ran(Ok(()))) => RunEnd::Ended(AttemptEnd::Returned),
            Ok(Answer::Ran(Err(failure))) => RunEnd::Ended(whole_failure(failure, masker.as_deref()).into()),
            Ok(Answer::Described(_)) => unreachable!("the call was `run`, which has an answer of its own"),
            Err(Fault::Forced) => RunEnd::Ended(AttemptEnd::Forced),
            Err(Fault::NoRoom) => RunEnd::NoRoom,
            Err(Fault::CpuSpent) => RunEnd::Ended(AttemptEnd::Trapped(JobError {
                code: ErrorCode::CpuLimit,
                message: "the module used up its time on a processor".to_owned(),
                backtrace: None,
            })),
            Err(Fault::Failed(error)) => RunEnd::Ended(AttemptEnd::Trapped(error)),
        };
        let end = match masker {
            Some(masker) => masker.end(end),
            None => end,
        };
        RunReport { end, cpu_time: ended.cpu_time, peak_memory_bytes: ended.peak_memory_bytes, http: ended.http }
    }

    /// Components that are compiled at once.
    pub fn compilers(&self) -> usize {
        self.0.programs.compilers()
    }

    /// Memory of all guests now.
    pub fn guest_memory_bytes(&self) -> u64 {
        self.0.budget.used_bytes()
    }

    /// The most that [`guest_memory_bytes`](Self::guest_memory_bytes) can become.
    pub fn guest_memory_budget_bytes(&self) -> u64 {
        self.0.budget.limit_bytes()
    }

    /// Opens what a module was granted, for one run: within the ceiling, which may have been lowered since. Says everything
    /// that is not allowed here, or not there. May wait for a disk.
    pub fn allowance(&self, grants: &Grants) -> Result<Allowance, Vec<GrantFault>> {
        Allowance::open(grants, &self.0.config.ceiling.get(), &self.0.config.limits.get())
    }

    /// Looks at grants before they are kept, and answers them as they are to be kept. May wait for a disk.
    pub fn settle_grants(&self, grants: Grants) -> Result<Grants, Vec<GrantFault>> {
        Allowance::settle(grants, &self.0.config.ceiling.get(), &self.0.config.limits.get())
    }

    /// A run of this program.
    fn execution(
        &self,
        program: &Program,
        imports: Arc<dyn JobImports>,
        allowance: Allowance,
        force: CancellationToken,
    ) -> Execution {
        Execution {
            program: program.clone(),
            imports,
            budget: Arc::clone(&self.0.budget),
            allowance,
            client: Arc::clone(&self.0.client),
            force,
        }
    }

    async fn execute(&self, execution: Execution, call: Call) -> Ended {
        match self.0.threads.spawn(execution.run(call)).await {
            Ok(ended) => ended,
            Err(error) => Ended::lost(&error.to_string()),
        }
    }

    fn describe_memory_bytes(&self, program: &Program) -> u64 {
        let most = self.0.config.limits.get().memory_bytes;
        program
            .start_memory_bytes()
            .map_or(most, |start| start.saturating_add(self.0.config.node.describe_memory_bytes).min(most))
    }
}

/// What a guest says of its failure, masked before anything of it is cut off.
fn whole_failure(failure: types::Failure, masker: Option<&Masker>) -> types::Failure {
    let Some(masker) = masker else { return failure };
    match failure {
        types::Failure::Permanent(text) => types::Failure::Permanent(masker.owned(text)),
        types::Failure::Retryable(text) => types::Failure::Retryable(masker.owned(text)),
    }
}

fn described_badly(fault: Fault, time: Duration, limit_bytes: u64) -> AdmissionError {
    match fault {
        Fault::Forced | Fault::CpuSpent => AdmissionError::DescribeTime(time),
        Fault::NoRoom => AdmissionError::NoRoom,
        Fault::Failed(error) => match error.code {
            ErrorCode::MemoryLimit => AdmissionError::DescribeMemory { limit_bytes, reason: error.message },
            ErrorCode::HostError => AdmissionError::Host(error.message),
            ErrorCode::Trap
            | ErrorCode::GuestFailed
            | ErrorCode::CpuLimit
            | ErrorCode::GrantRefused
            | ErrorCode::SecretUnavailable
            | ErrorCode::CrashLoop
            | ErrorCode::ModuleMissing
            | ErrorCode::ModuleUntrusted => AdmissionError::DescribeFailed(error.message),
        },
    }
}

impl From<GuestJob> for types::Job {
    fn from(job: GuestJob) -> Self {
        Self {
            id: job.id.to_string(),
            attempt: job.attempt,
            inputs: job.inputs.as_str().to_owned(),
            settings: job.settings.as_str().to_owned(),
            checkpoint: job.checkpoint.map(|checkpoint| checkpoint.as_str().to_owned()),
        }
    }
}

impl From<types::ModuleInfo> for RawModuleInfo {
    fn from(info: types::ModuleInfo) -> Self {
        Self {
            name: info.name,
            version: info.version,
            description: info.description,
            inputs_schema: info.inputs_schema,
            settings_schema: info.settings_schema,
        }
    }
}
