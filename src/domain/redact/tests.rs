//! Tables for the policy and for masking.

use super::*;
use crate::domain::{
    id::UserId,
    moderation::{Earlier, Unanswered},
};

fn inquiry(kind: Kind, role: &str, text: &str) -> Inquiry {
    Inquiry {
        message_id: "1".into(),
        text: text.into(),
        edit: false,
        languages: Vec::new(),
        sender: UserId::new("user_46").expect("a name"),
        sender_role: role.into(),
        account_age_days: 0,
        messages_in_conversation: 0,
        conversation: "c".into(),
        kind,
        members: 2,
        default_region: String::new(),
        allowed_hosts: Vec::new(),
        history: Vec::new(),
    }
}

fn finding(category: &str, spans: &[(usize, usize, usize)]) -> Finding {
    Finding {
        plugin: "p".into(),
        plugin_version: "1.0.0".into(),
        plugin_sha: "0123456789ab".into(),
        generation: 1,
        category: category.into(),
        rule: "r".into(),
        spans: spans.iter().map(|&(of, start, end)| (of, Span { start, end })).collect(),
        severity: "medium".into(),
        confidence: 100,
        suggested: Action::Mask,
    }
}

fn silent(rules: &[OnError]) -> Vec<Unanswered> {
    rules.iter().map(|rule| Unanswered { plugin: "p".into(), on_error: *rule }).collect()
}

fn decided(inquiry: &Inquiry, findings: Vec<Finding>, unanswered: Vec<Unanswered>) -> Outcome {
    let verdict = Verdict { findings, unanswered };
    decide(&Table::default(), inquiry, &verdict, &StripWords::default())
}

#[test]
fn the_default_table_is_the_documented_one() {
    use Action::{Annotate, Mask, Reject, Strip};
    #[track_caller]
    fn check(kind: Kind, category: &str, expected: Action) {
        for role in ["user", "service", "operator", "admin"] {
            let got = Table::default().action(kind, role, &finding(category, &[]));
            assert_eq!(got, expected, "{role}");
        }
    }
    for (category, order, room, others) in [
        ("phone", Mask, Mask, Annotate),
        ("email", Mask, Mask, Annotate),
        ("messenger", Mask, Annotate, Annotate),
        ("social", Mask, Annotate, Annotate),
        ("link", Strip, Annotate, Annotate),
        ("profanity", Mask, Mask, Mask),
        ("insult", Mask, Mask, Mask),
        ("threat", Reject, Annotate, Annotate),
        ("spam", Reject, Annotate, Annotate),
        ("a-word-of-its-own", Mask, Mask, Mask),
    ] {
        check(Kind::Order, category, order);
        check(Kind::Room, category, room);
        for kind in [Kind::Direct, Kind::Group, Kind::Support] {
            check(kind, category, others);
        }
    }
}

#[test]
fn cells_can_be_changed() {
    let mut table = Table::default();
    table.set(Kind::Room, "phone", Some("service"), Action::Annotate);
    table.set(Kind::Room, ANY_CATEGORY, None, Action::Hold);
    let check = |category: &str, role: &str, confidence, expected| {
        let finding = Finding { confidence, ..finding(category, &[]) };
        assert_eq!(table.action(Kind::Room, role, &finding), expected, "{category} {role}");
    };
    check("phone", "service", 100, Action::Annotate);
    check("phone", "user", 100, Action::Mask);
    check("phone", "user", 50, Action::Mask);
    check("phone", "user", 49, Action::Annotate);
    check("gossip", "user", 100, Action::Hold);
}

