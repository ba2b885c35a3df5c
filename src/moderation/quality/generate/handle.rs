//! Names in messengers and social networks, plain and disguised. The label is the name itself, with its `@`.

use super::{Draft, Lang, phrases, prng::Prng, tricks};

const STEMS: [&str; 12] = [
    "master_oleg",
    "ivan_remont",
    "kate_photo",
    "stroydom",
    "anna_k",
    "elise_deco",
    "john_fix",
    "sasha_design",
    "kovalenko",
    "dupont_art",
    "petrov_a",
    "kuhni_lux",
];

pub fn draft(rng: &mut Prng, lang: Lang) -> Draft {
    let network = rng.below(2);
    let category = ["messenger", "social"][network];
    let phrase = rng.pick(lang.of(phrases::HANDLE));
    let count = 1 + rng.below(3);
    let name = format!("{}{}", rng.pick(&STEMS), rng.digits(count));
    let plain = rng.below(3) == 0;
    let words = if plain { phrases::NAMES } else { phrases::NICKNAMES };
    let place = phrase.replace('&', rng.pick(lang.of(words)[network]));
    if plain {
        return Draft::with("plain", category, &place, &format!("@{name}"));
    }
    let written = match rng.below(6) {
        0 => name,
        1 => format!("@ {name}"),
        2 => tricks::invisible(rng, &format!("@{name}")),
        3 => tricks::mixed_script(rng, &format!("@{name}")),
        4 => tricks::wide(&format!("@{name}")),
        _ => format!("@{name}"),
    };
    Draft::with("obfuscated", category, &place, &written)
}
