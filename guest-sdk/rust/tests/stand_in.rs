//! The stand-in for the host records what a module does, and refuses what the host refuses.

use std::time::Duration;

use cofferdam_sdk::testing::Attempt;
use cofferdam_sdk::{Job, LogLevel, SaveError};
use serde_json::json;

#[test]
fn everything_a_module_says_is_recorded_in_order() {
    let recording = Attempt::first().run(|job| {
        log::warn!("{} of {}", 1, 2);
        cofferdam_sdk::log(LogLevel::Critical, "no more");
        job.save_result(&json!({ "n": 1 }))?;
        job.save_checkpoint(&json!({ "next": 2 }))?;
        job.save_result(&json!({ "n": 2 }))?;
        job.report_progress(1, 2);
        job.report_progress(2, None);
        job.sleep(Duration::from_micros(1_500));
        Ok(())
    });

    assert_eq!(recording.outcome, Ok(()));
    let log = [(LogLevel::Warn, "1 of 2".to_owned()), (LogLevel::Critical, "no more".to_owned())];
    assert_eq!(recording.log, log);
    assert_eq!(recording.results, [json!({ "n": 1 }), json!({ "n": 2 })]);
    assert_eq!(recording.final_results, 1);
    assert_eq!(recording.checkpoints, [json!({ "next": 2 })]);
    assert_eq!(recording.progress, [(1, Some(2)), (2, None)]);
    assert_eq!(recording.slept_ms, 2);
}

#[test]
fn only_objects_are_saved() {
    let recording = Attempt::first().run(|job| {
        assert!(matches!(job.save_result(&[1, 2]), Err(SaveError::InvalidJson(_))));
        job.save_checkpoint("text")?;
        Ok(())
    });
    let failure = recording.outcome.expect_err("a text is not an object");
    assert!(failure.message().starts_with("not saved, because the value is not a JSON object"), "{failure}");
}

#[test]
fn a_stop_request_comes_after_so_many_looks() {
    let looks = |job: &Job| (0..5).map(|_| job.is_cancelled()).collect::<Vec<_>>();
    Attempt::second(None).cancel_after(3).run(|job| {
        assert_eq!(looks(&job), [false, false, false, true, true]);
        assert_eq!(job.attempt, 2);
        Ok(())
    });
    Attempt::first().run(|job| {
        assert_eq!(looks(&job), [false; 5], "the request of an earlier run is forgotten");
        Ok(())
    });
}
