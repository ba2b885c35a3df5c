//! Any message and history through `contacts`.
#![no_main]

use std::sync::LazyLock;

use parlour_fuzz::Target;

static TARGET: LazyLock<Target<contacts::Contacts>> =
    LazyLock::new(|| Target::new("{}").expect("the defaults are good"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET.ask(data));
