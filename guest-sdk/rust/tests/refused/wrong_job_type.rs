use cofferdam_sdk::Failure;

#[cofferdam_sdk::module]
fn run(_job: String) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
