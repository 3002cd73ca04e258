//! `cofferdam job`: what runs, ran and will run.

mod command;
mod control;
mod end;
mod follow;
mod given;
mod inspect;
mod job_id;

pub(super) use command::JobCommand;
pub(super) use end::announce;
pub(super) use given::{Given, duration};
