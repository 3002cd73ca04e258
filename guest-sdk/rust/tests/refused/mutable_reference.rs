use cofferdam_sdk::{Failure, Job};

#[cofferdam_sdk::module]
fn run(_job: &mut Job) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
