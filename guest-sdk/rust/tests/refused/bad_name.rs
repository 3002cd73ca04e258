use cofferdam_sdk::Failure;

#[cofferdam_sdk::module(name = "Prime_Count")]
fn run() -> Result<(), Failure> {
    Ok(())
}

fn main() {}
