//! A file looked at from all sides: what it is, and everything for which a host would refuse it.

use std::time::Duration;

use crate::domain::ModuleInfo;
use crate::domain::module::RawModuleInfo;

use super::AdmissionError;
use super::admission::Examination;

/// What is known of a file that is to be a module.
#[derive(Debug, Clone, Default)]
pub struct Inspection {
    /// What it imports, with versions, sorted.
    pub imports: Vec<String>,
    /// What it exports, with versions, sorted.
    pub exports: Vec<String>,
    /// How long compiling took; `None` when it was not compiled, because it breaks the rules or limits before.
    pub compile_time: Option<Duration>,
    /// What its memories have once it is instantiated.
    pub start_memory_bytes: Option<u64>,
    /// The most that they had until `describe` returned.
    pub describe_memory_bytes: Option<u64>,
    /// What `describe` returned, right or wrong; `None` when it could not be asked.
    pub described: Option<RawModuleInfo>,
    /// The same, when all of it is right.
    pub info: Option<ModuleInfo>,
    /// Everything for which a host would refuse it; an upload is told the first.
    pub faults: Vec<AdmissionError>,
}

/// What came of asking a component what it is.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) answer: Result<RawModuleInfo, AdmissionError>,
    pub(super) start_memory_bytes: Option<u64>,
    pub(super) peak_memory_bytes: u64,
}

impl Inspection {
    pub(super) fn of(examination: Examination) -> Self {
        let Examination { mut imports, mut exports, faults } = examination;
        imports.sort_unstable();
        exports.sort_unstable();
        Self { imports, exports, faults, ..Self::default() }
    }

    /// Adds what was found later, unless it was said before in other words.
    pub(super) fn add_faults(&mut self, faults: Vec<AdmissionError>) {
        for fault in faults {
            if !self.faults.iter().any(|known| *known == fault || says_more(known, &fault)) {
                self.faults.push(fault);
            }
        }
    }

    /// Adds what the component said about itself.
    pub(super) fn add_description(&mut self, described: Described) {
        self.start_memory_bytes = described.start_memory_bytes;
        self.describe_memory_bytes = Some(described.peak_memory_bytes);
        match described.answer {
            Ok(raw) => {
                self.described = Some(raw.clone());
                match raw.read() {
                    Ok(info) => self.info = Some(info),
                    Err(faults) => self.faults.extend(faults.into_iter().map(AdmissionError::DescribeInvalid)),
                }
            }
            Err(fault) => self.faults.push(fault),
        }
    }
}

/// Whether `known`, found without compiling, has said already what `found` says.
fn says_more(known: &AdmissionError, found: &AdmissionError) -> bool {
    match found {
        AdmissionError::ImportType(_) => matches!(known, AdmissionError::Imports(_)),
        AdmissionError::RunnerLacks(_) | AdmissionError::Exports(_) => {
            known.is_about_fit() && !matches!(known, AdmissionError::Imports(_))
        }
        _ => false,
    }
}
