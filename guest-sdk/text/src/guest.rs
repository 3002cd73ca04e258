//! A guest whose functions are instructions in text form.

use std::fmt::Write as _;

use crate::calls::used_by;
use crate::component::embed;

/// Where the texts of `describe` lie; everything from 4,096 to here is the guest's own.
const DESCRIPTION: usize = 32_768;
/// Where the heap begins, if the texts leave it that.
const HEAP: usize = 65_536;
const PAGE: usize = 65_536;

/// A module; its functions are instructions in text form.
///
/// What `$name` of the host the text calls is imported, see `calls.rs`. Results of calls lie at 64, the result
/// of `run` at 128, addresses from 256 to 1,024 are for the guest's own functions, and from 4,096 to 32,768 it may have data.
#[derive(Debug, Clone)]
pub struct TextGuest {
    /// What it says its name is.
    pub name: String,
    /// What it says its version is.
    pub version: String,
    /// What it says it is for.
    pub description: String,
    /// What it says its inputs' schema is.
    pub inputs_schema: String,
    /// What it says its settings' schema is.
    pub settings_schema: String,
    /// What `describe` does before it returns.
    pub describe: String,
    /// What `run` does before it returns ok. The parts of its job are the locals `$id`, `$id_len`, `$attempt`, `$inputs`,
    /// `$inputs_len`, `$settings`, `$settings_len`, `$has_checkpoint`, `$checkpoint` and `$checkpoint_len`.
    pub run: String,
    /// What `cabi_realloc` does before it gives memory, which the host asks for whenever it hands something over.
    pub realloc: String,
    /// Further fields of the core module.
    pub fields: String,
    /// Pages of 64 KiB of its memory at the start.
    pub pages: u32,
}

impl TextGuest {
    /// A module that completes at once.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            description: "Written as text.".to_owned(),
            inputs_schema: "{}".to_owned(),
            settings_schema: "{}".to_owned(),
            describe: String::new(),
            run: String::new(),
            realloc: String::new(),
            fields: String::new(),
            pages: 3,
        }
    }

    /// The same in version 1.0.0.
    pub fn named(name: &str) -> Self {
        Self::new(name, "1.0.0")
    }

    /// With more fields in its core module.
    #[must_use]
    pub fn with_fields(mut self, fields: &str) -> Self {
        self.fields += fields;
        self
    }

    /// With a data segment at 4,096.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        let data = format!("(data (i32.const 4096) \"{}\")", escaped(text.as_bytes()));
        self.with_fields(&data)
    }

    /// The component's bytes.
    pub fn component(&self) -> Vec<u8> {
        let Self { describe, run, realloc, fields, .. } = self;
        let (description, end) = self.description();
        let heap = end.next_multiple_of(8).max(HEAP);
        let pages = self.pages.max(u32::try_from(end.div_ceil(PAGE)).unwrap_or(u32::MAX));
        let calls = used_by(&[describe, run, realloc, fields]);
        embed(&format!(
            r#"(module $guest {imports}
              (memory (export "memory") {pages})
              (global $heap (mut i32) (i32.const {heap}))
              (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $at i32)
                {realloc}
                (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
                (global.set $heap (i32.add (local.get $at) (local.get 3)))
                (block $fits
                  (br_if $fits (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
                  (if (i32.eq (memory.grow (i32.add (i32.shr_u (local.get 3) (i32.const 16)) (i32.const 1)))
                      (i32.const -1))
                    (then (unreachable))))
                (local.get $at))
              {functions}
              (func $describe (export "cofferdam:module/runner@0.1.0#describe") (result i32)
                {describe} (i32.const 1024))
              (func $run (export "cofferdam:module/runner@0.1.0#run")
                (param $id i32) (param $id_len i32) (param $attempt i32) (param $inputs i32) (param $inputs_len i32)
                (param $settings i32) (param $settings_len i32)
                (param $has_checkpoint i32) (param $checkpoint i32) (param $checkpoint_len i32) (result i32)
                {run} (i32.store8 (i32.const 128) (i32.const 0)) (i32.const 128))
              {description}
              {fields})"#,
            imports = calls.imports,
            functions = calls.functions,
        ))
    }

    /// The five texts of `describe`, and where each lies at 1,024; with the end of them all.
    fn description(&self) -> (String, usize) {
        let (mut places, mut texts, mut at) = (Vec::new(), Vec::new(), DESCRIPTION);
        for text in [&self.name, &self.version, &self.description, &self.inputs_schema, &self.settings_schema] {
            let numbers = [at, text.len()].map(|number| u32::try_from(number).expect("a text in the program is short"));
            places.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
            texts.extend_from_slice(text.as_bytes());
            at += text.len();
        }
        let (places, texts) = (escaped(&places), escaped(&texts));
        (format!("(data (i32.const 1024) \"{places}\") (data (i32.const {DESCRIPTION}) \"{texts}\")"), at)
    }
}

/// Any bytes as WebAssembly text has them between quotes.
fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 3), |mut text, byte| {
        write!(text, "\\{byte:02x}").expect("a string takes all");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_called_is_imported() {
        let has = |component: &[u8], name: &str| component.windows(name.len()).any(|part| part == name.as_bytes());
        let quiet = TextGuest::named("quiet").component();
        assert!(!has(&quiet, "wasi:cli/stdout") && !has(&quiet, "job-context"));
        let loud = TextGuest { run: "(drop (call $stdout))".to_owned(), ..TextGuest::named("loud") }.component();
        assert!(has(&loud, "wasi:cli/stdout@0.2.6") && !has(&loud, "wasi:cli/stderr"));
    }

    #[test]
    fn texts_of_any_length_find_room() {
        let long = TextGuest { description: "x".repeat(300_000), ..TextGuest::named("long") };
        assert!(long.component().len() > 300_000);
    }
}
