//! The module of one language on a host of its own.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::harness::{Guest, Host, Job, JobError, JobView, Language, ModuleView, Status};

/// Every behaviour of the module.
pub(super) const BEHAVIOURS: [&str; 17] = [
    "log-levels",
    "log-many",
    "log-size",
    "echo",
    "results",
    "big-result",
    "big-checkpoint",
    "full",
    "invalid-json",
    "checkpoints",
    "progress",
    "sleep",
    "wait-for-stop",
    "permanent",
    "retryable",
    "exception",
    "wrong-checkpoint",
];

/// Limits that a module reaches in no time; no two are the same, so that one is not taken for another.
pub(super) const RESULT_BYTES: usize = 2 << 20;
pub(super) const CHECKPOINT_BYTES: usize = 3 << 20;
pub(super) const RESULTS_BYTES: usize = 8 << 20;
/// A megabyte of text needs more than the host takes by itself.
const SETTINGS: [&str; 4] = ["job.result=2MiB", "job.checkpoint=3MiB", "job.results=8MiB", "node.inputs=4MiB"];

/// One lock a language: of the tests that start at once, the first compiles the module and the others find it compiled.
static UPLOADS: [Mutex<()>; 5] = [const { Mutex::new(()) }; 5];

/// What the checks try: a module that was added to a host.
pub(super) struct Subject {
    pub(super) language: Language,
    pub(super) host: Host,
    module: String,
    tried: RefCell<BTreeSet<String>>,
}

impl Deref for Subject {
    type Target = Host;

    fn deref(&self) -> &Host {
        &self.host
    }
}

impl Subject {
    pub(super) fn new(language: Language) -> Self {
        let host = Host::with(&SETTINGS);
        let alone = UPLOADS[language as usize].lock().unwrap_or_else(PoisonError::into_inner);
        host.has(Guest::Conformance(language));
        drop(alone);
        let module = format!("conformance-{}", language.name());
        Self { language, host, module, tried: RefCell::default() }
    }

    /// As the host shows it.
    #[track_caller]
    pub(super) fn view(&self) -> ModuleView {
        self.get(&format!("/v1/modules/{}@0.1.0", self.module)).read(200)
    }

    /// The behaviours that no job was started with.
    pub(super) fn untried(&self) -> Vec<&str> {
        let tried = self.tried.borrow();
        BEHAVIOURS.into_iter().filter(|&behaviour| !tried.contains(behaviour)).collect()
    }

    /// The body of a request that starts the module.
    pub(super) fn request(&self, inputs: &Value) -> Value {
        json!({ "module_id": self.module, "inputs": inputs })
    }

    #[track_caller]
    pub(super) fn start(&self, inputs: &Value) -> Job {
        self.start_with(inputs, json!({}))
    }

    /// The same with further fields of the request, such as `settings`.
    #[track_caller]
    pub(super) fn start_with(&self, inputs: &Value, mut further: Value) -> Job {
        self.note(inputs);
        further["module_id"] = json!(self.module);
        further["inputs"] = inputs.clone();
        self.start_job(&further)
    }

    /// Runs a job that must complete in its first attempt.
    #[track_caller]
    pub(super) fn complete(&self, inputs: &Value) -> Job {
        self.complete_with(inputs, json!({}))
    }

    #[track_caller]
    pub(super) fn complete_with(&self, inputs: &Value, further: Value) -> Job {
        let job = self.start_with(inputs, further);
        let view = job.ended();
        assert_eq!((view.status, view.attempt, view.error), (Status::Completed, 1, None));
        job
    }

    /// Takes up a job that has ended, with these fields of the request.
    #[track_caller]
    pub(super) fn resume(&self, job: &Job, request: &Value) {
        self.note(&request["inputs"]);
        job.resume(request).expect(200);
    }

    fn note(&self, inputs: &Value) {
        self.tried.borrow_mut().extend(inputs["behaviour"].as_str().map(str::to_owned));
    }
}

/// The error of a job that must have failed.
#[track_caller]
pub(super) fn error_of(view: JobView) -> JobError {
    assert_eq!(view.status, Status::Failed, "{view:#?}");
    view.error.expect("a failed job has an error")
}

/// `{"n": 1}` to `{"n": last}`.
pub(super) fn numbered(last: u64) -> Vec<Value> {
    (1..=last).map(|n| json!({ "n": n })).collect()
}
