//! What retention removes, and what it is told to leave alone.

mod apply;
mod model;

pub(super) use apply::apply;
pub use model::{Part, Piece, Prune, Pruned};
