use cofferdam_sdk::Failure;

#[cofferdam_sdk::module(version = "1.0")]
fn run() -> Result<(), Failure> {
    Ok(())
}

fn main() {}
