//! The limit on one guest's memory: all its linear memories together, within the budget of all guests.

use std::sync::Arc;

use wasmtime::ResourceLimiter;

use crate::domain::limits::{CORE_INSTANCES, MEMORIES, TABLE_ELEMENTS, TABLES};

use super::MemoryBudget;

/// Which limit refused memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Refusal {
    /// The guest's own, of so many bytes.
    Guest(u64),
    /// That of all guests together, of so many bytes.
    Node(u64),
}

/// Counts a guest's memory while its store lives, and gives all of it back with the store.
pub(in crate::sandbox) struct Limiter {
    budget: Arc<MemoryBudget>,
    limit_bytes: u64,
    held_bytes: u64,
    start_bytes: Option<u64>,
    peak_bytes: u64,
    /// What the newest permission added, should wasmtime then fail to use it.
    newest_bytes: u64,
    refusal: Option<Refusal>,
}

impl Limiter {
    /// For one store.
    pub(in crate::sandbox) fn new(budget: Arc<MemoryBudget>, limit_bytes: u64) -> Self {
        Self { budget, limit_bytes, held_bytes: 0, start_bytes: None, peak_bytes: 0, newest_bytes: 0, refusal: None }
    }

    /// The guest is instantiated.
    pub(in crate::sandbox) fn start(&mut self) {
        self.start_bytes = Some(self.held_bytes);
    }

    /// What the guest had then.
    pub(in crate::sandbox) fn start_bytes(&self) -> Option<u64> {
        self.start_bytes
    }

    /// The most the guest had.
    pub(in crate::sandbox) fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }

    /// The newest refusal, if there was one.
    pub(in crate::sandbox) fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    fn take(&mut self, bytes: u64) -> Result<(), Refusal> {
        let held = self.held_bytes.saturating_add(bytes);
        if held > self.limit_bytes {
            return Err(Refusal::Guest(self.limit_bytes));
        }
        if !self.budget.take(bytes) {
            return Err(Refusal::Node(self.budget.limit_bytes()));
        }
        self.held_bytes = held;
        self.newest_bytes = bytes;
        self.peak_bytes = self.peak_bytes.max(held);
        Ok(())
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            // The module's own limit for this memory, which is no refusal of the host's.
            return Ok(false);
        }
        match self.take(desired.saturating_sub(current) as u64) {
            Ok(()) => Ok(true),
            Err(refusal) => {
                self.refusal = Some(refusal);
                Ok(false)
            }
        }
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // wasmtime reports growth beyond 4 GiB without having asked first, so nothing was taken for it.
        if !error.to_string().contains("memory type's limits") {
            self.budget.give_back(self.newest_bytes);
            self.held_bytes -= self.newest_bytes;
            self.newest_bytes = 0;
        }
        Ok(())
    }

    fn table_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS && maximum.is_none_or(|maximum| desired <= maximum))
    }

    fn instances(&self) -> usize {
        CORE_INSTANCES as usize
    }

    fn tables(&self) -> usize {
        TABLES as usize
    }

    fn memories(&self) -> usize {
        MEMORIES as usize
    }
}

impl Drop for Limiter {
    fn drop(&mut self) {
        self.budget.give_back(self.held_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(budget: u64, limit: u64) -> (Arc<MemoryBudget>, Limiter) {
        let budget = Arc::new(MemoryBudget::new(Some(budget)));
        (Arc::clone(&budget), Limiter::new(budget, limit))
    }

    #[test]
    fn memories_are_summed_and_all_is_given_back() {
        let (budget, mut limiter) = limiter(1000, 100);
        assert!(limiter.memory_growing(0, 60, None).expect("no trap"));
        assert!(!limiter.memory_growing(0, 41, None).expect("no trap"));
        assert_eq!(limiter.refusal(), Some(Refusal::Guest(100)));
        assert!(limiter.memory_growing(0, 40, None).expect("no trap"));
        assert_eq!((limiter.peak_bytes(), budget.used_bytes()), (100, 100));
        drop(limiter);
        assert_eq!(budget.used_bytes(), 0);
    }

    #[test]
    fn growth_that_failed_after_all_is_not_held() {
        let (budget, mut limiter) = limiter(1000, 100);
        assert!(limiter.memory_growing(0, 10, None).expect("no trap"));
        assert!(limiter.memory_growing(10, 90, None).expect("no trap"));
        limiter.memory_grow_failed(wasmtime::format_err!("out of memory")).expect("no trap");
        assert_eq!(budget.used_bytes(), 10);
        drop(limiter);
        assert_eq!(budget.used_bytes(), 0);
    }

    #[test]
    fn the_budget_of_all_guests_refuses_by_its_own_name() {
        let (_, mut limiter) = limiter(50, 100);
        assert!(!limiter.memory_growing(0, 60, None).expect("no trap"));
        assert_eq!(limiter.refusal(), Some(Refusal::Node(50)));
    }

    #[test]
    fn a_memory_that_says_its_own_maximum_is_not_refused_by_the_host() {
        let (_, mut limiter) = limiter(1000, 100);
        assert!(!limiter.memory_growing(10, 30, Some(20)).expect("no trap"));
        assert_eq!(limiter.refusal(), None);
    }
}
