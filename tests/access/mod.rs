//! Who gets in, and as far as what.

mod first_token;
mod reach;
mod tokens;
