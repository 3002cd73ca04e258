use cofferdam_sdk::Failure;

#[cofferdam_sdk::module]
fn run() -> Result<u32, Failure> {
    Ok(7)
}

fn main() {}
