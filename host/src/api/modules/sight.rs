//! Which modules a caller sees.

use crate::access::Caller;
use crate::api::problem::Problem;
use crate::api::state::ApiState;
use crate::domain::{Module, ModuleRef, Reach};
use crate::registry::UnknownModule;

/// The module that is meant. One that the caller does not see is not there.
pub(super) async fn seen(api: &ApiState, caller: &Caller, module: ModuleRef) -> Result<Module, Problem> {
    let found = api.registry.find(&module).await?.filter(|found| caller.reaches(&found.info.name));
    Ok(found.ok_or(UnknownModule(module))?)
}

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
