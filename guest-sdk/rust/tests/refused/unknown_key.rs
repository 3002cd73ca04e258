use cofferdam_sdk::Failure;

#[cofferdam_sdk::module(title = "prime count")]
fn run() -> Result<(), Failure> {
    Ok(())
}

fn main() {}
