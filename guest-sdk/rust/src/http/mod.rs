//! Calls servers over HTTP. Feature `http`.
//!
//! Only servers that the module was granted answer; every other request is [`HttpError::Denied`]. Redirects are not
//! followed: an answer with `Location` is an answer like any.
//!
//! ```no_run
//! use cofferdam_sdk::http::{self, HttpError, Request};
//!
//! # fn main() -> Result<(), HttpError> {
//! let page = http::get("https://api.example.com/status")?;
//! assert!(page.status().is_success());
//!
//! let request = Request::post("https://api.example.com/items")
//!     .header("content-type", "application/json")
//!     .body(br#"{"n": 1}"#.to_vec())
//!     .expect("a request");
//! let answer = http::send(request)?;
//! # Ok(())
//! # }
//! ```
//!
//! Natively there is no network: [`stand_in()`] says what servers answer.

#[cfg(target_family = "wasm")]
mod component;
mod error;
mod send;
#[cfg(not(target_family = "wasm"))]
mod stand_in;

#[cfg(target_family = "wasm")]
use component::exchange;
pub use error::HttpError;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
pub use send::{Timeout, get, send};
#[cfg(not(target_family = "wasm"))]
use stand_in::exchange;
#[cfg(not(target_family = "wasm"))]
pub use stand_in::stand_in;
