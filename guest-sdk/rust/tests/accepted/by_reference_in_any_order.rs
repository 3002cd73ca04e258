use cofferdam_sdk::{Failure, Job};
use std::collections::BTreeMap;

#[cofferdam_sdk::module]
fn run(_settings: &BTreeMap<String, u32>, _inputs: &BTreeMap<String, String>, _job: &Job) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
