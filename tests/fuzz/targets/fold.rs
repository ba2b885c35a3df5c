//! Any bytes through the host's fold.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| parlour_fuzz::laws_of_the_fold(data));
