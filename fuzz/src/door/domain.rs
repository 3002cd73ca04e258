//! Texts with a form: JSON objects, ids, references to modules, times, sizes and durations.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use cofferdam::config::{Size, Span};
use cofferdam::domain::{Digest, JobId, JsonObject, ModuleRef, Timestamp};
use serde_json::Value;

/// What is taken as an object is one for every reader.
pub(crate) fn json_object(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(object) = JsonObject::parse(text) {
        assert_eq!(object.as_str(), text);
        assert!(object.value().is_object());
        let again = serde_json::to_string(&object).expect("it is JSON");
        assert!(serde_json::from_str::<Value>(&again).is_ok_and(|value| value == object.value()));
    }
}

/// What is taken is written in one way, which is taken again as the same.
pub(crate) fn reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    comes_back::<ModuleRef>(text);
    comes_back::<Digest>(text);
    comes_back::<JobId>(text);
    comes_back::<Timestamp>(text);
    let read = Value::from(text);
    if let Ok(size) = serde_json::from_value::<Size>(read.clone()) {
        assert_eq!(serde_json::from_value::<Size>(Value::from(size.to_string())).ok(), Some(size));
    }
    if let Ok(span) = serde_json::from_value::<Span>(read) {
        assert_eq!(serde_json::from_value::<Span>(Value::from(span.to_string())).ok(), Some(span));
    }
}

/// What is taken is shown as what is taken again as the same; what is refused is refused in words.
pub(super) fn comes_back<T: FromStr<Err: Display> + Display + Debug + PartialEq>(text: &str) {
    match text.parse::<T>() {
        Ok(read) => assert_eq!(read.to_string().parse::<T>().ok(), Some(read)),
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
}
