//! The whole-system tests live beside this file, in `all.rs` and `tidy.rs`.
