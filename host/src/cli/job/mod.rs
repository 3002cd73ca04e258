//! `cofferdam job`: what runs, ran and will run.

mod command;
mod control;
mod described;
mod end;
mod follow;
mod given;
mod inspect;
mod job_id;

pub(super) use command::JobCommand;
pub(super) use control::{Then, started};
pub(super) use described::Described;
pub(super) use end::announce;
pub(super) use given::{Given, duration};
