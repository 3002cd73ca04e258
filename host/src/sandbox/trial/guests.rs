//! Guests made of WebAssembly text and the world of the contract.

use std::fmt::Write as _;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The contract, and a little of WASI, as a toolchain would add it.
const WASI: &str = "
package trial:guest;
package wasi:io@0.2.6 {
    interface error { resource error; }
    interface poll { resource pollable { block: func(); } }
    interface streams {
        use error.{error};
        use poll.{pollable};
        variant stream-error { last-operation-failed(error), closed }
        resource output-stream {
            write: func(contents: list<u8>) -> result<_, stream-error>;
            blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
        }
    }
}
package wasi:cli@0.2.6 {
    interface exit { exit: func(status: result); }
    interface stdout { use wasi:io/streams@0.2.6.{output-stream}; get-stdout: func() -> output-stream; }
    interface stderr { use wasi:io/streams@0.2.6.{output-stream}; get-stderr: func() -> output-stream; }
}
package wasi:clocks@0.2.6 {
    interface monotonic-clock {
        use wasi:io/poll@0.2.6.{pollable};
        subscribe-duration: func(when: u64) -> pollable;
    }
}
package wasi:random@0.2.6 {
    interface random { get-random-bytes: func(len: u64) -> list<u8>; }
}
";

/// The world of a guest that uses all of it.
const WORLD: &str = "
    import cofferdam:module/job-context@0.1.0;
    import wasi:io/streams@0.2.6;
    import wasi:cli/exit@0.2.6;
    import wasi:cli/stdout@0.2.6;
    import wasi:cli/stderr@0.2.6;
    import wasi:clocks/monotonic-clock@0.2.6;
    import wasi:random/random@0.2.6;
    export cofferdam:module/runner@0.1.0;
";

/// What each guest can call, and how its memory is laid out: results of calls at 64, texts from 4096, the heap from
/// 65536.
const PRELUDE: &str = r#"
  (import "cofferdam:module/job-context@0.1.0" "job-id" (func $job_id (param i32)))
  (import "cofferdam:module/job-context@0.1.0" "is-cancelled" (func $is_cancelled (result i32)))
  (import "cofferdam:module/job-context@0.1.0" "log" (func $log (param i32 i32 i32)))
  (import "cofferdam:module/job-context@0.1.0" "save-result" (func $save_result (param i32 i32 i32)))
  (import "cofferdam:module/job-context@0.1.0" "save-checkpoint" (func $save_checkpoint (param i32 i32 i32)))
  (import "cofferdam:module/job-context@0.1.0" "report-progress" (func $report_progress (param i64 i32 i64)))
  (import "cofferdam:module/job-context@0.1.0" "sleep" (func $sleep (param i64)))
  (import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))
  (import "wasi:cli/stdout@0.2.6" "get-stdout" (func $stdout (result i32)))
  (import "wasi:cli/stderr@0.2.6" "get-stderr" (func $stderr (result i32)))
  (import "wasi:io/streams@0.2.6" "[method]output-stream.write" (func $write (param i32 i32 i32 i32)))
  (import "wasi:io/streams@0.2.6" "[method]output-stream.blocking-write-and-flush"
    (func $print (param i32 i32 i32 i32)))
  (import "wasi:clocks/monotonic-clock@0.2.6" "subscribe-duration" (func $timer (param i64) (result i32)))
  (import "wasi:io/poll@0.2.6" "[method]pollable.block" (func $block (param i32)))
  (import "wasi:random/random@0.2.6" "get-random-bytes" (func $random (param i64 i32)))
  (global $heap (mut i32) (i32.const 65536))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (block $fits
      (br_if $fits (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
      (if (i32.eq (memory.grow (i32.shr_u (local.get 3) (i32.const 15))) (i32.const -1)) (then (unreachable))))
    (local.get $at))
"#;

/// `run` returns `ok`.
pub(super) const OK: &str = "(i32.store8 (i32.const 128) (i32.const 0)) (i32.const 128)";

/// A guest; its functions are instructions in text form.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Guest {
    /// What its `run` does; must leave where its result lies.
    pub(in crate::sandbox) run: String,
    /// What its `describe` does before it returns.
    pub(in crate::sandbox) describe: String,
    /// More fields of the core module.
    pub(in crate::sandbox) fields: String,
    /// Pages of its memory at the start.
    pub(in crate::sandbox) pages: u32,
    /// Its name.
    pub(in crate::sandbox) name: String,
}

impl Guest {
    /// With this `run`.
    pub(in crate::sandbox) fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), describe: String::new(), fields: String::new(), pages: 3, name: "trial".to_owned() }
    }

    /// With a data segment at 4096.
    pub(in crate::sandbox) fn text(self, text: &str) -> Self {
        let data = format!("(data (i32.const 4096) \"{}\")", text.escape_default());
        self.fields(&data)
    }

    /// With more fields in its core module.
    pub(in crate::sandbox) fn fields(mut self, fields: &str) -> Self {
        self.fields += fields;
        self
    }

    /// The component.
    pub(in crate::sandbox) fn component(&self) -> Vec<u8> {
        let core = format!(
            r#"(module $trial {PRELUDE}
              (memory (export "memory") {pages})
              (func $describe (export "cofferdam:module/runner@0.1.0#describe") (result i32)
                {describe} (i32.const 1024))
              (func $run (export "cofferdam:module/runner@0.1.0#run")
                (param $id i32) (param $id_len i32) (param $attempt i32) (param $inputs i32) (param $inputs_len i32)
                (param $settings i32) (param $settings_len i32)
                (param $has_checkpoint i32) (param $checkpoint i32) (param $checkpoint_len i32) (result i32)
                {run})
              {description}
              {fields})"#,
            pages = self.pages,
            describe = self.describe,
            run = self.run,
            description = self.description(),
            fields = self.fields,
        );
        embed(&core, WORLD)
    }

    /// The five texts of `describe` at 2048, and where they lie at 1024.
    fn description(&self) -> String {
        let (mut places, mut texts, mut at) = (String::new(), String::new(), 2048_usize);
        for text in [self.name.as_str(), "1.0.0", "A trial.", "{}", "{}"] {
            for number in [at, text.len()] {
                for byte in u32::try_from(number).expect("small").to_le_bytes() {
                    write!(places, "\\{byte:02x}").expect("a string takes all");
                }
            }
            texts.extend(text.escape_default());
            at += text.len();
        }
        format!("(data (i32.const 1024) \"{places}\") (data (i32.const 2048) \"{texts}\")")
    }
}

/// Makes a component of a core module in text form and the items of its world.
pub(in crate::sandbox) fn embed(core: &str, world: &str) -> Vec<u8> {
    let mut core = wat::parse_str(core).unwrap_or_else(|error| panic!("{error}"));
    let mut resolve = Resolve::default();
    resolve.push_path("../wit").expect("the contract");
    let package =
        resolve.push_str("trial.wit", &format!("{WASI} world guest {{ {world} }}")).expect("the trial's world");
    let world = resolve.select_world(&[package], Some("guest")).expect("a world");
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).expect("metadata");
    let mut encoder = ComponentEncoder::default();
    encoder.module(&core).expect("a module").encode().unwrap_or_else(|error| panic!("{error:#}"))
}
