#[cofferdam_sdk::module]
fn run(_job: cofferdam_sdk::Job) {}

fn main() {}
