//! What the code that [`macro@crate::module`] generates calls. Not for use by hand: it may change in any release.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use crate::bindings::cofferdam::module::types::{Failure as RawFailure, Job as RawJob, ModuleInfo};
pub use crate::bindings::exports::cofferdam::module::runner::Guest;
pub use crate::metadata::Metadata;

use crate::{Failure, Job, logging, panic, typed};

/// The inputs or settings of a function that takes none: the empty object only, so that a value that nobody reads is
/// refused and not silently dropped.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What a module's function may return.
#[diagnostic::on_unimplemented(
    message = "a module's function returns `Result<(), Failure>`, not `{Self}`",
    label = "not `Result<(), Failure>`",
    note = "the error may be any type that converts into `cofferdam_sdk::Failure`, as every standard error does"
)]
pub trait Outcome {
    fn into_result(self) -> Result<(), Failure>;
}

impl<E: Into<Failure>> Outcome for Result<(), E> {
    fn into_result(self) -> Result<(), Failure> {
        self.map_err(Into::into)
    }
}

/// Describes a module whose inputs and settings have these types.
pub fn describe<I: JsonSchema, S: JsonSchema>(metadata: &Metadata) -> ModuleInfo {
    ModuleInfo {
        name: metadata.name.into(),
        version: metadata.version.into(),
        description: metadata.description.into(),
        inputs_schema: schema_of::<I>(),
        settings_schema: schema_of::<S>(),
    }
}

/// Reads inputs and settings, then runs the module's function.
pub fn run<I, S, R>(raw: RawJob, function: fn(Job, I, S) -> R) -> Result<(), RawFailure>
where
    I: DeserializeOwned,
    S: DeserializeOwned,
    R: Outcome,
{
    logging::install();
    panic::install();
    attempt(raw, function).map_err(Failure::into_raw)
}

fn attempt<I, S, R>(raw: RawJob, function: fn(Job, I, S) -> R) -> Result<(), Failure>
where
    I: DeserializeOwned,
    S: DeserializeOwned,
    R: Outcome,
{
    let inputs = typed::parse("inputs", &raw.inputs)?;
    let settings = typed::parse("settings", &raw.settings)?;
    function(Job::new(raw.id, raw.attempt, raw.checkpoint), inputs, settings).into_result()
}

fn schema_of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.as_value().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Deserialize, JsonSchema)]
    struct Inputs {
        /// How far to count.
        limit: u32,
        #[serde(default)]
        note: Option<String>,
    }

    const METADATA: Metadata = Metadata { name: "test", version: "1.2.3", description: "Tests" };

    fn job(inputs: &str, settings: &str) -> RawJob {
        RawJob {
            id: "job-7".into(),
            attempt: 2,
            inputs: inputs.into(),
            settings: settings.into(),
            checkpoint: Some(r#"{"limit": 5}"#.into()),
        }
    }

    #[test]
    fn the_description_holds_the_types_schemas() {
        let info = describe::<Inputs, Nothing>(&METADATA);
        assert_eq!((&*info.name, &*info.version, &*info.description), ("test", "1.2.3", "Tests"));
        let inputs: Value = serde_json::from_str(&info.inputs_schema).expect("a schema is JSON");
        assert_eq!(inputs["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(inputs["required"], json!(["limit"]));
        assert_eq!(inputs["properties"]["limit"]["description"], "How far to count.");
        let settings: Value = serde_json::from_str(&info.settings_schema).expect("a schema is JSON");
        assert_eq!((&settings["type"], &settings["additionalProperties"]), (&json!("object"), &json!(false)));
    }

    #[test]
    fn the_function_gets_what_the_host_gave() {
        let function = |job: Job, inputs: Inputs, _: Nothing| {
            let checkpoint: Inputs = job.checkpoint()?.expect("the job has one");
            assert_eq!((job.id.as_str(), job.attempt, inputs.limit, checkpoint.limit), ("job-7", 2, 4, 5));
            Err::<(), _>(Failure::retryable(inputs.note.unwrap_or_default()))
        };
        let outcome = run(job(r#"{"limit": 4, "note": "later"}"#, "{}"), function);
        assert!(matches!(outcome, Err(RawFailure::Retryable(message)) if message == "later"));
    }

    #[test]
    fn what_does_not_fit_never_reaches_the_function() {
        fn function(_: Job, _: Inputs, _: Nothing) -> Result<(), Failure> {
            unreachable!("the texts do not fit")
        }
        for (inputs, settings, expected) in [
            (r#"{"limit": -1}"#, "{}", "inputs.limit does not fit: invalid value: integer `-1`, expected u32"),
            (r#"{"limit": 1}"#, r#"{"fast": true}"#, "settings.fast does not fit: unknown field `fast`"),
        ] {
            let outcome = run(job(inputs, settings), function);
            let Err(RawFailure::Permanent(message)) = outcome else { panic!("{inputs} led to {outcome:?}") };
            assert!(message.starts_with(expected), "{message}");
        }
    }

    #[test]
    fn a_checkpoint_that_does_not_fit_says_where() {
        let function = |job: Job, _: Nothing, _: Nothing| job.checkpoint::<Vec<u8>>().map(drop);
        let outcome = run(job("{}", "{}"), function);
        let Err(RawFailure::Permanent(message)) = outcome else { panic!("{outcome:?}") };
        assert!(message.starts_with("checkpoint does not fit: invalid type: map"), "{message}");
    }
}
