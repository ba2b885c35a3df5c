//! The fold and the view, as tables and as laws that hold for any text.

use super::view::kind;
use super::{Counts, sign, view};

/// A text folded, with an entry of the map for each byte.
struct Folded {
    text: String,
    map: Vec<u32>,
}

fn fold(text: &str) -> Folded {
    let folded = super::fold(text);
    let mut map = folded.map;
    if map.is_empty() {
        assert_eq!(folded.text.len(), text.len(), "{text:?}");
        for (at, c) in folded.text.char_indices() {
            assert!(text.is_char_boundary(at), "{text:?}");
            map.extend(std::iter::repeat_n(super::offset(at), c.len_utf8()));
        }
        map.push(super::offset(text.len()));
    }
    Folded { text: folded.text, map }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let folded = fold(text);
    assert_eq!(folded.text, expected, "{text:?}");
    laws(text);
}

/// What plugins rely on, whatever was sent.
#[track_caller]
fn laws(text: &str) {
    let folded = fold(text);
    assert_eq!(folded.map.len(), folded.text.len() + 1, "{text:?}");
    assert_eq!(folded.map.last().copied(), u32::try_from(text.len()).ok(), "{text:?}");
    assert!(folded.map.is_sorted(), "{text:?}");
    assert!(folded.map.iter().all(|at| text.is_char_boundary(*at as usize)), "{text:?}");
    let whole = |i: usize| !folded.text.is_char_boundary(i);
    assert!(
        (1..folded.text.len()).filter(|i| whole(*i)).all(|i| folded.map[i] == folded.map[i - 1])
    );
    let view = view(text);
    assert_eq!(view.text, folded.text);
    assert!(view.signs.is_empty() || view.signs.len() == view.text.len(), "{text:?}");
    assert!(view.digits.is_empty() || view.digits.len() == view.text.len(), "{text:?}");
    for bytes in [&view.signs, &view.digits] {
        let set = bytes.iter().enumerate().filter(|(_, byte)| **byte != 0);
        assert!(set.clone().all(|(at, _)| view.text.is_char_boundary(at)), "{text:?}");
    }
    assert_eq!(view.starts.len(), view.classes.len());
    assert_eq!(view.starts.first().copied(), (!view.text.is_empty()).then_some(0));
    assert!(view.starts.is_sorted_by(|a, b| a < b), "{text:?}");
    assert!(view.starts.iter().all(|start| view.text.is_char_boundary(*start as usize)));
}

#[track_caller]
fn check_back(text: &str, part: &str, expected: &str) {
    let folded = fold(text);
    let start = folded.text.find(part).expect("the part is in the folded text");
    let (from, to) = (folded.map[start] as usize, folded.map[start + part.len()] as usize);
    assert_eq!(&text[from..to], expected, "{text:?}");
}

#[test]
fn ordinary_text_only_loses_its_case() {
    check("", "");
    check("Hello, World", "hello, world");
    check("Привет, Мир! Ёж й", "привет, мир! ёж й");
    check("Ça été", "ça été");
    check("Їжак п’ять", "їжак п'ять");
}

#[test]
fn what_cannot_be_seen_is_gone() {
    check("1\u{200b}2\u{200d}3\u{feff}4\u{ad}5\u{2060}6", "123456");
    check("a\u{202e}b\u{2066}c", "abc");
    check("h\u{336}i\u{20dd}", "hi");
    check("e\u{301}", "é");
    check("и\u{306}", "й");
    check(&format!("z{}z", "\u{489}".repeat(5000)), "zz");
    check("\u{301}x", "x");
}

#[test]
fn every_digit_is_an_ascii_digit() {
    check("٠١٢۳۴५६７𝟖𝟗", "0123456789");
    check("1️⃣2️⃣3️⃣", "123");
    check("①②❸➍➎⓪🔟", "12345010");
    check("⑫", "12");
    check("🄌⓿🯰🯹", "0009");
}

#[test]
fn enclosed_and_styled_letters_are_letters() {
    check("ⓗⓔⓛⓛⓞ", "hello");
    check("🅷🅸 🅕🅤🅝 🄰", "hi fun a");
    check("ｆｕｌｌ 𝓼𝓬𝓻𝓲𝓹𝓽 ﬁ", "full script fi");
    check("№ 5", "no 5");
}

#[test]
fn a_word_of_mixed_scripts_is_spelled_in_the_one_it_imitates() {
    check("xуйня", "хуйня");
    check("cyкa", "cyka");
    check("хyй", "хуй");
    check("gmаil.cоm", "gmail.com");
    check("pаypаl", "paypal");
    check("ivаn", "ivan");
    check("fuсk", "fuck");
    check("вконтакте vk", "вконтакте vk");
    check("IT-отдел", "it-отдел");
    check("xbox", "xbox");
    check("сор", "сор");
    check("smmщик", "smmщик");
}

#[test]
fn marks_of_punctuation_have_one_form() {
    check("8–916—123‑45−67", "8-916-123-45-67");
    check("a。b․c", "a.b.c");
    check("＠ ＋ ⁄", "@ + /");
    check("a\u{a0}b\u{2009}c", "a b c");
}

#[test]
fn a_part_of_the_folded_text_leads_to_its_original() {
    check_back("тел 8️⃣9️⃣ ок", "89", "8️⃣9️⃣");
    check_back("a１2b", "12", "１2");
    check_back("x\u{200b}1\u{200b}2y", "12", "1\u{200b}2");
    check_back("ﷺ.", ".", ".");
    check_back("№5", "5", "5");
    check_back("İx", "x", "x");
}

