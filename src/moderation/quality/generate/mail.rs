//! Addresses of electronic mail and links, plain and disguised.

use super::{Draft, Lang, phrases, prng::Prng, tricks};

const NAMES: [&str; 16] = [
    "ivan",
    "oleg",
    "maria",
    "anna",
    "studio",
    "master",
    "petrov",
    "kovalenko",
    "dupont",
    "elise",
    "john",
    "kate",
    "remont",
    "photo",
    "design",
    "sasha",
];
const TAILS: [&str; 8] = ["", "88", "_art", ".pro", "2024", "-home", ".k", "7"];
const HOSTS: [&str; 12] = [
    "gmail.com",
    "mail.ru",
    "yandex.ru",
    "ukr.net",
    "outlook.com",
    "orange.fr",
    "icloud.com",
    "bk.ru",
    "i.ua",
    "free.fr",
    "proton.me",
    "hotmail.com",
];
const SITES: [&str; 14] = [
    "stroy-dom.ru",
    "studio-light.com",
    "best-remont.com.ua",
    "photo-kate.fr",
    "master-oleg.ru",
    "kuhni-spb.ru",
    "budmaister.ua",
    "plomberie-paris.fr",
    "fixit-london.co.uk",
    "woodworks.shop",
    "design24.pro",
    "decor-atelier.net",
    "elektrik77.ru",
    "gardenteam.org",
];
const SHORT: [&str; 6] = ["bit.ly/", "clck.ru/", "tinyurl.com/", "cutt.ly/", "goo.su/", "is.gd/"];
const PATHS: [&str; 8] =
    ["", "", "/works", "/price.html", "/portfolio/2024", "/?id=77", "/a/b", "/kontakt"];
const NATIONAL: [&str; 4] =
    ["ремонт-квартир.рф", "мастер-дом.рф", "пример.укр", "xn--80aesfpebagmfblc0a.xn--p1ai"];
const AT: [&[&str]; 4] = [
    &["собака", "собачка", "at", "эт"],
    &["собака", "равлик", "at", "ет"],
    &["at", "AT"],
    &["arobase", "at", "AROBASE"],
];
const DOT: [&[&str]; 4] =
    [&["точка", "тчк", "dot"], &["крапка", "dot"], &["dot", "DOT"], &["point", "dot"]];
const BRACKETS: [(&str, &str); 5] = [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("*", "*")];

/// The part before the sign and the host.
pub fn address(rng: &mut Prng) -> (String, &'static str) {
    let name = rng.pick(&NAMES);
    let name = format!("{name}{}{}", rng.pick(&["", ".", "_"]), rng.pick(&NAMES));
    (format!("{name}{}", rng.pick(&TAILS)), rng.pick(&HOSTS))
}

pub fn email(rng: &mut Prng, lang: Lang) -> Draft {
    let (name, host) = address(rng);
    let phrase = rng.pick(lang.of(phrases::MAIL));
    if rng.below(4) == 0 {
        let plain = format!("{name}@{host}");
        let plain = if rng.one_in(6) { plain.to_uppercase() } else { plain };
        return Draft::with("plain", "email", phrase, &plain);
    }
    let (at, dot) = (rng.pick(lang.of(AT)), rng.pick(lang.of(DOT)));
    let (open, close) = BRACKETS[rng.below(BRACKETS.len())];
    let written = match rng.below(10) {
        0 => format!("{name} {at} {}", host.replace('.', &format!(" {dot} "))),
        1 => {
            format!("{name}{open}{at}{close}{}", host.replace('.', &format!("{open}{dot}{close}")))
        }
        2 => format!("{name}{open}{at}{close}{host}"),
        3 => format!(
            "{} {at} {}",
            name.replace('.', &format!(" {dot} ")),
            host.replace('.', &format!(" {dot} "))
        ),
        4 => format!("{name} @ {}", host.replace('.', " . ")),
        5 => tricks::invisible(rng, &format!("{name}@{host}")),
        6 => tricks::mixed_script(rng, &format!("{name}@{host}")),
        7 => tricks::spaced(&format!("{name}@{host}"), " "),
        8 => tricks::wide(&format!("{name}@{host}")),
        _ => format!("{name}@{}", host.replace('.', &format!(" {dot} "))),
    };
    Draft::with("obfuscated", "email", phrase, &written)
}

pub fn link(rng: &mut Prng, lang: Lang) -> Draft {
    let phrase = rng.pick(lang.of(phrases::LINK));
    let site = rng.pick(&SITES);
    let path = rng.pick(&PATHS);
    if rng.below(3) == 0 {
        let plain = match rng.below(6) {
            0 => format!("{}{}", rng.pick(&SHORT), rng.digits(5)),
            1 => format!("https://{site}{path}"),
            2 => format!("http://www.{site}{path}"),
            3 => format!("www.{site}"),
            4 => rng.pick(&NATIONAL).to_owned(),
            _ => format!("{site}{path}"),
        };
        return Draft::with("plain", "link", phrase, &plain);
    }
    let dot = rng.pick(lang.of(DOT));
    let (open, close) = BRACKETS[rng.below(BRACKETS.len())];
    let written = match rng.below(10) {
        0 => format!("{}://{site}{path}", rng.pick(&["hxxp", "hxxps", "hхxp"])),
        1 => site.replace('.', " . "),
        2 => site.replace('.', &format!("{open}{dot}{close}")),
        3 => site.replace('.', &format!("{open}.{close}")),
        4 => site.replace('.', &format!(" {dot} ")),
        5 => tricks::invisible(rng, site),
        6 => tricks::mixed_script(rng, site),
        7 => tricks::wide(site),
        8 => format!("https:// {site}"),
        _ => site.replace('.', " ."),
    };
    Draft::with("obfuscated", "link", phrase, &written)
}
