//! The server: whether it answers, as which version, whether it can write, and whether its clock agrees with this one.

use std::time::Duration;

use super::check::Check;
use crate::cli::Failure;
use crate::cli::client::api::read;
use crate::cli::client::{Client, StatusView};
use crate::cli::failure::Verbosity;
use crate::cli::output::Look;
use crate::domain::{Clock, SystemClock, Timestamp};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// More than a heartbeat is old, and more than a clock should be wrong.
const CLOCK_APART: Duration = Duration::from_secs(30);

/// Whether somebody said which server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// One that does not answer is a problem.
    Explicitly,
    /// There need not be one at the usual address.
    ByDefault,
}

/// Looks at the server.
pub(super) fn look(client: &Client, named: Named) -> Vec<Check> {
    let status = client.status().and_then(|status| read::<StatusView>(&status));
    match status {
        Ok(status) => vec![answers(&status), ready(client), nodes(&status, SystemClock.now())],
        Err(failure) => vec![silent(&failure, named)],
    }
}

fn silent(failure: &Failure, named: Named) -> Check {
    const CHECK: &str = "server";
    let (saw, advice) = in_words(failure);
    match named {
        Named::Explicitly => Check::problem(CHECK, saw, advice),
        Named::ByDefault => Check::warning(CHECK, saw, advice),
    }
}

/// A failure taken apart: what is wrong, and what to do.
fn in_words(failure: &Failure) -> (String, String) {
    let text = failure.render(Look::Plain, Verbosity::Brief);
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let (saw, advice) = text.split_once("\n  ").unwrap_or((text, "its own log says more"));
    (saw.to_owned(), advice.to_owned())
}

fn answers(status: &StatusView) -> Check {
    const CHECK: &str = "server";
    let saw = format!("version {}, up for {}", status.version, status.uptime);
    if status.version == VERSION {
        return Check::ok(CHECK, saw);
    }
    let advice = format!("this program is {VERSION}; commands and server should be of one version");
    Check::warning(CHECK, saw, advice)
}

fn ready(client: &Client) -> Check {
    const CHECK: &str = "database";
    match client.ready() {
        Ok(()) => Check::ok(CHECK, "the server reaches it and takes work"),
        Err(failure) => {
            let (saw, advice) = in_words(&failure);
            Check::problem(CHECK, saw, advice)
        }
    }
}

/// Every node's last word should be about now, by this machine's clock.
fn nodes(status: &StatusView, now: Timestamp) -> Check {
    const CHECK: &str = "nodes";
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let apart = |at: Timestamp| now.since(at).max(at.since(now));
    let odd = status.nodes.iter().find(|node| time(&node.heartbeat_at).is_none_or(|at| apart(at) > CLOCK_APART));
    match odd {
        None => Check::ok(CHECK, format!("{} alive, and the clocks agree", status.nodes.len())),
        Some(node) => Check::warning(
            CHECK,
            format!("node {} says that it was last alive at {}", node.id, node.heartbeat_at),
            "look whether it still runs, and whether its clock and this one are set by NTP",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Verdict;
    use super::*;

    fn status(version: &str, heartbeat_at: &str) -> StatusView {
        read(&format!(
            r#"{{"version": "{version}", "uptime": "1h", "modules": 0, "running": [],
            "jobs": {{"pending": 0, "running": 0, "completed": 0, "failed": 0, "stopped": 0}},
            "nodes": [{{"id": "n", "version": "{version}", "heartbeat_at": "{heartbeat_at}", "slots": 1, "running": 0,
                "guest_memory_bytes": 0, "guest_memory_budget_bytes": 1}}]}}"#
        ))
        .expect("a status")
    }

    #[test]
    fn another_version_is_a_warning() {
        assert_eq!(answers(&status(VERSION, "")).verdict, Verdict::Ok);
        assert_eq!(answers(&status("9.9.9", "")).verdict, Verdict::Warning);
    }

    #[test]
    fn a_node_whose_word_is_old_or_from_the_future_is_a_warning() {
        let now = "2026-01-01T00:01:00.000Z".parse().expect("a time");
        for (heartbeat, verdict) in [
            ("2026-01-01T00:00:55.000Z", Verdict::Ok),
            ("2026-01-01T00:00:20.000Z", Verdict::Warning),
            ("2026-01-01T00:02:00.000Z", Verdict::Warning),
            ("yesterday", Verdict::Warning),
        ] {
            assert_eq!(nodes(&status(VERSION, heartbeat), now).verdict, verdict, "{heartbeat}");
        }
    }

    #[test]
    fn only_a_server_that_was_named_has_to_answer() {
        let failure = Failure::failed("nobody answers").next("start one");
        assert_eq!(silent(&failure, Named::ByDefault).verdict, Verdict::Warning);
        let check = silent(&failure, Named::Explicitly);
        let advice = Some("start one".to_owned());
        assert_eq!((check.verdict, check.saw.as_str(), check.advice), (Verdict::Problem, "nobody answers", advice));
    }
}
