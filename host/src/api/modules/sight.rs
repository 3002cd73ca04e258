//! Which modules a caller sees.

use crate::access::Caller;
use crate::api::problem::Problem;
use crate::api::state::ApiState;
use crate::domain::{ModuleRef, Reach};

/// Whether the caller sees the module that is meant, as far as there is one.
pub(crate) async fn sees(api: &ApiState, caller: &Caller, module: &ModuleRef) -> Result<bool, Problem> {
    if caller.reach() == Reach::All {
        return Ok(true);
    }
    Ok(match module {
        ModuleRef::Newest(name) | ModuleRef::Version(name, _) => caller.reaches(name),
        // What bytes are called never changes.
        ModuleRef::Digest(_) => {
            api.registry.find(module).await?.is_some_and(|module| caller.reaches(&module.info.name))
        }
    })
}
