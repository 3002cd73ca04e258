//! One module with the same behaviours in every language, and one table of what must come of them.
//!
//! Each expectation is written once and runs for every language, on a host of its own. A failure names the language and
//! the line of the table. A language whose tools could not be had on this machine is said to be not run.

mod contract;
mod failing;
mod languages;
mod logging;
mod numbers;
mod resuming;
mod saving;
mod stopping;
mod subject;
mod table;
mod texts;
