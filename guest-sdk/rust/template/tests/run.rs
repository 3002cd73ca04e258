//! Runs natively, with a stand-in for the host: `cargo test`.

use cofferdam_sdk::testing::Attempt;
use serde_json::json;
use {{name_snake}}::{Inputs, Settings, run};

fn inputs() -> Inputs {
    Inputs { texts: vec!["one two".into(), "three".into()] }
}

#[test]
fn it_counts_the_words_of_each_text_and_of_all() {
    let recording = Attempt::first().run(|job| run(&job, &inputs(), &Settings { shortest: 1 }));
    assert_eq!(recording.outcome, Ok(()));
    assert_eq!(recording.results[2], json!({ "total": 3 }));
}

#[test]
fn it_goes_on_from_its_checkpoint() {
    let checkpoint = Some(json!({ "done": 1, "words": 2 }));
    let recording = Attempt::second(checkpoint).run(|job| run(&job, &inputs(), &Settings { shortest: 1 }));
    assert_eq!(recording.results, [json!({ "text": "three", "words": 1 }), json!({ "total": 3 })]);
}
