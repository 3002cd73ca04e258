//! What is wrong with an uploaded component, each kind with a code of its own.

use super::problem::{
    ADMISSION_FAILED, ASYNC_COMPONENT, COMPILE_LIMIT, COMPILER_CRASHED, CORE_MODULE, DESCRIBE_FAILED, DESCRIBE_INVALID,
    DESCRIBE_MEMORY, DESCRIBE_TIME, EMPTY_COMPONENT, EXPORT_TYPE, FEATURES_OFF, IMPORT_TYPE, Kind, MALFORMED_COMPONENT,
    NO_RUNNER, NOT_COMPILED, NOT_WASM, OVER_COMPONENT_LIMIT, PRECOMPILED, Problem, RUNNER_INCOMPLETE, RUNNER_VERSION,
    TRUNCATED, UNKNOWN_BINARY_VERSION, UNKNOWN_IMPORTS,
};
use crate::sandbox::AdmissionError;

impl From<AdmissionError> for Problem {
    fn from(error: AdmissionError) -> Self {
        match &error {
            AdmissionError::NoRoom => Self::new(ADMISSION_FAILED, error.to_string()).retry_after(5),
            AdmissionError::Host(_) => {
                // The reason may name files of this machine.
                tracing::error!(%error, "a component could not be looked at");
                Self::new(ADMISSION_FAILED, "the host could not take the module; its own log says why").retry_after(5)
            }
            unfit => Self::new(kind(unfit), error.to_string()),
        }
    }
}

const fn kind(error: &AdmissionError) -> Kind {
    match error {
        AdmissionError::Empty => EMPTY_COMPONENT,
        AdmissionError::NotWasm(_) => NOT_WASM,
        AdmissionError::Precompiled => PRECOMPILED,
        AdmissionError::CoreModule => CORE_MODULE,
        AdmissionError::UnknownVersion(_) => UNKNOWN_BINARY_VERSION,
        AdmissionError::Truncated(_) => TRUNCATED,
        AdmissionError::Malformed { .. } => MALFORMED_COMPONENT,
        AdmissionError::ComponentModelAsync => ASYNC_COMPONENT,
        AdmissionError::FeaturesOff(_) => FEATURES_OFF,
        AdmissionError::OverLimit { .. } => OVER_COMPONENT_LIMIT,
        AdmissionError::Imports(_) => UNKNOWN_IMPORTS,
        AdmissionError::ImportType(_) => IMPORT_TYPE,
        AdmissionError::NoRunner(_) => NO_RUNNER,
        AdmissionError::RunnerVersion(_) => RUNNER_VERSION,
        AdmissionError::RunnerLacks(_) => RUNNER_INCOMPLETE,
        AdmissionError::ExportType { .. } | AdmissionError::Exports(_) => EXPORT_TYPE,
        AdmissionError::Compiler(_) => NOT_COMPILED,
        AdmissionError::CompileCpu(_)
        | AdmissionError::CompileMemory(_)
        | AdmissionError::CompileTime(_)
        | AdmissionError::CompileSize(_) => COMPILE_LIMIT,
        AdmissionError::CompilerCrashed(_) => COMPILER_CRASHED,
        AdmissionError::DescribeFailed(_) => DESCRIBE_FAILED,
        AdmissionError::DescribeTime(_) => DESCRIBE_TIME,
        AdmissionError::DescribeMemory { .. } => DESCRIBE_MEMORY,
        AdmissionError::DescribeInvalid(_) => DESCRIBE_INVALID,
        AdmissionError::NoRoom | AdmissionError::Host(_) => ADMISSION_FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfit_component_is_not_the_hosts_fault_and_the_other_way_round() {
        let unfit = Problem::from(AdmissionError::CoreModule);
        assert_eq!((unfit.kind.status.as_u16(), unfit.kind.code), (422, "core_module"));
        assert!(unfit.detail.contains("wasm32-wasip2"), "{}", unfit.detail);
        let busy = Problem::from(AdmissionError::NoRoom);
        assert_eq!((busy.kind.status.as_u16(), busy.retry_after_s), (503, Some(5)));
        let broken = Problem::from(AdmissionError::Host("cannot write /var/lib/x".to_owned()));
        assert_eq!(broken.kind.status.as_u16(), 503);
        assert!(!broken.detail.contains("/var"), "{}", broken.detail);
    }
}
