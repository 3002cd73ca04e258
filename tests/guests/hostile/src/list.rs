//! The list of all behaviours, in one macro. The guest makes its inputs from it, and the tests make sure of coverage.
//!
//! The tests read this very file, and a behaviour without a test of the same name does not compile:
//!
//! ```ignore
//! #[macro_use]
//! #[path = "guests/hostile/src/list.rs"]
//! mod hostile;
//!
//! macro_rules! assert_test_exists {
//!     ($($behaviour:ident: $theme:ident::$type:ident,)*) => {
//!         $(#[expect(unused_imports, reason = "only that it exists matters")] use self::$behaviour as _;)*
//!     };
//! }
//! for_each_behaviour!(assert_test_exists);
//!
//! #[test]
//! fn spin() {
//!     // Start the guest with {"behaviour": "spin"}, and check what the host does.
//! }
//! ```
//!
//! A behaviour is added here and as a type that implements `Behave` in the file of its theme.

/// Calls `$callback!` with a line `name: theme::Type,` for every behaviour. The name is what the inputs say:
/// `{"behaviour": "flood_log", "lines": 1000}`.
macro_rules! for_each_behaviour {
    ($callback:ident) => {
        $callback! {
            spin: compute::Spin,
            spin_after_stop_request: compute::SpinAfterStopRequest,
            trap_unreachable: trap::TrapUnreachable,
            trap_out_of_bounds: trap::TrapOutOfBounds,
            panic: trap::Panic,
            divide_by_zero: trap::DivideByZero,
            overflow_stack: trap::OverflowStack,
            exit: trap::Exit,
            eat_memory: memory::EatMemory,
            eat_memory_and_return: memory::EatMemoryAndReturn,
            fill_memory: memory::FillMemory,
            flood_log: log_lines::FloodLog,
            log_huge_line: log_lines::LogHugeLine,
            log_odd_text: log_lines::LogOddText,
            write_streams: streams::WriteStreams,
            flood_stdout: streams::FloodStdout,
            sleep_for_ever: wait::SleepForEver,
            ignore_stop_request: wait::IgnoreStopRequest,
            park_in_wasi: wait::ParkInWasi,
            save_huge_result: save::SaveHugeResult,
            save_results_without_end: save::SaveResultsWithoutEnd,
            save_huge_checkpoint: save::SaveHugeCheckpoint,
            save_many_checkpoints: save::SaveManyCheckpoints,
            save_invalid_results: invalid::SaveInvalidResults,
            save_invalid_checkpoints: invalid::SaveInvalidCheckpoints,
            save_deep_json: invalid::SaveDeepJson,
            count: count::Count,
            forget: count::Forget,
            report_progress_often: count::ReportProgressOften,
            fail_permanently: ending::FailPermanently,
            fail_retryably: ending::FailRetryably,
            honour_stop_request: ending::HonourStopRequest,
            finish_unaware: ending::FinishUnaware,
            open_files: reach_out::OpenFiles,
            read_environment: reach_out::ReadEnvironment,
            open_sockets: sockets::OpenSockets,
            use_folder: folders::UseFolder,
            leave_folder: folders::LeaveFolder,
            change_read_only_folder: folders::ChangeReadOnlyFolder,
            call_out: calls::CallOut,
            call_out_often: calls::CallOutOften,
            wait_for_answer: calls::WaitForAnswer,
            tell_secret: calls::TellSecret,
            call_host_without_end: compute::CallHostWithoutEnd,
        }
    };
}
