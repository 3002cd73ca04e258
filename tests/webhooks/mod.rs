//! Webhooks: who is told when jobs end, how, and where nothing is ever sent.

mod command_line;
mod crashes;
mod desk;
mod nodes;
mod receiver;
mod refusing;
mod telling;
mod views;
