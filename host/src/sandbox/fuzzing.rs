//! Doors for `fuzz/`: what the sandbox makes of bytes that a module or an uploader chose. Each panics where a property does
//! not hold.

use std::sync::LazyLock;

use wasmtime::Engine;

use super::GuestSecret;
use super::admission::examine;
use super::engine::{Allocation, code_settings};
use super::guest::split_lines_around;
use super::masking::Masker;
use crate::domain::{JobLimits, SecretName, SecretValue};

pub use super::guest::split_lines;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(&code_settings(Allocation::OnDemand)).expect("settings that every host uses"));

/// What becomes of what a guest says that has secrets.
#[derive(Debug)]
pub struct Masking {
    masker: Masker,
    secrets: Vec<GuestSecret>,
}

impl Masking {
    /// For these secrets, each a name and a value; `None` when one of them can be none.
    pub fn of(secrets: &[(&str, &str)]) -> Option<Self> {
        let secret = |(name, value): &(&str, &str)| {
            let name = SecretName::parse(*name).ok()?;
            Some(GuestSecret { name, hosts: Vec::new(), value: SecretValue::parse((*value).to_owned()).ok()? })
        };
        let secrets: Vec<_> = secrets.iter().map(secret).collect::<Option<_>>()?;
        Some(Self { masker: Masker::new(&secrets)?, secrets })
    }

    /// Whether a text holds a value in any form that is known.
    pub fn holds(&self, text: &str) -> bool {
        let holds = |secret: &GuestSecret| Masker::forms(secret).iter().any(|form| text.contains(form.as_str()));
        self.secrets.iter().any(holds)
    }

    /// A text of the log.
    pub fn text(&self, text: &str) -> String {
        self.masker.owned(text.to_owned())
    }

    /// A result or a checkpoint.
    pub fn json(&self, text: &str) -> String {
        self.masker.json(text.to_owned())
    }

    /// The lines of a stream that is written so many bytes at a time, each with whether it goes on another.
    pub fn lines(&self, written: &[u8], step: usize, line_bytes: usize) -> Vec<(String, bool)> {
        let lines = split_lines_around(Some(&self.masker), written, step, line_bytes);
        lines.into_iter().map(|(line, continued)| (self.masker.owned(line), continued)).collect()
    }
}

/// Every fault has its sentence, and what cannot even be read has one.
pub fn component(bytes: &[u8]) {
    let examination = examine(bytes, &ENGINE, &JobLimits::default());
    for fault in &examination.faults {
        assert!(!fault.to_string().is_empty());
        assert!(!fault.is_hosts_fault(), "bytes are never the host's fault: {fault}");
    }
}
