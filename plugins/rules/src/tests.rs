//! Configurations, what they find, and what is said about bad ones.

use parlour_guest::{Context, Finding, Folded, Json, Message, Plugin};

use super::{CATEGORIES, Rules};

fn fold(text: &str) -> Folded {
    Folded::plain(&text.to_lowercase())
}

fn ask(settings: &str, text: &str, languages: &[&str]) -> Vec<Finding> {
    let settings = Json::read(settings).expect("JSON");
    let plugin = Rules::configure(&settings).unwrap_or_else(|e| panic!("{e:?}"));
    let languages = languages.iter().map(|l| (*l).to_owned()).collect();
    let message = Message { text: text.to_owned(), languages, ..Message::default() };
    plugin.check(&message, &Context::default(), fold).expect("an answer")
}

#[track_caller]
fn check(settings: &str, text: &str, expected: &[&str]) {
    let found = ask(settings, text, &[]);
    let parts: Vec<&str> = found
        .iter()
        .flat_map(|f| f.spans.iter().map(|(_, s)| &text[s.start as usize..s.end as usize]))
        .collect();
    assert_eq!(parts, expected, "{text}");
}

#[test]
fn without_rules_nothing_is_read() {
    fn never(text: &str) -> Folded {
        panic!("folded {text}")
    }
    for settings in ["null", "{}", r#"{"rules":[],"allow":["a"]}"#] {
        let plugin = Rules::configure(&Json::read(settings).expect("JSON")).expect("good");
        let message = Message { text: "anything".to_owned(), ..Message::default() };
        assert_eq!(plugin.check(&message, &Context::default(), never), Ok(Vec::new()));
    }
}

#[test]
fn words_phrases_and_patterns_are_found() {
    let settings = r#"{"rules":[{"name":"a","words":["Авито","скид*"],"phrases":["купить диплом"],
        "patterns":["заказ n?\\d{3}"]}]}"#;
    check(
        settings,
        "на АВИТО скидки: купить  ДИПЛОМ, Заказ N123",
        &["АВИТО", "скидки", "купить  ДИПЛОМ", "Заказ N123"],
    );
    check(settings, "авитолог, купить новый диплом, заказ 12", &[]);
    check(settings, "а в и т о", &["а в и т о"]);
}

#[test]
fn what_is_allowed_passes() {
    let settings = r#"{"allow":["банк данных"],"rules":[
        {"name":"bank","words":["*банк*"],"allow":["банк*т","кубанк*"]},
        {"name":"data","words":["данных"]}]}"#;
    check(settings.replace("\"банк*т\",", "").as_str(), "сбербанк и кубанка", &["сбербанк"]);
    let settings = settings.replace("\"банк*т\",", "\"банкет*\",");
    check(&settings, "банкет в банке, банк данных, нет данных", &["банке", "данных"]);
}

#[test]
fn a_rule_is_for_its_languages() {
    let settings = r#"{"rules":[{"name":"a","words":["chat"],"languages":["fr-CA"]}]}"#;
    assert_eq!(ask(settings, "un chat", &["fr"]).len(), 1);
    assert_eq!(ask(settings, "a chat", &["en", "ru"]).len(), 0);
    assert_eq!(ask(settings, "a chat", &["en-GB", "FR-be"]).len(), 1);
    assert_eq!(ask(settings, "a chat", &[]).len(), 1);
}

#[test]
fn a_finding_says_what_its_rule_says() {
    let settings = r#"{"rules":[{"name":"goods","category":"forbidden-goods","words":["порох"],
        "severity":"high","confidence":77,"action":"hold"}]}"#;
    let found = ask(settings, "порох", &[]);
    let said = (found[0].rule.as_str(), found[0].category.as_str(), found[0].confidence);
    assert_eq!(said, ("goods", "forbidden-goods", 77));
    assert_eq!((found[0].severity.word(), found[0].suggested.word()), ("high", "hold"));
}

#[track_caller]
fn check_bad(settings: &str, expected: &[&str]) {
    let json = Json::read(settings).expect("JSON");
    let errors = Rules::configure(&json).err().unwrap_or_default();
    assert_eq!(errors.len(), expected.len(), "{errors:?}");
    for (error, start) in errors.iter().zip(expected) {
        assert!(error.starts_with(start), "{errors:?}");
    }
}

#[test]
fn a_mistake_is_named_by_its_key() {
    check_bad("[]", &["configuration: "]);
    check_bad(r#"{"rule":[]}"#, &["rule: unknown key"]);
    check_bad(r#"{"rules":{}}"#, &["rules: a list of tables"]);
    check_bad(r#"{"rules":[1]}"#, &["rules[0]: a table"]);
    check_bad(r#"{"allow":["..."]}"#, &["allow[0]: "]);
    check_bad(
        r#"{"rules":[{"name":"a","words":["x"]},{"name":"b","words":["x"]},
            {"name":"c","patterns":["(a"]}]}"#,
        &["rules[2].patterns[0]: a group without its )"],
    );
    check_bad(
        r#"{"rules":[{"name":"A b","words":"x","colour":1,"severity":"grave","action":"ban",
            "confidence":101,"category":"Weird","languages":["russian"]}]}"#,
        &[
            "rules[0].colour: unknown key",
            "rules[0].name: ",
            "rules[0].category: ",
            "rules[0].languages[0]: ",
            "rules[0].severity: ",
            "rules[0].confidence: ",
            "rules[0].action: ",
            "rules[0].words: a list of strings",
        ],
    );
    check_bad(r#"{"rules":[{"words":["x"]}]}"#, &["rules[0].name: missing"]);
    check_bad(r#"{"rules":[{"name":"a"}]}"#, &["rules[0]: looks for nothing"]);
    check_bad(
        r#"{"rules":[{"name":"a","words":["x"]},{"name":"a","words":[2]}]}"#,
        &["rules[1].name: another rule", "rules[1].words[0]: a string"],
    );
    let many = format!(r#"{{"rules":[{}]}}"#, vec!["1"; 50].join(","));
    check_bad(&many, &["rules["; 20]);
}

#[test]
fn the_manifest_lists_every_category() {
    let manifest = Json::read(Rules::MANIFEST).expect("JSON");
    assert_eq!(manifest.texts("categories").expect("a list"), CATEGORIES);
}
