//! Guests made of WebAssembly text: what they say about themselves can be chosen, right or wrong.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A guest that completes at once.
#[derive(Debug, Clone)]
pub(crate) struct TextGuest {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: String,
    pub(crate) inputs_schema: String,
    pub(crate) settings_schema: String,
    /// Instructions of `describe` before it returns.
    pub(crate) describe: String,
}

impl TextGuest {
    pub(crate) fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            description: "Completes at once.".to_owned(),
            inputs_schema: "{}".to_owned(),
            settings_schema: "{}".to_owned(),
            describe: String::new(),
        }
    }

    /// The component. The texts of `describe` lie at 2048, their places and lengths at 1024, the result of `run` at 128.
    pub(crate) fn component(&self) -> Vec<u8> {
        let (mut places, mut texts, mut at) = (Vec::new(), Vec::new(), 2048_u32);
        for text in [&self.name, &self.version, &self.description, &self.inputs_schema, &self.settings_schema] {
            let length = u32::try_from(text.len()).expect("short");
            places.extend([at, length].into_iter().flat_map(u32::to_le_bytes));
            texts.extend_from_slice(text.as_bytes());
            at += length;
        }
        embed(&format!(
            r#"(module
              (memory (export "memory") 2)
              (global $heap (mut i32) (i32.const 65536))
              (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $at i32)
                (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
                (global.set $heap (i32.add (local.get $at) (local.get 3)))
                (local.get $at))
              (func (export "cofferdam:module/runner@0.1.0#describe") (result i32) {describe} (i32.const 1024))
              (func (export "cofferdam:module/runner@0.1.0#run")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
                (i32.store8 (i32.const 128) (i32.const 0)) (i32.const 128))
              (data (i32.const 1024) "{places}")
              (data (i32.const 2048) "{texts}"))"#,
            describe = self.describe,
            places = escaped(&places),
            texts = escaped(&texts),
        ))
    }
}

/// A component in text form.
pub(crate) fn component_of_text(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| ['\\', hex(byte >> 4), hex(byte & 15)]).collect()
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).expect("it is smaller than 16")
}

/// Makes a component of a core module, with the contract as its types.
fn embed(core: &str) -> Vec<u8> {
    let mut core = component_of_text(core);
    let mut resolve = Resolve::default();
    let wit = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit");
    resolve.push_path(wit).expect("the contract is valid");
    let world = "package tests:guest; world guest { export cofferdam:module/runner@0.1.0; }";
    let package = resolve.push_str("guest.wit", world).expect("the world is valid");
    let world = resolve.select_world(&[package], Some("guest")).expect("the world is there");
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).expect("the types fit");
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&core).expect("a core module");
    encoder.encode().unwrap_or_else(|error| panic!("{error:#}"))
}
