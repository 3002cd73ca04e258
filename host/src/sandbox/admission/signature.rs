//! Whether the functions of `runner` have the contract's types.
//!
//! wasmtime would find out when an instance is made; here it is found out when the module is added, and said in WIT.

use std::fmt::Write as _;

use wasmtime::component::Component;
use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};

use super::AdmissionError;
use super::fit::is_runner;

/// The functions and their types, as `wit/` has them; a test compares the two.
const EXPECTED: [(&str, &str); 2] = [
    (
        "describe",
        "func() -> record { name: string, version: string, description: string, inputs-schema: string, settings-schema: string }",
    ),
    (
        "run",
        "func(record { id: string, attempt: u32, inputs: string, settings: string, checkpoint: option<string> }) \
         -> result<_, variant { permanent(string), retryable(string) }>",
    ),
];

/// Finds functions of another type; says which, and what would be right.
pub(in crate::sandbox) fn signature_faults(component: &Component) -> Vec<AdmissionError> {
    let engine = component.engine();
    let exports = component.component_type();
    let runner = exports.exports(engine).find(|(name, _)| is_runner(name));
    let Some(ComponentItem::ComponentInstance(runner)) = runner.map(|(_, export)| export.ty) else {
        return vec![AdmissionError::RunnerLacks(vec!["describe", "run"])];
    };
    let fault = |(function, expected)| match runner.get_export(engine, function).map(|export| export.ty) {
        Some(ComponentItem::ComponentFunc(ty)) => {
            let found = written(&ty);
            (found != expected).then_some(AdmissionError::ExportType { function, found, expected })
        }
        _ => Some(AdmissionError::RunnerLacks(vec![function])),
    };
    EXPECTED.into_iter().filter_map(fault).collect()
}

/// A function's type in WIT, without the names of its parameters, which do not matter.
fn written(function: &ComponentFunc) -> String {
    let params: Vec<_> = function.params().map(|(_, ty)| wit(&ty)).collect();
    let results: Vec<_> = function.results().map(|ty| format!(" -> {}", wit(&ty))).collect();
    format!("func({}){}", params.join(", "), results.concat())
}

fn wit(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::S8 => "s8".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::S16 => "s16".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::S32 => "s32".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::S64 => "s64".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::Float32 => "f32".to_owned(),
        Type::Float64 => "f64".to_owned(),
        Type::Char => "char".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(list) => format!("list<{}>", wit(&list.ty())),
        Type::Option(option) => format!("option<{}>", wit(&option.ty())),
        Type::Result(result) => {
            let part = |ty: Option<Type>| ty.map_or_else(|| "_".to_owned(), |ty| wit(&ty));
            format!("result<{}, {}>", part(result.ok()), part(result.err()))
        }
        Type::Tuple(tuple) => format!("tuple<{}>", joined(tuple.types().map(|ty| wit(&ty)))),
        Type::Record(record) => {
            braced("record", record.fields().map(|field| format!("{}: {}", field.name, wit(&field.ty))))
        }
        Type::Variant(variant) => braced(
            "variant",
            variant.cases().map(|case| {
                let mut text = case.name.to_owned();
                if let Some(ty) = case.ty {
                    write!(text, "({})", wit(&ty)).expect("writing to a string cannot fail");
                }
                text
            }),
        ),
        Type::Enum(cases) => braced("enum", cases.names().map(str::to_owned)),
        Type::Flags(flags) => braced("flags", flags.names().map(str::to_owned)),
        // The contract has none of these, so what they hold does not matter.
        Type::Own(_) | Type::Borrow(_) => "a resource".to_owned(),
        Type::Map(_) => "a map".to_owned(),
        Type::FixedLengthList(_) => "a list of fixed length".to_owned(),
        Type::Future(_) | Type::Stream(_) | Type::ErrorContext => "an asynchronous type".to_owned(),
    }
}

fn braced(kind: &str, parts: impl Iterator<Item = String>) -> String {
    format!("{kind} {{ {} }}", joined(parts))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
