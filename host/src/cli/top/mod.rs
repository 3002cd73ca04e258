//! `cofferdam top`: what the host does, as a picture that is drawn anew.

mod command;
mod draw;
mod feed;
mod list;
mod panel;
#[cfg(test)]
mod tests;

pub(super) use command::Top;
