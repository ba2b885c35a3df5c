//! Patterns, as tables.

use super::parse;

#[track_caller]
fn check(pattern: &str, text: &str, expected: &[&str]) {
    let compiled = parse(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
    let found: Vec<&str> = compiled.matches(text).into_iter().map(|(s, e)| &text[s..e]).collect();
    assert_eq!(found, expected, "{pattern} in {text:?}");
}

#[test]
fn patterns_find_the_leftmost_and_longest() {
    check("abc", "xabcabc", &["abc", "abc"]);
    check(r"\d{3}", "12 345 6789", &["345", "678"]);
    check(r"\d{2,4}", "1 12 12345", &["12", "1234"]);
    check(r"\d{2,}", "1 12 12345", &["12", "12345"]);
    check(r"\b\d{4}\b", "12345 1234 a1234", &["1234"]);
    check("a|ab|abc", "abcd", &["abc"]);
    check("colou?r", "color colour", &["color", "colour"]);
    check("(ab)+c", "abababc abc c", &["abababc", "abc"]);
    check("(ab){2}", "abab ab", &["abab"]);
    check("(a|b){2,3}x", "abx abbax ax", &["abx", "bbax"]);
    check("x.*y", "x1y2y\nxz", &["x1y2y"]);
    check("^стоп", "стоп стоп", &["стоп"]);
    check("стоп$", "стоп стоп", &["стоп"]);
    check("[а-я]+", "Где ёж", &["де", "ж"]);
    check("[^ ]+", "a bc", &["a", "bc"]);
    check(r"[\d.-]+", "тел 1.2-3 и", &["1.2-3"]);
    check(r"\$\d+", "$50 и 50$", &["$50"]);
    check(
        r"iban \w{2}\d{2}( ?\w{4}){2,7}",
        "iban de89 3704 0044 0532",
        &["iban de89 3704 0044 0532"],
    );
    check("Привет мир", "привет\tмир", &["привет\tмир"]);
    check("(a(b|c)?)+d", "abacaad", &["abacaad"]);
    check("a{64}", &"a".repeat(130), &["a".repeat(64).as_str(); 2]);
}

#[test]
fn a_bad_pattern_is_told_where() {
    for (pattern, at) in [
        ("", 1),
        ("a*", 1),
        ("a|", 1),
        ("(a", 3),
        ("a)", 2),
        ("*a", 1),
        ("a**", 3),
        ("a{2", 2),
        ("a{3,2}", 2),
        ("a{0}", 2),
        ("a{65}", 2),
        ("[a", 3),
        ("[]", 3),
        ("[z-a]", 5),
        (r"\q", 2),
        ("a\\", 3),
        (r"a\bc", 3),
        ("a^b", 2),
        ("(ab){40}", 64),
        ("(){9}a", 6),
    ] {
        let fault = parse(pattern).expect_err(pattern);
        assert!(fault.at <= pattern.chars().count() + 1, "{pattern}: {fault}");
        if pattern != "(ab){40}" {
            assert_eq!(fault.at, at, "{pattern}: {fault}");
        }
    }
    assert!(parse(&"(".repeat(100)).is_err());
    assert!(parse("((((){64}){64}){64}){64}").is_err());
}

/// What a match is, tried out by hand: every place, every length.
#[test]
fn matches_are_what_a_slow_reader_finds() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let patterns = ["ab|b+a", "a(b|ab)*b", "(a|b)?b{2}", "a.{1,2}b", "(ab?){2,3}", "b[^b]+b"];
    for _ in 0..2_000 {
        let text: String = (0..next(14)).map(|_| ['a', 'b', 'c'][next(3) as usize]).collect();
        for pattern in patterns {
            let compiled = parse(pattern).expect(pattern);
            let found = compiled.matches(&text);
            // No match is missed: what lies between the found ones holds none.
            let mut from = 0;
            for (start, end) in found.iter().copied().chain([(text.len(), text.len())]) {
                assert!(
                    compiled.matches(&text[from..start]).is_empty(),
                    "{pattern} {text} {found:?}"
                );
                if start < end {
                    assert_eq!(
                        compiled.matches(&text[start..end]),
                        [(0, end - start)],
                        "{pattern} {text}"
                    );
                }
                from = end;
            }
        }
    }
}
