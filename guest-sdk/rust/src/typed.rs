//! From the host's JSON texts to a module's types, with errors that say where.

use serde::de::DeserializeOwned;

use crate::Failure;

/// Reads `json` into `T`. `what` names the text in the message of the permanent failure.
pub(crate) fn parse<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, Failure> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { what.to_owned() } else { format!("{what}.{path}") };
        Failure::Permanent(format!("{place} does not fit: {}", error.into_inner()))
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[derive(Debug, serde::Deserialize)]
    struct Inputs {
        #[expect(dead_code, reason = "only its reading is tested")]
        ranges: Vec<Range>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Range {
        #[expect(dead_code, reason = "only its reading is tested")]
        start: u64,
    }

    fn message(json: &str) -> String {
        parse::<Inputs>("inputs", json).expect_err("the text must not fit").message().to_owned()
    }

    #[test]
    fn a_wrong_type_is_named_with_field_and_place() {
        assert_eq!(
            message(r#"{"ranges": [{"start": 1}, {"start": "two"}]}"#),
            r#"inputs.ranges[1].start does not fit: invalid type: string "two", expected u64 at line 1 column 41"#
        );
    }

    #[test]
    fn a_missing_field_is_named() {
        assert_eq!(message("{}"), "inputs does not fit: missing field `ranges` at line 1 column 2");
    }
}