#[test]
fn anything_at_all_keeps_the_laws() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let alphabets: [(u32, u32); 9] = [
        (0x20, 0x7f),
        (0x300, 0x36f),
        (0x400, 0x52f),
        (0x2000, 0x2070),
        (0x1100, 0x11ff),
        (0xac00, 0xac80),
        (0xfb00, 0xffff),
        (0x1_f100, 0x1_f1ff),
        (0xe_0000, 0xe_01ef),
    ];
    for _ in 0..3000 {
        let text: String = (0..next() % 40)
            .filter_map(|_| {
                let (low, high) = alphabets[(next() % 9) as usize];
                char::from_u32(
                    low + u32::try_from(next() % u64::from(high - low)).expect("below a u32"),
                )
            })
            .collect();
        laws(&text);
    }
    // Every assigned block; the planes between are empty or for private use.
    for code in (0..0x3_2400).chain(0xe_0000..0xe_0200).filter_map(char::from_u32) {
        laws(&code.to_string());
    }
}

#[test]
fn a_long_pile_of_marks_or_one_long_word_costs_no_more_than_its_length() {
    let pile = format!("a{}", "\u{301}\u{323}".repeat(100_000));
    assert!(fold(&pile).text.len() < 16);
    let word = "аb".repeat(200_000);
    assert!(fold(&word).text.len() <= 2 * word.len());
}

#[track_caller]
fn check_counts(text: &str, expected: Counts) {
    assert_eq!(view(text).counts, expected, "{text:?}");
    laws(text);
}

#[test]
fn signs_are_counted() {
    let none = Counts::default();
    check_counts("Привет, Мир! hello 5 m² ½ ёй № 7 — «да»", none);
    check_counts("👨\u{200d}👩\u{200d}👧 ☎\u{fe0f} 8 916", none);
    check_counts("\u{feff}файл", none);
    check_counts("8\u{200b}9\u{200b}1", Counts { invisible: 2, ..none });
    check_counts(" \u{200b}9 \u{200b}!", Counts { invisible: 1, ..none });
    check_counts("h\u{336}i\u{336} é e\u{301}", Counts { combining: 2, ..none });
    check_counts("xуйня gmаil", Counts { lookalikes: 2, ..none });
    check_counts("8️⃣٩１②", Counts { odd_digits: 4, ..none });
    check_counts("ｆｕ 🅷 𝓼", Counts { styled: 4, ..none });
    check_counts("8 9I6 ЗОО 45", Counts { digit_letters: 4, ..none });
    check_counts("h e l l o, a b", Counts { spread: 5, ..none });
    check_counts("smmщик", Counts { mixed_words: 1, ..none });
}

#[track_caller]
fn check_digits(text: &str, expected: &str) {
    let view = view(text);
    let shown = match view.digits.as_slice() {
        [] => view.text.clone(),
        digits => {
            let chars = view.text.char_indices();
            chars.map(|(at, c)| if digits[at] == 0 { c } else { char::from(digits[at]) }).collect()
        }
    };
    assert_eq!(shown, expected, "{text:?}");
    laws(text);
}

#[test]
fn letters_among_digits_are_digits() {
    check_digits("8 9I6 3ОO 45 67", "8 916 300 45 67");
    check_digits("8 916 ЗОО-45-67", "8 916 300-45-67");
    check_digits("89l6ЗО04567", "89163004567");
    check_digits("8916300456О", "89163004560");
    check_digits("о916 300", "0916 300");
    check_digits("1️⃣O２", "102");
    check_digits("iphone 5s, 4g, b2b, s8, 10 кг", "iphone 5s, 4g, b2b, s8, 10 кг");
    check_digits("5 в 6, 2 об 3, 10 lbs 50, 3 з 2", "5 в 6, 2 об 3, 10 lbs 50, 3 з 2");
    check_digits("зоо", "зоо");
}

#[test]
fn small_capitals_are_letters() {
    check("ᴛᴇʟᴇɢʀᴀᴍ ɪᴠᴀɴ_ꜰᴏx", "telegram ivan_fox");
    check("ᴨᴧᴀᴦ", "плаг");
    let view = view("aʟɪ");
    assert_eq!((view.text.as_str(), view.signs[1] & sign::STYLED), ("ali", sign::STYLED));
}

#[test]
fn tokens_have_kinds_and_scripts() {
    let view = view("П'ять big 05-1\u{a0}smmщик ελ");
    let token = |n: usize| {
        let end = view.starts.get(n + 1).map_or(view.text.len(), |end| *end as usize);
        (&view.text[view.starts[n] as usize..end], view.classes[n] & 3, view.classes[n] >> 2)
    };
    let tokens: Vec<_> = (0..view.starts.len()).map(token).collect();
    let expected = [
        ("п'ять", kind::WORD, 2),
        (" ", kind::SPACE, 0),
        ("big", kind::WORD, 1),
        (" ", kind::SPACE, 0),
        ("05", kind::DIGITS, 0),
        ("-", kind::MARK, 0),
        ("1", kind::DIGITS, 0),
        (" ", kind::SPACE, 0),
        ("smmщик", kind::WORD, 4),
        (" ", kind::SPACE, 0),
        ("ελ", kind::WORD, 3),
    ];
    assert_eq!(tokens, expected);
    assert!(view.signs.iter().all(|signs| *signs == 0 || *signs == sign::SPREAD));
}
