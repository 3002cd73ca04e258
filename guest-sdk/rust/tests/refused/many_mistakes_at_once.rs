#[cofferdam_sdk::module(title = "prime count")]
async fn run(_job: &mut cofferdam_sdk::Job, _options: String) {}

fn main() {}
