//! What every database has to do alike: the suite goes through [`Store::write`](super::Store::write) and the reads
//! alone, so that the next database only has to be opened differently.

mod crashes;
mod differential;
mod fences;
mod gates;
mod harness;
mod keys;
mod lifecycle;
mod limited;
mod lists;
mod model;
mod model_job;
mod model_schedules;
mod offers;
mod plans;
mod provenance;
mod random_writes;
mod results;
mod retention;
mod schedules;
mod webhooks;
