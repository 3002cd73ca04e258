//! The program that libFuzzer drives. `COFFERDAM_FUZZ_TARGET` says which target it tries.

#![no_main]

use std::sync::OnceLock;

use cofferdam_fuzz::{Target, named};
use libfuzzer_sys::fuzz_target;

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(
    init: {
        let name = std::env::var("COFFERDAM_FUZZ_TARGET").unwrap_or_default();
        let target = named(&name).unwrap_or_else(|| panic!("there is no target `{name}`: see fuzz/src/targets.rs"));
        TARGET.get_or_init(|| target);
    },
    |bytes: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(bytes);
        }
    }
);
