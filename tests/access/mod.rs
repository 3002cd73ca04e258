//! Who gets in, and as far as what.

mod audit;
mod connections;
mod entrance;
mod first_token;
mod reach;
mod tickets;
mod tls;
mod tokens;
