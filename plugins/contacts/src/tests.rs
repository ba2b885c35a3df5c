//! What is learned is judged by the labelled set; here is what must hold whatever is learned: where spans
//! lie, what is left to the rules of others, and what an administrator and an attacker may send.

use parlour_guest::{Context, Conversation, Earlier, Fold, Folded, Json, Message, Plugin};

use crate::Contacts;
use crate::model::{KIND_SLOTS, Numbers, ROWS, numbers, packed, row};

/// What the host's fold does to plain texts: lower case, nothing else.
const FOLD: Fold = |text| Folded::plain(&text.to_lowercase());

fn ask(settings: &str, message: &Message, context: &Context) -> Vec<(String, u32, String)> {
    let settings = Json::read(settings).unwrap_or(Json::Null);
    let plugin = Contacts::configure(&settings).unwrap_or_else(|e| panic!("{e:?}"));
    let findings = plugin.check(message, context, FOLD).unwrap_or_default();
    let spans = findings.iter().flat_map(|f| f.spans.iter().map(|(n, s)| (&f.category, *n, *s)));
    let part = |(category, n, span): (&String, u32, parlour_guest::Span)| {
        let text = match (n as usize).checked_sub(1) {
            None => &message.text,
            Some(n) => &context.history[n].text,
        };
        (category.clone(), n, text[span.start as usize..span.end as usize].to_owned())
    };
    spans.map(part).collect()
}

fn message(text: &str) -> Message {
    Message { id: "m".to_owned(), text: text.to_owned(), ..Message::default() }
}

fn after(texts: &[(&str, bool)]) -> Context {
    let earlier = |(text, same_sender): &(&str, bool)| Earlier {
        id: "e".to_owned(),
        age_seconds: 20,
        same_sender: *same_sender,
        text: (*text).to_owned(),
    };
    Context { history: texts.iter().map(earlier).collect(), ..Context::default() }
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let got = ask("{}", &message(text), &Context::default());
    let got: Vec<_> = got.iter().map(|(c, _, s)| (c.as_str(), s.as_str())).collect();
    assert_eq!(got, expected, "{text}");
}

const MAIL: &str = "моя почта ivan собака мейл точка ру";

#[test]
fn a_span_covers_the_contact_and_nothing_else() {
    check(MAIL, &[("email", "ivan собака мейл точка ру")]);
    check("Пиши в Телегу: Vasya_1990, жду!", &[("messenger", "Vasya_1990")]);
    check("ajoute-moi sur snap : lulu_75 stp", &[("social", "lulu_75")]);
    check("в магазине пусто, зайду завтра", &[]);
}

/// Names of platforms that `handles` does not know: misspelled, with marks between letters, made up.
#[test]
fn a_platform_need_not_be_known() {
    for (text, name) in [
        ("вабйер anna_nails", "anna_nails"),
        ("dscrd anna_nails", "anna_nails"),
        ("(т)елега anna_nails", "anna_nails"),
        ("в в_йбер anna_nails", "anna_nails"),
        ("in•stagram anna_nails", "anna_nails"),
        ("пелеграм samir_design", "samir_design"),
        ("запрещёнграм @samir _ design", "@samir _ design"),
        ("insta g r a m lash-queen-meg", "lash-queen-meg"),
        (
            "Диван ещё продаётся, цена 5000. Все работы в инсташе samir_design. Самовывоз.",
            "samir_design",
        ),
    ] {
        let got = ask("{}", &message(text), &Context::default());
        assert!(got.len() == 1 && got[0].2 == name, "{text}: {got:?}");
    }
}

#[test]
fn what_is_written_plainly_is_left_to_the_rules() {
    check("мой номер 8 916 123-45-67", &[]);
    check("сайт https://mebel-mos.ru/kuhni", &[]);
}

#[test]
fn pieces_are_found_where_they_were_told_and_by_their_sender_only() {
    let said = message("собака мейл точка ру");
    let got = ask("{}", &said, &after(&[("почта ivanov88", true)]));
    let email = |n: u32, part: &str| ("email".to_owned(), n, part.to_owned());
    assert_eq!(got, [email(1, "ivanov88"), email(0, "собака мейл точка ру")]);
    let got = ask("{}", &said, &after(&[("почта ivanov88", false)]));
    assert!(got.iter().all(|(_, n, _)| *n == 0), "{got:?}");
    // What an edit replaces was never said before it.
    let mut edited = after(&[("почта ivanov88", true)]);
    edited.history[0].id = said.id.clone();
    let got = ask("{}", &said, &edited);
    assert!(got.iter().all(|(_, n, _)| *n == 0), "{got:?}");
}

