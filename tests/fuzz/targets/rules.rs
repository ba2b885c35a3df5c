//! Any message through `rules`: with a fixed set of rules, and with rules that the input brings along.
#![no_main]

use std::sync::LazyLock;

use parlour_fuzz::Target;
use serde_json::json;

static TARGET: LazyLock<Target<rules::Rules>> = LazyLock::new(|| {
    let settings = json!({
        "allow": ["банк данных", "шесть * восемь"],
        "rules": [
            { "name": "words", "words": ["авито", "скид*", "*банк*", "*ing", "кое-как", "a"] },
            { "name": "phrases", "category": "scam", "phrases": ["купить * диплом", "без предоплат*"] },
            { "name": "patterns", "category": "personal-data", "languages": ["ru", "en"], "patterns": [
                r"\b\d{4} ?\d{6}\b", r"iban \w{2}\d{2}( ?\w{4}){2,7}", "(a|b|ab)+c", ".{1,60}!", "[^а-я]{3,}x",
                r"^\w+", r"\d+([.,]\d+)?(руб|€|\$)?$",
            ] },
        ],
    });
    Target::new(&settings.to_string()).expect("the rules are good")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    TARGET.ask(data);
    // The first two lines are a pattern and a word.
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    if let (Some(pattern), Some(word), Some(_)) = (lines.next(), lines.next(), lines.next()) {
        let rule =
            json!({ "name": "own", "patterns": [pattern], "words": [word], "allow": [word] });
        let settings = json!({ "rules": [rule, { "name": "b", "phrases": [word] }] });
        if let Ok(target) = Target::<rules::Rules>::new(&settings.to_string()) {
            target.ask(data);
        }
    }
});
