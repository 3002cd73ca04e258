//! The smallest module that shows inputs, the log and a result: it greets.

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom to greet.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Inputs {
    /// The name to greet; `world` unless given.
    #[serde(default = "world")]
    pub name: String,
}

/// How to greet.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// The word before the name; `Hello` unless given.
    #[serde(default = "hello")]
    pub greeting: String,
}

#[derive(Serialize)]
struct Greeting {
    greeting: String,
}

/// Says hello in the log and saves the same as the job's only result.
#[cofferdam_sdk::module]
pub fn run(job: &Job, inputs: &Inputs, settings: &Settings) -> Result<(), Failure> {
    let greeting = greet(&settings.greeting, &inputs.name);
    log::info!("{greeting}");
    job.save_result(&Greeting { greeting })?;
    Ok(())
}

fn greet(greeting: &str, name: &str) -> String {
    format!("{greeting}, {name}!")
}

fn world() -> String {
    "world".into()
}

fn hello() -> String {
    "Hello".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cofferdam_sdk::LogLevel;
    use cofferdam_sdk::testing::Attempt;

    #[test]
    fn greets_in_the_log_and_in_the_result() {
        let inputs: Inputs = serde_json::from_str(r#"{"name": "Ada"}"#).expect("these are inputs");
        let settings: Settings = serde_json::from_str("{}").expect("every setting has a default");

        let recording = Attempt::first().run(|job| run(&job, &inputs, &settings));

        assert_eq!(recording.outcome, Ok(()));
        assert_eq!(recording.log, [(LogLevel::Info, "Hello, Ada!".to_owned())]);
        assert_eq!(recording.results, [serde_json::json!({ "greeting": "Hello, Ada!" })]);
    }

    #[test]
    fn greets_the_world_when_nobody_is_named() {
        let inputs: Inputs = serde_json::from_str("{}").expect("every input has a default");
        assert_eq!(greet("Hi", &inputs.name), "Hi, world!");
    }
}
