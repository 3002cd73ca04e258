use cofferdam_sdk::{Failure, Job};

#[cofferdam_sdk::module]
fn run(_job: Job, __job: &Job) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
