//! `cofferdam webhook`: who is told when jobs end.

mod add;
mod command;
mod deliveries;
mod list;
mod remove;
mod resend;
mod rotate;
mod secret_file;
mod show;
mod switch;
mod test;

pub(super) use command::WebhookCommand;
