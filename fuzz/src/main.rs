//! The program that libFuzzer drives. The lints of the gates see no more than its library, where everything is.

#![no_main]

libfuzzer_sys::fuzz_target!(
    init: cofferdam_fuzz::choose(),
    |bytes: &[u8]| cofferdam_fuzz::try_chosen(bytes)
);
