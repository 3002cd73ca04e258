//! Problem documents (RFC 9457) as sentences.

use serde::Deserialize;
use ureq::http::Response;

use crate::cli::Failure;

/// What the server says about a refusal. Everything may be missing: something else than Cofferdam may have answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    code: Option<String>,
    errors: Vec<Place>,
}

/// One place in the request's body that is wrong.
#[derive(Debug, Deserialize)]
struct Place {
    pointer: String,
    detail: String,
}

/// The failure that a refusal comes to.
pub(super) fn refusal<B>(response: &Response<B>, body: &str) -> Failure {
    let status = response.status();
    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let problem: Problem = serde_json::from_str(body).unwrap_or_default();
    let Some(sentence) = problem.detail.clone().or(problem.title.clone()) else {
        return Failure::failed(format!("the server answered {status} without saying why"))
            .next("check that a Cofferdam server is there, and nothing else: --server or COFFERDAM_SERVER")
            .detail(body.chars().take(2_000).collect::<String>());
    };
    let places = problem.errors.iter().map(|place| format!("\n  - {}: {}", place.pointer, place.detail));
    let sentence = sentence + &places.collect::<String>();
    let failure =
        Failure::failed(sentence).detail(format!("{status}, code {}", problem.code.as_deref().unwrap_or("-")));
    match next_step(status.as_u16(), problem.code.as_deref(), retry_after) {
        Some(step) => failure.next(step),
        None => failure,
    }
}

/// The code and the detail of a refusal, for whoever wants to know which one it is.
pub(super) fn code_and_detail(body: &str) -> Option<(String, String)> {
    let Problem { code, detail, .. } = serde_json::from_str(body).ok()?;
    Some((code?, detail?))
}

/// What somebody at a terminal can do about it.
fn next_step(status: u16, code: Option<&str>, retry_after: Option<&str>) -> Option<String> {
    let step = match code {
        Some("unknown_module") => "`cofferdam module list` shows the modules there are",
        Some("unknown_job") => "`cofferdam job list` shows the jobs there are",
        Some("version_exists") => "give the new bytes another version, or add them with --replace",
        Some("module_in_use") => "`cofferdam job list --module MODULE` shows its jobs; stop them or wait for their end",
        Some("module_missing") => "add the module again, or move the job to another version with --module",
        Some("job_active") => "stop it first: `cofferdam job stop JOB --wait`",
        Some("not_resumable") => {
            "`cofferdam job show JOB` says how it ended; start another one with `cofferdam job start`"
        }
        Some("schema_violation") => "`cofferdam module show MODULE` shows what the module takes",
        Some("disk_full") => "free some room on the server's disk",
        Some("host_not_allowed") => "name this address in the server's setting `hosts`",
        _ => match (status, retry_after) {
            (401, _) => {
                "set COFFERDAM_TOKEN to a token of this server; an administrator makes one with `cofferdam token create`"
            }
            (403, _) => "use a token with more scopes in COFFERDAM_TOKEN",
            (429 | 503, Some(seconds)) if seconds.parse::<u32>().is_ok() => {
                return Some(format!("try again in {seconds} s"));
            }
            (429 | 500..=599, _) => "try again in a while; the server's own log says more",
            _ => return None,
        },
    };
    Some(step.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::failure::Verbosity;
    use crate::cli::output::Look;

    fn rendered(status: u16, retry_after: Option<&str>, body: &str) -> String {
        let mut response = Response::builder().status(status);
        if let Some(seconds) = retry_after {
            response = response.header("retry-after", seconds);
        }
        refusal(&response.body(()).expect("a response"), body).render(Look::Plain, Verbosity::Brief)
    }

    #[test]
    fn pointers_stand_below_the_sentence_and_the_next_step_last() {
        let body = r#"{"title": "Inputs or settings do not fit", "detail": "the inputs do not fit", "code": "schema_violation",
            "errors": [{"pointer": "/inputs/rows", "detail": "is missing"}, {"pointer": "/settings/x", "detail": "is no number"}]}"#;
        assert_eq!(
            rendered(422, None, body),
            "error: the inputs do not fit\n  - /inputs/rows: is missing\n  - /settings/x: is no number\n  \
             `cofferdam module show MODULE` shows what the module takes"
        );
    }

    #[test]
    fn slow_down_says_for_how_long() {
        assert!(rendered(429, Some("7"), r#"{"detail": "too many"}"#).ends_with("too many\n  try again in 7 s"));
    }

    #[test]
    fn an_answer_of_something_else_is_named_as_that() {
        let text = rendered(502, None, "<html>Bad Gateway</html>");
        assert!(text.contains("502 Bad Gateway") && text.contains("--server"), "{text}");
    }
}
