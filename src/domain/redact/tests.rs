//! Tables for the policy and for masking.

use super::*;
use crate::domain::{
    id::{Kind, UserId},
    moderation::{Earlier, Treatment, Unanswered},
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
        violations_30d: 0,
        messages_in_conversation: 0,
        conversation: "c".into(),
        kind,
        state: None,
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
        mark: Mark::Counts,
        treatment: None,
    }
}

fn silent(rules: &[OnError]) -> Vec<Unanswered> {
    rules.iter().map(|rule| Unanswered { plugin: "p".into(), on_error: *rule }).collect()
}

fn decided(inquiry: &Inquiry, findings: Vec<Finding>, unanswered: Vec<Unanswered>) -> Outcome {
    let mut verdict = Verdict { findings, unanswered };
    decide(&Table::default(), inquiry, &mut verdict, &StripWords::default()).outcome
}

#[test]
fn the_default_table_is_the_documented_one() {
    use Action::{Annotate, Mask, Reject, Strip};
    #[track_caller]
    fn check(kind: Kind, category: &str, expected: Action) {
        for role in ["user", "service", "operator", "admin"] {
            let got = Table::default().treat((kind, None), role, &finding(category, &[])).action;
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
        let (action, why) = expected;
        let treatment = Treatment { action, why: String::from(why) };
        assert_eq!(table.treat((Kind::Room, None), role, &finding), treatment, "{category} {role}");
    };
    check("phone", "service", 100, (Action::Annotate, "moderation.room.service.phone"));
    check("phone", "user", 100, (Action::Mask, "moderation.room.phone"));
    check("phone", "user", 50, (Action::Mask, "moderation.room.phone"));
    check("phone", "user", 49, (Action::Annotate, "moderation.confidence_min"));
    check("gossip", "user", 100, (Action::Hold, "moderation.room.*"));
}

#[test]
fn one_contact_has_one_name() {
    #[track_caller]
    fn check(kind: Kind, findings: Vec<Finding>, expected: &[(&str, Action)]) {
        let said: Vec<String> = findings.iter().map(|f| f.category.clone()).collect();
        let mut verdict = Verdict { findings, unanswered: Vec::new() };
        let inquiry = inquiry(kind, "user", "ann at site dot com");
        let decision = decide(&Table::default(), &inquiry, &mut verdict, &StripWords::default());
        let Outcome::Deliver { flags, .. } = decision.outcome else { panic!("{decision:?}") };
        let got: Vec<_> = flags.iter().map(|f| (f.category.as_str(), f.action)).collect();
        assert_eq!(got, expected);
        // What a plugin said stays what it said.
        assert!(verdict.findings.iter().map(|f| &f.category).eq(&said), "{verdict:?}");
    }
    let host = || finding("link", &[(0, 7, 19)]);
    let address = || finding("email", &[(0, 0, 19)]);
    check(Kind::Order, vec![host(), address()], &[("email", Action::Mask)]);
    // Links may be written in rooms, addresses may not: a longer link lets no address pass.
    let longer = finding("link", &[(0, 0, 19)]);
    let part = finding("email", &[(0, 0, 11)]);
    let both = [("email", Action::Mask), ("link", Action::Annotate)];
    check(Kind::Room, vec![longer.clone(), part.clone()], &both);
    check(Kind::Order, vec![longer, part], &[("link", Action::Strip)]);
    // What is on trial, unsure or no contact names nothing.
    let both = [("email", Action::Mask), ("link", Action::Strip)];
    let on_trial = Finding { mark: Mark::DryRun, ..address() };
    check(Kind::Order, vec![host(), on_trial], &[("link", Action::Strip)]);
    let unsure = Finding { confidence: 10, ..address() };
    let noted = [("email", Action::Annotate), ("link", Action::Strip)];
    check(Kind::Order, vec![host(), unsure], &noted);
    let insult = finding("insult", &[(0, 0, 19)]);
    check(Kind::Order, vec![host(), insult], &[("insult", Action::Mask), ("link", Action::Strip)]);
    let apart = finding("email", &[(0, 0, 3)]);
    check(Kind::Order, vec![host(), apart], &both);
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
    let delivered = Outcome::Deliver { text: MASK.into(), flags, altered: true };
    check(&["phone", "phone"], &[DeliverFlagged], &delivered);
}

#[test]
fn contacts_open_with_the_state() {
    let words = || STATES.map(str::to_owned).to_vec();
    let mut table = Table::default();
    assert!(!table.set_states(Kind::Order, words(), Some("acepted")));
    assert!(table.set_states(Kind::Order, words(), Some("accepted")));
    let check = |kind, state, category: &str, expected| {
        let got = table.treat((kind, state), "user", &finding(category, &[]));
        assert_eq!(got.action, expected, "{kind:?} {state:?} {category}: {}", got.why);
    };
    for state in [None, Some("created"), Some("no such state")] {
        check(Kind::Order, state, "phone", Action::Mask);
        check(Kind::Order, state, "link", Action::Strip);
        assert_eq!(table.closed_until(Kind::Order, state), Some("accepted"));
    }
    for state in [Some("accepted"), Some("paid"), Some("done")] {
        for contact in CONTACTS {
            check(Kind::Order, state, contact, Action::Annotate);
        }
        check(Kind::Order, state, "profanity", Action::Mask);
        check(Kind::Order, state, "threat", Action::Reject);
        assert_eq!(table.closed_until(Kind::Order, state), None);
    }
    check(Kind::Room, Some("done"), "phone", Action::Mask);
    let open = table.treat((Kind::Order, Some("paid")), "user", &finding("phone", &[]));
    assert_eq!(open.why, "moderation.order.contacts_allowed_from");
    table.set_contacts(vec!["email".to_owned()]);
    let phone = table.treat((Kind::Order, Some("paid")), "user", &finding("phone", &[]));
    assert_eq!(phone.action, Action::Mask, "no contact by this configuration");
}

#[test]
fn what_does_not_count_changes_nothing() {
    for mark in [Mark::DryRun, Mark::Allowed] {
        let found = Finding { mark, ..finding("threat", &[]) };
        let mut verdict = Verdict { findings: vec![found], unanswered: Vec::new() };
        let inquiry = inquiry(Kind::Order, "user", "x");
        let got = decide(&Table::default(), &inquiry, &mut verdict, &StripWords::default());
        let untouched = Outcome::Deliver { text: "x".into(), flags: Vec::new(), altered: false };
        assert_eq!(got.outcome, untouched);
        let treated = verdict.findings[0].treatment.clone().expect("an answer of the policy");
        assert_eq!(
            (treated.action, treated.why.as_str()),
            (Action::Reject, "moderation.order.threat")
        );
        assert_eq!(Some(verdict.findings[0].outcome()), mark.word());
    }
}

/// Messages of the history, newest first: whether of the same sender, role, text.
fn with_history(text: &str, history: &[(bool, &str, &str)]) -> Inquiry {
    let mut inquiry = inquiry(Kind::Order, "user", text);
    for (same_sender, role, text) in history {
        inquiry.history.push(Earlier {
            id: "e".into(),
            age_seconds: 5,
            same_sender: *same_sender,
            role: (*role).into(),
            text: (*text).into(),
        });
    }
    inquiry
}

#[track_caller]
fn earlier(inquiry: &Inquiry, found: Finding) -> (Decision, Vec<(usize, String)>) {
    let mut table = Table::default();
    table.set(Kind::Order, "phone", Some("operator"), Action::Annotate);
    let mut verdict = Verdict { findings: vec![found], unanswered: Vec::new() };
    let decision = decide(&table, inquiry, &mut verdict, &StripWords::default());
    let texts = decision.earlier.iter().map(|earlier| (earlier.index, earlier.text.clone()));
    let texts = texts.collect();
    (decision, texts)
}

#[test]
fn earlier_messages_are_masked_afterwards() {
    let inquiry = with_history("45 67", &[(true, "user", "999 123"), (true, "user", "hello")]);
    let (decision, texts) = earlier(&inquiry, finding("phone", &[(0, 0, 5), (1, 0, 7)]));
    assert_eq!(texts, [(0, MASK.to_owned())]);
    let first = &decision.earlier[0];
    assert_eq!(first.findings[0].spans, [(0, Span { start: 0, end: 7 })]);
    assert_eq!(first.flags, [Flag { category: "phone".into(), action: Action::Mask }]);
    assert!(matches!(decision.outcome, Outcome::Deliver { text, .. } if text == MASK));
}

#[test]
fn earlier_messages_of_others_and_of_other_roles_stay() {
    let history =
        [(false, "user", "999 123"), (true, "operator", "999 124"), (true, "user", "999")];
    let inquiry = with_history("45 67", &history);
    let found = finding("phone", &[(0, 0, 5), (1, 0, 7), (2, 0, 7), (3, 0, 3)]);
    assert_eq!(earlier(&inquiry, found).1, [(2, MASK.to_owned())]);
}

#[test]
fn earlier_messages_are_masked_where_this_one_is_refused() {
    let inquiry = with_history("45 67", &[(true, "user", "999 123")]);
    let (decision, texts) = earlier(&inquiry, finding("threat", &[(0, 0, 5), (1, 0, 7)]));
    assert_eq!(decision.outcome, Outcome::Reject { category: "threat".into() });
    assert_eq!(texts, [(0, MASK.to_owned())]);
    let marked = Finding { mark: Mark::DryRun, ..finding("threat", &[(1, 0, 7)]) };
    assert_eq!(earlier(&inquiry, marked).1, []);
}
