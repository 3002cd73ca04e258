#[cofferdam_sdk::module]
struct Inputs {
    limit: u64,
}

fn main() {}