#[test]
fn who_counts_tells_no_number() {
    for first in [1, 98, 211, 5_540, 916_123] {
        let numbers: Vec<String> = (first..first + 5).rev().map(|n| n.to_string()).collect();
        let before: Vec<(&str, bool)> = numbers[1..].iter().map(|n| (n.as_str(), true)).collect();
        assert_eq!(ask("{}", &message(&numbers[0]), &after(&before)), [], "{numbers:?}");
    }
}

#[test]
fn allowed_hosts_and_ignored_categories_stay() {
    let link = message("сайт ищи так: mebel-mos.ru /kuhni");
    assert!(!ask("{}", &link, &Context::default()).is_empty());
    let with = |host: &str| {
        let allowed_hosts = vec![host.to_owned()];
        let conversation = Conversation { allowed_hosts, ..Conversation::default() };
        Context { conversation, ..Context::default() }
    };
    assert_eq!(ask("{}", &link, &with("mebel-mos.ru")), []);
    assert!(!ask("{}", &link, &with("mos.ru")).is_empty());
    assert_eq!(ask(r#"{"ignore":["email"]}"#, &message(MAIL), &Context::default()), []);
    assert!(!ask(r#"{"ignore":["phone"]}"#, &message(MAIL), &Context::default()).is_empty());
}

#[test]
fn sensitivity_only_adds_or_takes_away() {
    for text in [MAIL, "пиши vasya", "дискорд vasya 77", "ник vasya_77", "call me at seven"]
    {
        let of = |sensitivity: &str| {
            let settings = format!(r#"{{"sensitivity":"{sensitivity}"}}"#);
            ask(&settings, &message(text), &Context::default())
        };
        let [low, normal, high] = ["low", "normal", "high"].map(of);
        assert!(low.iter().all(|one| normal.contains(one)), "{text}");
        assert!(normal.iter().all(|one| high.contains(one)), "{text}");
    }
}

#[test]
fn wrong_settings_are_named() {
    for (settings, key) in [
        (r#"{"sensitivity":"max"}"#, "sensitivity"),
        (r#"{"sensitivity":3}"#, "sensitivity"),
        (r#"{"ignore":"email"}"#, "ignore"),
        (r#"{"ignore":["mail"]}"#, "mail"),
        (r#"{"sensitivty":"low"}"#, "sensitivty"),
    ] {
        let read = Json::read(settings).unwrap_or(Json::Null);
        let errors = Contacts::configure(&read).err().unwrap_or_default();
        assert!(errors.len() == 1 && errors[0].contains(key), "{settings}: {errors:?}");
    }
}

#[test]
fn whatever_is_sent_is_answered_within_limits() {
    for piece in ["", " ", "@", "собака ", "\u{301}", "ivan точка ", "1 ", "я", "т.", "\u{1f4e7} "]
    {
        let text = piece.repeat(16 * 1024 / piece.len().max(1));
        let plugin = Contacts::configure(&Json::Null).unwrap_or_else(|e| panic!("{e:?}"));
        let found = plugin.check(&message(&text), &after(&[(&text, true)]), FOLD);
        let found = found.unwrap_or_else(|e| panic!("{e}"));
        let spans: usize = found.iter().map(|finding| finding.spans.len()).sum();
        assert!(found.len() <= parlour_guest::FINDINGS_MAX && spans <= parlour_guest::SPANS_MAX);
    }
}

#[test]
fn a_model_is_read_as_it_was_written() {
    let numbers_written = Numbers { after: [1, -2, -3, 4], unit: 5 };
    let mut weights = vec![0_i8; ROWS];
    weights[0] = -7;
    weights[ROWS - 1] = 9;
    // Both belong in place 5; what is said twice has one place.
    let kinds = [0x50_0000, 0x50_0001, 0x50_0000].map(|seen| (seen, [3, -7, 0, 9, 1]));
    let bytes = packed(&numbers_written, &weights, &kinds);
    assert_eq!(bytes.len(), include_bytes!("../model.bin").len());
    assert_eq!(bytes[..4], [1, 0, 254, 255]);
    // 0 and -7 with 8 added; 0 and the most there is.
    assert_eq!((bytes[16], bytes[15 + ROWS / 2]), (0x81, 0xf8));
    let (places, _) = bytes[16 + ROWS / 2..].as_chunks::<4>();
    let places: Vec<u32> = places.iter().map(|four| u32::from_le_bytes(*four)).collect();
    let taken: Vec<usize> = (0..KIND_SLOTS).filter(|n| places[*n] != 0).collect();
    assert_eq!(taken, [5, 6]);
    assert!(places[5] & 0xf_ffff == 0x9_f81b && places[5] >> 20 != places[6] >> 20);
    assert!(row(u32::MAX) == ROWS - 1 && row(0) == 0 && numbers().unit > 0);
}
