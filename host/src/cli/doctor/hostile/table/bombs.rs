//! Files that are made to take a compiler for ever.

use cofferdam_text_guest::binary::{carrying_loops, component, core_module, nops};
use cofferdam_text_guest::{TextGuest, with_core_module_bytes};

use super::super::row::Row;

const COMPILER: &str = "the compiler";
const OVER: &str = "over_component_limit";

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::upload(
            "bomb-of-loops",
            COMPILER,
            "has 1,000 loops inside each other that carry 40,000 variables: for a compiler, 40 million",
            ("compile_limit", "the most that this host spends on one"),
            |name| {
                with_core_module_bytes(
                    TextGuest::named(name).component(),
                    &core_module(&[carrying_loops(1_000, 40_000)]),
                )
            },
        ),
        Row::upload(
            "huge-function",
            COMPILER,
            "has a function of 7 MB",
            (OVER, "7000002 bytes in one function; 1048576 are the most"),
            |_| component(&[nops(7_000_000)]),
        ),
        Row::upload(
            "million-functions",
            COMPILER,
            "has a million functions",
            (OVER, "1000000 functions; 200000 are the most"),
            |_| component(&vec![nops(0); 1_000_000]),
        ),
    ]
}
