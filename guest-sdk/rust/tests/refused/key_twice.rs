use cofferdam_sdk::Failure;

#[cofferdam_sdk::module(name = "one", name = "two")]
fn run() -> Result<(), Failure> {
    Ok(())
}

fn main() {}
