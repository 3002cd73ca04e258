use cofferdam_sdk::Failure;

#[cofferdam_sdk::module]
fn run<T>(_inputs: Vec<T>) -> Result<(), Failure> {
    Ok(())
}

fn main() {}
