#[cofferdam_sdk::module]
fn run(job: &cofferdam_sdk::Job) -> String {
    job.id.clone()
}

fn main() {}
