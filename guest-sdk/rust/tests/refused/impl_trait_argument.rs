use cofferdam_sdk::Failure;

#[cofferdam_sdk::module]
fn run(_inputs: impl Into<String>) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
