//! Who gets in, and as far as what.

mod connections;
mod entrance;
mod first_token;
mod reach;
mod tokens;
