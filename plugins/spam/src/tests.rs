//! Conversations and what is spam in them.

use parlour_guest::{Context, Earlier, Folded, Json, Message, Plugin};

use super::Spam;

fn lower(text: &str) -> Folded {
    Folded::plain(&text.to_lowercase())
}

/// What is said about a text after earlier ones, newest first, half a minute apart.
fn said(settings: &str, text: &str, earlier: &[&str]) -> Option<(String, u8)> {
    let history = (1u32..).zip(earlier).map(|(n, text)| Earlier {
        id: n.to_string(),
        age_seconds: n * 30,
        same_sender: !text.starts_with('<'),
        text: text.trim_start_matches('<').to_owned(),
    });
    let context = Context { history: history.collect(), ..Context::default() };
    let settings = Json::read(settings).expect("JSON");
    let plugin = Spam::configure(&settings).unwrap_or_else(|e| panic!("{e:?}"));
    let message = Message { text: text.to_owned(), ..Message::default() };
    let found = plugin.check(&message, &context, lower).expect("an answer");
    found.first().map(|finding| (finding.rule.clone(), finding.confidence))
}

#[track_caller]
fn check(text: &str, earlier: &[&str], expected: Option<&str>) {
    let got = said("null", text, earlier);
    assert_eq!(got.as_ref().map(|g| g.0.as_str()), expected, "{text:?} after {earlier:?}: {got:?}");
}

const AD: &str = "Продам гараж в центре, недорого, звоните";

#[test]
fn a_text_said_for_the_third_time_is_spam_and_for_the_second_a_note() {
    check(AD, &[], None);
    check(AD, &[AD], Some("said-twice"));
    assert!(said("null", AD, &[AD]).is_some_and(|(_, sure)| sure < 50));
    check(AD, &[AD, AD], Some("same-again"));
    check(AD, &[AD, "ок", AD], Some("same-again"));
    check(AD, &["<Продам гараж в центре, недорого, звоните", AD], Some("said-twice"));
    check("продам  ГАРАЖ 🔥 в центре недорого звоните!!!", &[AD, AD], Some("same-again"));
    check("Пpoдaм гараж в цен\u{200b}тре, недорого, звоните", &[AD, AD], Some("same-again"));
    let nearly = "Продам гараж в самом центре, недорого, звоните";
    check(nearly, &[AD], None);
    check(nearly, &[AD, AD], Some("similar-again"));
    assert!(said("null", AD, &[AD; 9]).is_some_and(|(_, sure)| sure >= 90));
}

#[test]
fn short_words_may_be_said_often() {
    for word in ["ок", "да", "спасибо", "?", "+", "Вы где?", "👍"] {
        check(word, &[word; 10], None);
    }
    check("Есть кто живой?", &["Есть кто живой?"; 4], None);
    check("Есть кто живой?", &["Есть кто живой?"; 7], Some("short-again"));
}

#[test]
fn lines_of_a_list_are_different_messages() {
    check(
        "Комната 3: 14 м², потолок 2,7",
        &["Комната 2: 12 м², потолок 2,7", "Комната 1: 10 м², потолок 2,7"],
        None,
    );
    check(
        "Сколько стоит покраска потолка?",
        &["Сколько стоит покраска стен?", "Сколько стоит покраска пола и окон?"],
        None,
    );
}

#[test]
fn repetition_within_a_message_is_measured() {
    check("ха-ха-ха-ха-ха-ха-ха-ха", &[], None);
    check("да да да да да", &[], None);
    check("Ну очень очень очень очень красиво", &[], None);
    check("-----------------------------------------------------", &[], None);
    check("Итого..............................................500", &[], None);
    check("🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", &[], None);
    check("Урааааааааа!!!!!!!!", &[], None);
    check("| 1 | 2 | 3 |\n|---|---|---|\n| 4 | 5 | 6 |", &[], None);
    check(&"купите ".repeat(20), &[], Some("repeated-phrase"));
    check(&"Купите наш гараж сегодня! ".repeat(4), &[], Some("repeated-phrase"));
    check(&"купинашгараж".repeat(8), &[], Some("repeated-phrase"));
    check(&"🔥".repeat(40), &[], Some("pile-of-emoji"));
    check(&"а".repeat(300), &[], Some("one-character"));
    check(&".".repeat(3000), &[], Some("one-character"));
    check(&format!("зло{}", "\u{301}\u{323}".repeat(40)), &[], Some("pile-of-marks"));
}

#[test]
fn links_come_in_bursts() {
    let many = "http://a.ru http://b.ru http://c.ru http://d.ru http://e.ru http://f.ru";
    check(many, &[], Some("many-links"));
    check("вот примеры: https://a.ru/1 и https://a.ru/2, ещё https://b.com/x", &[], None);
    let one = "смотри https://shop-one.ru";
    check(one, &[one], Some("said-twice"));
    check("вот https://shop-one.ru", &["x https://shop-one.ru", "да https://shop-one.ru"], None);
    check(
        "вот https://shop-one.ru",
        &[one, "x https://shop-one.ru", "да https://shop-one.ru"],
        Some("link-again"),
    );
    let each = ["http://a.ru", "http://b.ru", "http://c.ru", "http://d.ru", "http://e.ru"];
    check("http://f.ru", &each, Some("link-after-link"));
}

#[test]
fn a_blast_needs_more_than_one_sign() {
    check("Заработок от 5000 руб в день без вложений! Пиши в лс @easy", &[], Some("advertising"));
    check("Делали ремонт в казино, есть фото", &[], None);
    check("СРОЧНО!!! Нужен сантехник!!!", &[], None);
    let text = "Earn $500 a day, passive income! Click here http://x.example now!!!";
    check(text, &[], Some("advertising"));
    assert_eq!(said(r#"{"advertising":false}"#, text, &[]), None);
}

#[test]
fn the_administrator_moves_the_thresholds() {
    let twice = said(r#"{"copies":2}"#, AD, &[AD]);
    assert!(twice.is_some_and(|(rule, sure)| rule == "same-again" && sure >= 50));
    assert_eq!(said(r#"{"copies":9}"#, AD, &[AD; 3]).map(|s| s.0).as_deref(), Some("said-twice"));
    assert_eq!(said(r#"{"emoji_max":100}"#, &"🔥".repeat(40), &[]), None);
}

#[test]
fn an_edited_message_is_no_copy_of_itself() {
    let earlier = |n: u32| Earlier {
        id: "m1".to_owned(),
        age_seconds: n,
        same_sender: true,
        text: AD.to_owned(),
    };
    let context = Context { history: vec![earlier(1), earlier(2)], ..Context::default() };
    let plugin = Spam::configure(&Json::Null).expect("the defaults");
    let message = Message { id: "m1".to_owned(), text: AD.to_owned(), ..Message::default() };
    assert_eq!(plugin.check(&message, &context, lower), Ok(Vec::new()));
}
