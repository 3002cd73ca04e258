//! Components made of WebAssembly text, for what no Rust guest can do.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Imports, and memory for what calls bring in. Texts and results lie below 65,536, the heap begins there.
const PRELUDE: &str = r#"
  (import "cofferdam:module/job-context@0.1.0" "log" (func $log (param i32 i32 i32)))
  (import "cofferdam:module/job-context@0.1.0" "sleep" (func $sleep (param i64)))
  (global $heap (mut i32) (i32.const 65536))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
"#;

/// A module whose functions are instructions in text form.
pub(crate) struct Component {
    /// What it says its name is.
    pub(crate) name: String,
    /// What it says its version is.
    pub(crate) version: String,
    /// What it says its inputs' schema is.
    pub(crate) inputs_schema: String,
    /// What `describe` does before it returns.
    pub(crate) describe: String,
    /// What `run` does before it returns ok.
    pub(crate) run: String,
    /// Further fields of the core module.
    pub(crate) fields: String,
    /// Pages of 64 KiB of its memory at the start.
    pub(crate) pages: u32,
}

impl Component {
    /// A module that does nothing.
    pub(crate) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            inputs_schema: "{}".to_owned(),
            describe: String::new(),
            run: String::new(),
            fields: String::new(),
            pages: 4,
        }
    }

    /// The component's bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let core = format!(
            r#"(module $component {PRELUDE}
              (memory (export "memory") {pages})
              (func $describe (export "cofferdam:module/runner@0.1.0#describe") (result i32)
                {describe} (i32.const 1024))
              (func $run (export "cofferdam:module/runner@0.1.0#run")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
                {run} (i32.store8 (i32.const 128) (i32.const 0)) (i32.const 128))
              {texts}
              {fields})"#,
            pages = self.pages,
            describe = self.describe,
            run = self.run,
            texts = self.texts(),
            fields = self.fields,
        );
        component_of(&core)
    }

    /// The five texts of `describe` from 2,048 on, and where each lies at 1,024.
    fn texts(&self) -> String {
        let (mut places, mut texts, mut at) = (String::new(), String::new(), 2_048_u32);
        for text in [&self.name, &self.version, "A test's.", &self.inputs_schema, "{}"] {
            let bytes = u32::try_from(text.len()).expect("a test's text is short");
            places.extend([at, bytes].iter().flat_map(|number| number.to_le_bytes()).map(hex));
            texts.extend(text.bytes().map(hex));
            at += bytes;
        }
        format!("(data (i32.const 1024) \"{places}\") (data (i32.const 2048) \"{texts}\")")
    }
}

/// The component with one more core module in it, which is instantiated last. No toolchain would do that, but the
/// format allows it: a component is a sequence of sections.
pub(crate) fn with_core_module(component: Vec<u8>, text: &str) -> Vec<u8> {
    with_core_module_bytes(component, wat::parse_str(text).expect("the test's text is a module"))
}

/// The same with a module in its binary form.
pub(crate) fn with_core_module_bytes(mut component: Vec<u8>, module: Vec<u8>) -> Vec<u8> {
    const CORE_MODULE: u8 = 1;
    const CORE_INSTANCE: u8 = 2;
    let index = core_modules(&component);
    component.push(CORE_MODULE);
    push_leb(&mut component, module.len());
    component.extend(module);
    // One instance, made of that module, with no arguments.
    component.extend([CORE_INSTANCE, 4, 1, 0, u8::try_from(index).expect("few modules"), 0]);
    component
}

fn component_of(core: &str) -> Vec<u8> {
    let mut core = wat::parse_str(core).unwrap_or_else(|error| panic!("{error}"));
    let mut resolve = Resolve::default();
    resolve.push_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit")).expect("the contract");
    let world = "package tests:component; world component {
        import cofferdam:module/job-context@0.1.0; export cofferdam:module/runner@0.1.0; }";
    let package = resolve.push_str("component.wit", world).expect("a world of the contract's interfaces");
    let world = resolve.select_world(&[package], Some("component")).expect("it was just added");
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).expect("a world fits in");
    let mut encoder = ComponentEncoder::default();
    encoder.module(&core).expect("a module").encode().unwrap_or_else(|error| panic!("{error:#}"))
}

/// How many core modules a component holds, by its sections: an id, a length, and as many bytes.
fn core_modules(component: &[u8]) -> usize {
    let (mut at, mut count) = (8, 0);
    while at < component.len() {
        count += usize::from(component[at] == 1);
        let (mut length, mut shift) = (0, 0);
        loop {
            at += 1;
            length |= usize::from(component[at] & 0x7f) << shift;
            shift += 7;
            if component[at] & 0x80 == 0 {
                break;
            }
        }
        at += 1 + length;
    }
    count
}

fn push_leb(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).expect("seven bits") | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).expect("seven bits"));
}

fn hex(byte: u8) -> String {
    format!("\\{byte:02x}")
}
