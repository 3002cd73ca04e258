//! The dashboard: the files of the web page that the host serves at `/`, and the headers that fence it in.
//!
//! They are public, since they hold nothing of anybody: all that the page shows comes over the API, with a token where
//! one is needed.

mod answer;
mod files;
mod pages;

pub(crate) use pages::pages;
