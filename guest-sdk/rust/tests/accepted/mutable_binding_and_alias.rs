use cofferdam_sdk::Failure;

type Outcome = Result<(), Failure>;

#[cofferdam_sdk::module(name = "alias")]
fn run(mut inputs: std::collections::BTreeMap<String, u32>) -> Outcome {
    inputs.clear();
    Ok(())
}

fn main() {}
