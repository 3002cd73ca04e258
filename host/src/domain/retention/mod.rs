//! How much is kept of what has ended, decided without a database: rules, what they mean at a time, and when bytes are
//! too many.

mod budget;
mod of_module;
mod plan;
mod rules;

pub use budget::{Budget, DatabaseLimit, InvalidDatabaseLimit};
pub use of_module::{InvalidModuleRules, ModuleRules};
pub use plan::{AgeRule, CountRule, Which};
pub use rules::{AgeOf, Ages, RetentionReason, RetentionRules};
