//! Any message and history through `handles`.
#![no_main]

use std::sync::LazyLock;

use parlour_fuzz::Target;

static TARGET: LazyLock<Target<handles::Handles>> =
    LazyLock::new(|| Target::new("{}").expect("the defaults are good"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET.ask(data));
