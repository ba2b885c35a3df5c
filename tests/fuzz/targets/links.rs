//! Any message and history through `links`.
#![no_main]

use std::sync::LazyLock;

use parlour_fuzz::Target;

static TARGET: LazyLock<Target<links::Links>> =
    LazyLock::new(|| Target::new("{}").expect("the defaults are good"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET.ask(data));
