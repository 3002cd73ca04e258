use cofferdam_sdk::Failure;

struct Inputs {
    limit: u64,
}

#[cofferdam_sdk::module]
fn run(Inputs { limit: _ }: Inputs) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