#[test]
fn spans_are_masked_once() {
    #[track_caller]
    fn check(text: &str, findings: Vec<Finding>, expected: &str) {
        let Outcome::Deliver { text: got, altered, .. } =
            decided(&inquiry(Kind::Order, "user", text), findings, Vec::new())
        else {
            panic!("not delivered")
        };
        assert_eq!(got, expected);
        assert_eq!(altered, text != expected);
    }
    let phone = |spans: &[(usize, usize, usize)]| finding("phone", spans);
    check("тел 123 да", vec![phone(&[(0, 7, 10)])], "тел *** да");
    check("0123456789", vec![phone(&[(0, 2, 4), (0, 3, 6)])], "01***6789");
    check("0123456789", vec![phone(&[(0, 5, 6)]), phone(&[(0, 2, 5)])], "01***6789");
    check("0123456789", vec![phone(&[(0, 0, 1)]), phone(&[(0, 9, 10)])], "***12345678***");
    check("0123456789", vec![phone(&[(0, 0, 10)]), phone(&[(0, 3, 4)])], "***");
    check("0123456789", vec![phone(&[])], "***");
    check("0123456789", vec![phone(&[(1, 0, 4)])], "0123456789");
    check("a b", vec![finding("link", &[(0, 0, 1)])], "[link removed] b");
    check("где b", vec![finding("link", &[(0, 7, 8)])], "где [ссылка удалена]");
    check("є b", vec![finding("link", &[(0, 3, 4)])], "є [посилання видалено]");
    let both = vec![finding("link", &[(0, 0, 4)]), phone(&[(0, 2, 6)])];
    check("0123456789", both, "[link removed]6789");
    check("я", vec![phone(&[(0, 0, 1)])], "я");
    check("я", vec![phone(&[(0, 0, 9)])], "я");
    check("", vec![phone(&[])], "");
}

#[test]
fn strip_words_follow_the_language() {
    let words = StripWords::default();
    let check = |languages: &[&str], text: &str, expected: &str| {
        let languages: Vec<String> = languages.iter().map(|l| (*l).to_owned()).collect();
        assert_eq!(words.words(&languages, text), expected);
    };
    check(&["fr-CA", "ru"], "привет", "[lien supprimé]");
    check(&["de", "uk_UA"], "", "[посилання видалено]");
    check(&["de"], "hallo", "[link removed]");
    check(&[], "привет", "[ссылка удалена]");
}

#[test]
fn the_strictest_wins() {
    use OnError::{DeliverFlagged, Hold, Reject};
    #[track_caller]
    fn check(findings: &[&str], rules: &[OnError], expected: &Outcome) {
        let findings = findings.iter().map(|category| finding(category, &[])).collect();
        let got = decided(&inquiry(Kind::Order, "user", "x"), findings, silent(rules));
        assert_eq!(got, *expected);
    }
    let reject = |category: &str| Outcome::Reject { category: category.into() };
    let hold = |category: &str| Outcome::Hold { category: category.into() };
    check(&["phone", "threat"], &[], &reject("threat"));
    check(&["threat"], &[Reject], &reject("threat"));
    check(&["phone"], &[Hold, Reject], &Outcome::Unavailable);
    check(&["phone"], &[DeliverFlagged, Hold], &hold(UNCHECKED));
    let flag = |category: &str, action| Flag { category: category.into(), action };
    let flags = vec![flag("phone", Action::Mask), flag(UNCHECKED, Action::Annotate)];
    let delivered =
        Outcome::Deliver { text: MASK.into(), flags, altered: true, earlier: Vec::new() };
    check(&["phone", "phone"], &[DeliverFlagged], &delivered);
}

#[test]
fn earlier_messages_are_masked_afterwards() {
    let mut inquiry = inquiry(Kind::Order, "user", "45 67");
    for text in ["999 123", "hello"] {
        let earlier =
            Earlier { id: "e".into(), age_seconds: 5, same_sender: true, text: text.into() };
        inquiry.history.push(earlier);
    }
    let found = vec![finding("phone", &[(0, 0, 5), (1, 0, 7)])];
    let Outcome::Deliver { text, earlier, .. } = decided(&inquiry, found, Vec::new()) else {
        panic!("not delivered")
    };
    assert_eq!((text.as_str(), earlier), (MASK, vec![(0, MASK.to_owned())]));
}
