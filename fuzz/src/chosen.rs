//! The one target that a fuzzer's process tries.

use std::sync::OnceLock;

use crate::{Target, named};

static CHOSEN: OnceLock<Target> = OnceLock::new();

/// Chooses the target that `COFFERDAM_FUZZ_TARGET` names: libFuzzer reads the arguments itself and leaves none.
#[expect(clippy::disallowed_methods, reason = "this is no setting of Cofferdam's")]
pub fn choose() {
    let name = std::env::var("COFFERDAM_FUZZ_TARGET").unwrap_or_default();
    CHOSEN
        .get_or_init(|| named(&name).unwrap_or_else(|| panic!("there is no target `{name}`: see fuzz/src/targets.rs")));
}

/// Gives bytes to the target that was chosen.
pub fn try_chosen(bytes: &[u8]) {
    if let Some(target) = CHOSEN.get() {
        (target.run)(bytes);
    }
}
