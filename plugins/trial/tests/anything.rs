//! Whatever is sent, the detectors answer without a panic and with spans on character boundaries.

use std::path::Path;

use parlour_trial::judge::ask;
use parlour_trial::quality::{LabelledCase, read_set};
use parlour_trial::{Judge, builtin};

#[track_caller]
fn check(plugin: &Judge, case: &LabelledCase) {
    for finding in ask(plugin, case) {
        for (message, span) in &finding.spans {
            let (start, end) = (span.start as usize, span.end as usize);
            let part = case.text.get(start..end);
            assert!(
                *message == 0 && start < end && part.is_some(),
                "{}: {:?}",
                plugin.id,
                case.text
            );
        }
    }
}

/// Pieces of labelled messages, cut anywhere and glued with what attackers like.
#[test]
fn mutated_messages_are_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/moderation");
    let cases = read_set(&folder).unwrap_or_else(|e| panic!("{e}")).cases;
    let glue = [
        "",
        " ",
        "\u{200b}",
        "\u{301}",
        "@",
        ".",
        "://",
        "(",
        ")",
        "сорок",
        "\u{1f525}",
        "0",
        "*",
        "\n",
    ];
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % (below.max(1) as u64)).unwrap_or(0)
    };
    let judges = builtin();
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..=next(4) {
            let piece: Vec<char> = cases[next(cases.len())].text.chars().collect();
            let (a, b) = (next(piece.len()), next(piece.len() + 1));
            text.extend(&piece[a.min(b)..a.max(b)]);
            text.push_str(glue[next(glue.len())]);
        }
        let case = LabelledCase { text, ..LabelledCase::default() };
        judges.iter().for_each(|judge| check(judge, &case));
    }
}

#[test]
fn sixteen_kilobytes_of_one_thing_are_survived() {
    for piece in [
        "1",
        "1 ",
        "a.",
        "a ",
        "@",
        "сто ",
        "http://",
        "(",
        "е\u{301}",
        "x@",
        "*",
        "1:",
        "о",
        ".",
        "a@b.",
    ] {
        let text = piece.repeat(16 * 1024 / piece.len());
        let case = LabelledCase { text, ..LabelledCase::default() };
        builtin().iter().for_each(|judge| check(judge, &case));
    }
}

/// Nothing was learned of them.
#[test]
fn other_scripts_are_no_contacts() {
    for text in ["メール: 第6番目の惑星 @ そして", "메일은 그들은 연결되어 @ 있거나 점 콤"]
    {
        let case = LabelledCase { text: text.to_owned(), ..LabelledCase::default() };
        let found: Vec<_> = builtin().iter().flat_map(|judge| ask(judge, &case)).collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
