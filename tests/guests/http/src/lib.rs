//! Calls a server with the Rust SDK and saves what came of it.

use std::time::Duration;

use cofferdam_sdk::http::{self, Request, Timeout};
use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

/// Whom to call.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Inputs {
    url: String,
    /// What is sent; without it the request is a GET.
    #[serde(default)]
    body: Option<String>,
    /// How long the server may take.
    #[serde(default)]
    timeout_ms: Option<u64>,
}

/// Calls.
#[cofferdam_sdk::module]
pub fn run(job: &Job, inputs: Inputs) -> Result<(), Failure> {
    let timeout = inputs.timeout_ms.map(|time| Timeout(Duration::from_millis(time)));
    let answer = match (inputs.body, timeout) {
        (Some(body), _) => http::send(Request::post(&inputs.url).header("x-sent-by", "rust").body(body)?)?,
        (None, Some(timeout)) => http::send(Request::get(&inputs.url).extension(timeout).body(Vec::new())?)?,
        (None, None) => http::get(&inputs.url)?,
    };
    let body = String::from_utf8_lossy(answer.body());
    let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
    job.save_result(&serde_json::json!({ "status": answer.status().as_u16(), "body": body, "location": location }))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use cofferdam_sdk::http::{Response, stand_in};
    use cofferdam_sdk::testing::Attempt;

    use super::*;

    #[test]
    fn what_is_answered_is_saved() {
        stand_in(|_| Ok(Response::new(b"hello".to_vec())));
        let inputs = Inputs { url: "https://api.example.com/".to_owned(), body: None, timeout_ms: None };
        let recording = Attempt::first().run(|job| run(&job, inputs));
        assert_eq!(recording.outcome, Ok(()));
        assert_eq!(recording.results[0]["body"], "hello");
    }
}
