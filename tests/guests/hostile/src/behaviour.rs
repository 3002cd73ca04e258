//! The inputs: one behaviour, named by the field `behaviour`, with its own fields beside it.

use cofferdam_sdk::{Failure, Job};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calls, compute, count, ending, folders, invalid, log_lines, memory, reach_out, save, sockets, streams, trap, wait,
};

/// One way to misbehave.
pub(crate) trait Behave {
    fn behave(self, job: &Job) -> Result<(), Failure>;
}

macro_rules! behaviours {
    ($($name:ident: $theme:ident::$behaviour:ident,)*) => {
        /// What to do.
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(tag = "behaviour", rename_all = "snake_case")]
        pub enum Behaviour {
            $(
                #[doc = concat!("`", stringify!($name), "`, in the file of its theme.")]
                $behaviour($theme::$behaviour),
            )*
        }

        impl Behaviour {
            pub(crate) fn behave(self, job: &Job) -> Result<(), Failure> {
                match self {
                    $(Self::$behaviour(behaviour) => behaviour.behave(job),)*
                }
            }
        }

        /// The names in the list's order, with the types that they must lead to.
        #[cfg(test)]
        const NAMES: &[(&str, &str)] = &[$((stringify!($name), stringify!($behaviour)),)*];
    };
}

for_each_behaviour!(behaviours);

/// What the host said to something that it may refuse. Saved as a result, for the tests to read.
#[derive(Debug, Serialize)]
pub(crate) struct Answer<'a> {
    pub(crate) tried: &'a str,
    pub(crate) answer: String,
}

#[cfg(test)]
mod tests {
    use super::{Behaviour, NAMES};

    #[test]
    fn every_name_of_the_list_leads_to_its_behaviour() {
        assert!(NAMES.len() > 30);
        for (name, behaviour) in NAMES {
            let inputs = serde_json::json!({ "behaviour": name }).to_string();
            let read = serde_json::from_str::<Behaviour>(&inputs);
            let read = format!("{:?}", read.expect("a behaviour needs nothing but its name"));
            assert!(read.starts_with(&format!("{behaviour}(")), "{name} leads to {read}");
        }
    }
}
