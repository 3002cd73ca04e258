#[cofferdam_sdk::module]
async fn run(_job: cofferdam_sdk::Job) -> Result<(), cofferdam_sdk::Failure> {
    Ok(())
}

fn main() {}
