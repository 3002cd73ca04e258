//! Counts the words of texts. A start: replace it with work of your own.

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What to count.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The texts whose words are counted.
    pub texts: Vec<String>,
}

/// How to count.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Words with fewer letters are left out.
    #[serde(default = "one")]
    pub shortest: usize,
}

fn one() -> usize {
    1
}

/// What a checkpoint holds.
#[derive(Default, Deserialize, Serialize)]
struct State {
    done: usize,
    words: usize,
}

/// Counts the words of texts.
#[cofferdam_sdk::module]
pub fn run(job: &Job, inputs: &Inputs, settings: &Settings) -> Result<(), Failure> {
    let mut state: State = job.checkpoint()?.unwrap_or_default();
    log::info!("counting from text {} of {}", state.done + 1, inputs.texts.len());
    for text in &inputs.texts[state.done.min(inputs.texts.len())..] {
        if job.is_cancelled() {
            return Ok(());
        }
        let words = text.split_whitespace().filter(|word| word.chars().count() >= settings.shortest).count();
        job.save_result(&json!({ "text": text, "words": words }))?;
        state = State { done: state.done + 1, words: state.words + words };
        // Makes the results so far final. Where a step takes milliseconds, do this every few seconds instead.
        job.save_checkpoint(&state)?;
        job.report_progress(state.done as u64, inputs.texts.len() as u64);
    }
    job.save_result(&json!({ "total": state.words }))?;
    Ok(())
}
