//! The thread that ticks: at each tick, every guest on a processor comes back to the host for a moment.
//!
//! A thread of the operating system, not a timer of a runtime: guests that keep a runtime busy must not stop it. While no
//! thread of the guests is awake there is nobody to interrupt, and it stands.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::thread::{self, Thread};

use wasmtime::{Engine, EngineWeak};

use crate::domain::limits::EPOCH_TICK;
use crate::sandbox::SandboxError;

/// Ticks that nobody needed before the clock stands: where one short job follows another, it is not started for each.
const NEEDLESS_TICKS: u32 = 100;

/// What the guests' threads tell the clock. It ticks as long as they have this, and a thread that outlives its runtime,
/// because its guest spins, has it until its end.
pub(super) struct Clock {
    /// Threads that may be running a guest.
    awake: AtomicUsize,
    stands: AtomicBool,
    thread: OnceLock<Thread>,
}

impl Clock {
    /// Makes a clock for the guests of this engine.
    pub(super) fn start(engine: &Engine) -> Result<Arc<Self>, SandboxError> {
        let clock =
            Arc::new(Self { awake: AtomicUsize::new(0), stands: AtomicBool::new(false), thread: OnceLock::new() });
        let (engine, weak) = (engine.weak(), Arc::downgrade(&clock));
        let thread = thread::Builder::new()
            .name("epoch".to_owned())
            .spawn(move || tick(&engine, &weak))
            .map_err(|source| SandboxError::Thread { which: "thread that interrupts guests", source })?;
        clock.thread.get_or_init(|| thread.thread().clone());
        Ok(clock)
    }

    /// A thread may run guests from now on.
    pub(super) fn thread_awakes(&self) {
        // Both sides write first and look then, so that one of them sees the other.
        self.awake.fetch_add(1, Ordering::SeqCst);
        if self.stands.swap(false, Ordering::SeqCst) {
            self.go_on();
        }
    }

    /// It does nothing until it says that it is awake again, if ever.
    pub(super) fn thread_rests(&self) {
        self.awake.fetch_sub(1, Ordering::SeqCst);
    }

    fn nobody_is_awake(&self) -> bool {
        self.awake.load(Ordering::SeqCst) == 0
    }

    /// Whether it may stand until it is told to go on.
    fn may_stand(&self) -> bool {
        self.stands.store(true, Ordering::SeqCst);
        self.nobody_is_awake() || !self.stands.swap(false, Ordering::SeqCst)
    }

    fn go_on(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.go_on();
    }
}

fn tick(engine: &EngineWeak, clock: &Weak<Clock>) {
    let mut needless = 0;
    loop {
        thread::sleep(EPOCH_TICK);
        let (Some(engine), Some(clock)) = (engine.upgrade(), clock.upgrade()) else { return };
        engine.increment_epoch();
        needless = if clock.nobody_is_awake() { needless + 1 } else { 0 };
        if needless > NEEDLESS_TICKS && clock.may_stand() {
            drop((engine, clock));
            thread::park();
            needless = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use wasmtime::{Config, Instance, Module, Store, Trap};

    use super::*;

    /// `(module (func (export "spin") (loop (br 0))))`
    const SPIN: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x08\x01\x04spin\0\0\
                          \x0a\x09\x01\x07\0\x03\x40\x0c\0\x0b\x0b";
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn a_clock_that_stands_goes_on_for_who_awakes_and_ends_with_the_last_who_has_it() {
        let engine = Engine::new(Config::new().epoch_interruption(true)).expect("an engine");
        let clock = Clock::start(&engine).expect("a thread");
        let began = Instant::now();
        let in_time = || assert!(began.elapsed() < PATIENCE);
        while !clock.stands.load(Ordering::SeqCst) {
            in_time();
            thread::sleep(EPOCH_TICK);
        }
        clock.thread_awakes();
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1);
        let instance = Module::new(&engine, SPIN).and_then(|module| Instance::new(&mut store, &module, &[]));
        let spin = instance.and_then(|instance| instance.get_typed_func::<(), ()>(&mut store, "spin"));
        let rescue = engine.clone();
        thread::spawn(move || {
            thread::sleep(PATIENCE);
            rescue.increment_epoch();
        });
        let interrupted = spin.expect("it spins").call(&mut store, ()).expect_err("it never returns");
        assert_eq!(interrupted.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
        in_time();
        clock.thread_rests();
        let weak = Arc::downgrade(&clock);
        drop(clock);
        while weak.strong_count() > 0 {
            in_time();
            thread::sleep(EPOCH_TICK);
        }
    }

    #[test]
    fn it_stands_only_while_nobody_is_awake() {
        let clock = Clock { awake: AtomicUsize::new(0), stands: AtomicBool::new(false), thread: OnceLock::new() };
        clock.thread_awakes();
        assert!(!clock.may_stand());
        clock.thread_rests();
        assert!(clock.may_stand() && clock.stands.load(Ordering::SeqCst));
        clock.thread_awakes();
        assert!(!clock.stands.load(Ordering::SeqCst), "whoever awakes has told it to go on");
    }
}
