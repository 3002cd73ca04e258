//! The checkpoint check: a module that is killed at its checkpoints must come to the same results as an undisturbed one.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::case::Case;
use super::difference::{first_difference, result_was, shown};
use super::player::{Kill, NotPlayed, Outcome, Player};
use crate::domain::Status;

/// A run that was killed has this much longer than the undisturbed one: what follows a wrong checkpoint may never end.
const PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE_TIMES: u64 = 10;

const QUESTION: &str = "does the checkpoint hold everything that the rest of the run needs?";

/// What the check came to.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    /// How often the module was killed.
    pub(super) kills: u64,
    /// How many checkpoints it saves undisturbed.
    pub(super) of: u64,
    /// What was wrong.
    pub(super) failure: Option<String>,
}

/// Runs the case again and kills it at no more than `most` of its checkpoints.
pub(super) async fn check(
    player: &Player<'_>,
    case: &Case,
    undisturbed: &Outcome,
    most: u64,
) -> Result<Checked, NotPlayed> {
    let of = undisturbed.checkpoints;
    let took = Duration::from_millis(undisturbed.job.usage.run_time_ms.saturating_mul(PATIENCE_TIMES));
    let (killed, kills) = player.killed(case, &spread(of, most), took + PATIENCE).await?;
    let expected = undisturbed.compared(case);
    let found = killed.compared(case);
    let failure = match first_difference(&expected, &found) {
        None if killed.status() == undisturbed.status() => None,
        None => Some(another_end(undisturbed.status(), killed.status(), &kills)),
        Some(at) => {
            // Only now it matters whether two runs are alike at all.
            let again = player.undisturbed(case).await?.compared(case);
            Some(match first_difference(&expected, &again) {
                Some(by_itself) => unlike(by_itself, &expected, &again),
                None => another_result(at, &expected, &found, &kills),
            })
        }
    };
    Ok(Checked { kills: kills.len() as u64, of, failure })
}

/// At most so many of the checkpoints 1 to `of`, evenly spread; the last one is always among them.
fn spread(of: u64, most: u64) -> Vec<u64> {
    let number = most.min(of);
    let place = |at: u64| u64::try_from(u128::from(at) * u128::from(of) / u128::from(number)).unwrap_or(of);
    (1..=number).map(place).collect()
}

fn another_result(at: usize, undisturbed: &[Value], found: &[Value], kills: &[Kill]) -> String {
    let was = result_was(at, "undisturbed", undisturbed, found);
    // The run that saved this result began with the last checkpoint before it.
    match kills.iter().rev().find(|kill| kill.results <= at) {
        Some(kill) => {
            let content = shown(&kill.content.value());
            let number = kill.checkpoint;
            format!("what follows from checkpoint {number}, {content}, differs: {was}: {QUESTION}")
        }
        None => format!("the results differ before the module was killed for the first time: {was}"),
    }
}

fn another_end(undisturbed: Status, killed: Status, kills: &[Kill]) -> String {
    let place = kills.last().map_or_else(String::new, |kill| {
        format!(" from checkpoint {}, {}", kill.checkpoint, shown(&kill.content.value()))
    });
    format!("what follows{place} differs: the job is {killed}, undisturbed {undisturbed}: {QUESTION}")
}

fn unlike(at: usize, first: &[Value], second: &[Value]) -> String {
    format!(
        "two undisturbed runs differ, so nothing can be said about the checkpoints: {}. Name what may differ, such as \
         times, in the case: \"ignore\": [\"/FIELD\"]; or leave the check out: \"interrupt\": false",
        result_was(at, "the time before", first, second)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_are_spread_evenly_and_meet_the_last_checkpoint() {
        assert_eq!(spread(3, 100), [1, 2, 3]);
        assert_eq!(spread(10, 4), [2, 5, 7, 10]);
        assert_eq!(spread(1_000_000, 2), [500_000, 1_000_000]);
        assert_eq!(spread(5, 1), [5]);
        assert!(spread(0, 100).is_empty());
    }
}
