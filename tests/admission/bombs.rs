//! Files that are made to take a compiler for ever: refused within the limit, while everybody else is served.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cofferdam_text_guest::binary::{
    branches, component, component_of, core_module, locals, nested_blocks, nested_loops, nops,
};
use cofferdam_text_guest::{TextGuest, with_core_module_bytes};

use super::workers::resident_bytes;
use crate::harness::Host;

const MIB: u64 = 1 << 20;
/// What a host's memory may grow by while it refuses bombs of up to 8 MB: it holds each once, and looks at it.
const GROWTH_BYTES: u64 = 96 * MIB;
/// Half a second for an answer, on a machine that runs other tests meanwhile; see the printed figure for more.
const P99: Duration = Duration::from_millis(500);

/// A module that is right in every other way.
fn armed(bodies: &[Vec<u8>]) -> Vec<u8> {
    with_core_module_bytes(TextGuest::named("bomb").component(), &core_module(bodies))
}

/// Each of them, how its refusal is called, and words of it.
fn bombs() -> Vec<(Vec<u8>, &'static str, &'static str)> {
    let empty = core_module(&[]);
    vec![
        (component(&[nops(7_000_000)]), "over_component_limit", "7000002 bytes in one function; 1048576 are the most"),
        (component(&vec![nops(0); 1_000_000]), "over_component_limit", "1000000 functions; 200000 are the most"),
        (component_of(&vec![empty; 1_000]), "over_component_limit", "65 core modules and components inside; 64 are"),
        (armed(&[branches(500_000)]), "not_compiled", "`br_table` has 500000 targets"),
        (armed(&vec![locals(50_001); 10]), "malformed_component", "too many locals"),
        // These pass every look at them.
        (armed(&vec![locals(50_000); 20_000]), "compile_limit", "more than 1 s of processor time"),
        (armed(&[nested_loops(300_000)]), "compile_limit", "more than 256 MiB of memory"),
        // Which limit it meets first depends on the machine.
        (armed(&[nested_blocks(300_000)]), "compile_limit", "the most that this host spends on one"),
    ]
}

/// Ends the other thread's asking.
struct End<'o>(&'o AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn compile_bombs_are_refused_in_time_while_the_api_stays_quick_and_the_host_small() {
    let mut host = Host::with(&["sandbox.compile_cpu=1s", "sandbox.compile_memory=256 MiB"]);
    let id = host.process().id();
    host.upload(&TextGuest::new("first", "1.0.0").component()).expect(201);
    let (before, _) = resident_bytes(id);
    let over = AtomicBool::new(false);
    let (mut times, refused_in) = thread::scope(|scope| {
        let asks = scope.spawn(|| {
            let mut times = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let asked = Instant::now();
                host.status();
                times.push(asked.elapsed());
                thread::sleep(Duration::from_millis(5));
            }
            times
        });
        // Also when a bomb is not refused as it should be: else nobody would ever tell the other thread.
        let end = End(&over);
        let began = Instant::now();
        for (bomb, code, words) in bombs() {
            let problem = host.upload(&bomb).problem(422, code);
            assert!(problem.detail.contains(words), "`{words}` is not in `{}`", problem.detail);
        }
        let took = began.elapsed();
        drop(end);
        (asks.join().expect("it asked to the end"), took)
    });
    times.sort_unstable();
    let p99 = times[times.len() * 99 / 100];
    let (after, most) = resident_bytes(id);
    println!(
        "8 bombs refused in {refused_in:?}; {} looks at the status meanwhile, p99 {p99:?}; host {} MiB before, {} after, {} at most",
        times.len(),
        before / MIB,
        after / MIB,
        most / MIB
    );
    assert!(p99 < P99, "{p99:?}");
    assert!(most < before + GROWTH_BYTES, "{before} bytes before, {most} at most");
    host.upload(&TextGuest::new("last", "1.0.0").component()).expect(201);
}
