//! Tries one case after the other and tells what came of each.

use std::time::Instant;

use super::case::ExpectedResults;
use super::case_file::CaseFile;
use super::checkpoint_check::{Checked, check};
use super::expectation::{wrong_end, wrong_output};
use super::golden::Golden;
use super::player::{NotPlayed, Outcome, Player};
use super::verdict::Verdict;
use crate::cli::Failure;
use crate::domain::{JsonObject, Status};

/// How cases are tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ways {
    pub(super) goldens: Goldens,
    /// At how many checkpoints a module is killed at most; 0 leaves the check out.
    pub(super) kills: u64,
}

/// What happens to golden files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goldens {
    /// They are compared with.
    Kept,
    /// They are written.
    Updated,
}

/// Tries a case. An error is the host's, and ends everything.
pub(super) async fn attempt(player: &Player<'_>, file: &CaseFile, ways: Ways) -> Result<Verdict, Failure> {
    let started = Instant::now();
    let mut verdict = Verdict {
        name: file.name.clone(),
        file: file.path.display().to_string(),
        passed: false,
        duration_ms: 0,
        run: None,
        checkpoint_check: None,
        updated: None,
        failures: Vec::new(),
    };
    match play(player, file, ways, &mut verdict).await {
        Ok(()) => {}
        Err(NotPlayed::Refused(reason)) => verdict.failures.push(format!("the job was not started: {reason}")),
        Err(NotPlayed::Host(failure)) => return Err(failure),
    }
    verdict.passed = verdict.failures.is_empty();
    verdict.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(verdict)
}

async fn play(player: &Player<'_>, file: &CaseFile, ways: Ways, verdict: &mut Verdict) -> Result<(), NotPlayed> {
    let case = &file.case;
    let outcome = player.undisturbed(case).await?;
    verdict.run = Some((&outcome).into());
    verdict.failures = wrong_end(&case.expect, &outcome);
    let ended_well = verdict.failures.is_empty();
    let golden = match &case.expect.results {
        Some(ExpectedResults::Golden(name)) => Some(Golden::beside(&file.path, name)),
        Some(ExpectedResults::Here(_)) | None => None,
    };
    // A run that ended otherwise than expected is no example for later ones.
    if let Some(golden) = golden.as_ref().filter(|_| ways.goldens == Goldens::Updated && ended_well)
        && golden.update(&outcome.results)?
    {
        verdict.updated = Some(golden.path());
    }
    verdict.failures.extend(wrong(file, golden.as_ref(), &outcome));
    if let Some(checked) = checked(player, file, &outcome, ways).await? {
        verdict.failures.extend(checked.failure.iter().map(|failure| format!("checkpoints: {failure}")));
        verdict.checkpoint_check = Some(checked);
    }
    Ok(())
}

fn wrong(file: &CaseFile, golden: Option<&Golden>, outcome: &Outcome) -> Vec<String> {
    let here = match &file.case.expect.results {
        Some(ExpectedResults::Here(results)) => Some(results.iter().map(JsonObject::value).collect()),
        Some(ExpectedResults::Golden(_)) | None => None,
    };
    let expected = match golden.map(Golden::read) {
        None => here,
        Some(Ok(results)) => Some(results),
        Some(Err(reason)) => return [vec![reason], wrong_output(&file.case, None, outcome)].concat(),
    };
    wrong_output(&file.case, expected.as_deref(), outcome)
}

/// The checkpoint check, where there is something to check. A job that its duration limit ended has no end to compare.
async fn checked(
    player: &Player<'_>,
    file: &CaseFile,
    outcome: &Outcome,
    ways: Ways,
) -> Result<Option<Checked>, NotPlayed> {
    let has_end = matches!(outcome.status(), Status::Completed | Status::Failed);
    if ways.kills == 0 || !file.case.interrupt || outcome.checkpoints == 0 || !has_end {
        return Ok(None);
    }
    check(player, &file.case, outcome, ways.kills).await.map(Some)
}
