//! Modules that misbehave while they are added: each is refused in its own words, in time, and leaves nothing behind.

use std::time::{Duration, Instant};

use cofferdam_text_guest::{TextGuest, with_core_module};

use super::bounds::HOST;
use crate::harness::{Answer, Host};

const TRAPS: &str = "(unreachable)";
const SPINS: &str = "(loop $again (br $again))";
/// Grows by 1 MiB until that is refused, then traps.
const GROWS: &str = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)";

/// The upload is refused with this code, in these words.
#[track_caller]
fn assert_refused(answer: Answer, code: &str, words: &str) {
    let problem = answer.problem(422, code);
    assert!(problem.detail.contains(words), "`{words}` is not in `{}`", problem.detail);
}

#[track_caller]
fn assert_unfit(host: &Host, component: &TextGuest, code: &str, words: &str) {
    assert_refused(host.upload(&component.component()), code, words);
    host.get(&format!("/v1/modules/{}@1.0.0", component.name)).expect(404);
}

#[test]
fn a_describe_that_traps_is_told() {
    let component = TextGuest { describe: TRAPS.to_owned(), ..TextGuest::named("trapping-describe") };
    assert_unfit(
        &HOST.host(),
        &component,
        "describe_failed",
        "the module's `describe` failed: the module executed `unreachable`",
    );
}

#[test]
fn a_describe_that_spins_is_ended_after_five_seconds() {
    let component = TextGuest { describe: SPINS.to_owned(), ..TextGuest::named("spinning-describe") };
    let asked = Instant::now();
    assert_unfit(&HOST.host(), &component, "describe_time", "the module's `describe` did not return within 5 s");
    let took = asked.elapsed();
    // The upper bound allows for compiling on a machine that runs other tests meanwhile.
    assert!((Duration::from_secs(5)..Duration::from_secs(15)).contains(&took), "{took:?}");
}

#[test]
fn a_start_function_that_spins_is_ended_like_its_describe() {
    let fields = format!("(func $start {SPINS}) (start $start)");
    let component = TextGuest { fields, ..TextGuest::named("spinning-start") };
    let host = Host::with(&["node.describe_time=300ms"]);
    assert_unfit(&host, &component, "describe_time", "the module's `describe` did not return within 0.3 s");
}

#[test]
fn a_describe_that_takes_too_much_memory_is_told_its_limit() {
    let component = TextGuest { describe: GROWS.to_owned(), ..TextGuest::named("greedy-describe") };
    // 64 MiB more than the pages that it starts with, in whole mebibytes.
    assert_unfit(&HOST.host(), &component, "describe_memory", "`describe` needs more memory than it may have, 64 MiB");
}

#[test]
fn two_memories_that_are_too_large_together_are_refused() {
    let half = TextGuest { pages: 2_400, ..TextGuest::named("two-halves") };
    let component = with_core_module(half.component(), "(module (memory 2400))");
    let answer = HOST.host().upload(&component);
    assert_refused(answer, "describe_memory", "`describe` needs more memory than it may have, 256 MiB");
}

#[test]
fn one_memory_that_is_too_large_is_refused_before_anything_runs() {
    let component = TextGuest { pages: 4_097, ..TextGuest::named("huge-start") };
    assert_unfit(
        &HOST.host(),
        &component,
        "over_component_limit",
        "268500992 bytes of memory at the start; 268435456 are the most",
    );
}

#[test]
fn a_description_that_no_module_may_have_is_told() {
    let host = HOST.host();
    let named = |name: &str| TextGuest::named(name);
    let versioned = |version: &str| TextGuest { version: version.to_owned(), ..named("odd-version") };
    let schema = |schema: &str| TextGuest { inputs_schema: schema.to_owned(), ..named("odd-schema") };
    for (component, words) in [
        (named("Not A Name"), "its name `Not A Name` is not 1 to 64 characters of lowercase words"),
        (named(""), "its name `` is not"),
        (named("../../etc/passwd"), "its name `../../etc/passwd` is not"),
        (named(&"a".repeat(65)), "is not 1 to 64 characters"),
        (versioned("one"), "its version `one` is not a semantic version such as `1.4.0`"),
        (versioned("1.0"), "its version `1.0` is not a semantic version"),
        (schema("{"), "its inputs-schema is not a JSON Schema (2020-12)"),
        (schema("[]"), "its inputs-schema is not a JSON Schema (2020-12): it must be an object or a boolean"),
        (schema(r#"{"type": "integre"}"#), "its inputs-schema is not a JSON Schema (2020-12)"),
        (schema(r#"{"$ref": "file:///etc/passwd"}"#), "its inputs-schema is not a JSON Schema (2020-12)"),
    ] {
        assert_refused(host.upload(&component.component()), "describe_invalid", words);
    }
}

#[test]
fn a_refused_module_leaves_no_memory_taken() {
    let host = Host::start();
    for (describe, code) in [(TRAPS, "describe_failed"), (GROWS, "describe_memory")] {
        let component = TextGuest { describe: describe.to_owned(), ..TextGuest::named("refused") };
        host.upload(&component.component()).problem(422, code);
    }
    let status = host.status();
    assert_eq!((status.modules, &status.nodes[0]["guest_memory_bytes"]), (0, &0.into()));
}
