//! Which functions the macro accepts, and what it says about the others.
//!
//! After a change of a message, `TRYBUILD=overwrite cargo test -p cofferdam-sdk --test signatures` writes the new ones
//! beside the cases in `refused/`.

#[test]
fn what_is_accepted_compiles_and_what_is_refused_says_why() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/accepted/*.rs");
    cases.compile_fail("tests/refused/*.rs");
}
