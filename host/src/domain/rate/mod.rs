//! How fast something may happen.

mod token_bucket;

pub use token_bucket::TokenBucket;
