use cofferdam_sdk::{Failure, Job};

#[cofferdam_sdk::module]
fn run(_job: Job, _input: String, _options: String) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
