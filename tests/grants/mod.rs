//! What modules were granted: how it is said, how far it goes, and that nothing goes further.

mod calling;
mod ceiling;
mod command_line;
mod environment;
mod https;
mod languages;
mod limits;
mod said;
