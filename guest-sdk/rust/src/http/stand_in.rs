//! Servers inside the test process.

use std::cell::RefCell;

use http::{Request, Response};

use super::HttpError;

type Answers = Box<dyn FnMut(&Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError>>;

thread_local! {
    static ANSWERS: RefCell<Option<Answers>> = const { RefCell::new(None) };
}

/// Says what is answered on this thread from now on, in native tests. Before that every request is
/// [`HttpError::Denied`], as without a grant.
pub fn stand_in(answers: impl FnMut(&Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> + 'static) {
    ANSWERS.set(Some(Box::new(answers)));
}

#[expect(clippy::needless_pass_by_value, reason = "in a component the request is sent")]
pub(super) fn exchange(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
    ANSWERS.with_borrow_mut(|answers| answers.as_mut().map_or(Err(HttpError::Denied), |answers| answers(&request)))
}
