use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct Inputs {}

#[derive(Deserialize, JsonSchema)]
struct Settings {}

#[cofferdam_sdk::module]
fn run(job: Job, inputs: Inputs, settings: Settings) -> Result<(), Failure> {
    drop((job, inputs, settings));
    Ok(())
}

fn main() {}
