//! All rows, and the honest module that runs beside them.

use cofferdam_text_guest::TextGuest;

use super::super::row::Row;
use super::{bombs, calls, granted, memory, output, processor, reach, saves, traps, uploads};

/// Every row, in the order in which they are listed and run. The slow ones of each theme stand first.
pub(in crate::cli::doctor) fn rows() -> Vec<Row> {
    [
        bombs::rows(),
        uploads::rows(),
        processor::rows(),
        memory::rows(),
        traps::rows(),
        calls::rows(),
        output::rows(),
        saves::rows(),
        reach::rows(),
        granted::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What each honest job answers.
pub(in crate::cli::doctor) const HONEST_ANSWERS: [i64; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/// A module that does what modules should: it counts, saves each number and where it is, and naps between them.
pub(in crate::cli::doctor) fn honest(name: &str) -> Vec<u8> {
    let run = "(local $n i32)
        (loop $next
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (call $tell (local.get $n))
          (call $save_checkpoint (i32.const 4096) (i32.const 2) (i32.const 64))
          (call $report_progress (i64.extend_i32_u (local.get $n)) (i32.const 1) (i64.const 10))
          (call $sleep (i64.const 20))
          (br_if $next (i32.lt_u (local.get $n) (i32.const 10))))";
    TextGuest { run: run.to_owned(), ..TextGuest::named(name) }.with_text("{}").component()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own_and_a_module_that_can_be_made() {
        let rows = rows();
        assert!(rows.len() >= 40, "{} rows", rows.len());
        let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), rows.len());
        for row in &rows {
            let plain = row.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            assert!(plain && row.name.len() <= 40, "{}", row.name);
            let bytes = row.component(&format!("doctor-{}", row.name));
            assert_eq!(bytes.is_empty(), row.name == "nothing", "{}", row.name);
        }
        assert!(!honest("honest").is_empty());
    }
}
