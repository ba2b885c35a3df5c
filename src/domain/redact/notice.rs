//! One sentence for the sender about what others do not see of its message, and when they will. Knows
//! no wire format.

use super::words::writers;
use crate::domain::moderation::{Action, Flag};

/// What the sender is told beside the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// One sentence in the sender's language.
    pub sentence: String,
    /// What was hidden, sorted.
    pub categories: Vec<String>,
    /// The state of the conversation from which on contacts are left as they are, if some were hidden
    /// that would be.
    pub allowed_from: Option<String>,
}

/// The languages that senders are addressed in.
const LANGUAGES: [&str; 4] = ["ru", "uk", "en", "fr"];

/// Categories and states as they are called in [`LANGUAGES`].
const NAMES: &[(&str, [&str; 4])] = &[
    ("phone", ["номер телефона", "номер телефону", "phone number", "numéro de téléphone"]),
    ("email", ["адрес почты", "адресу пошти", "e-mail address", "adresse e-mail"]),
    ("link", ["ссылка", "посилання", "link", "lien"]),
    (
        "messenger",
        [
            "контакт в мессенджере",
            "контакт у месенджері",
            "messenger contact",
            "contact de messagerie",
        ],
    ),
    (
        "social",
        [
            "контакт в соцсети",
            "контакт у соцмережі",
            "social network contact",
            "contact de réseau social",
        ],
    ),
    ("profanity", ["брань", "лайка", "profanity", "grossièreté"]),
    ("insult", ["оскорбление", "образа", "insult", "insulte"]),
    ("threat", ["угроза", "погроза", "threat", "menace"]),
    ("spam", ["спам", "спам", "spam", "spam"]),
    ("created", ["создан", "створено", "created", "créé"]),
    ("accepted", ["принят", "прийнято", "accepted", "accepté"]),
    ("paid", ["оплачен", "оплачено", "paid", "payé"]),
    ("done", ["выполнен", "виконано", "done", "terminé"]),
];

impl Notice {
    /// The notice about a message with these flags; `None` if everybody sees it as it was written.
    /// `closed_until` is the state from which on the contacts of this conversation are open, unless
    /// they are already; `is_contact` tells which categories that is about.
    #[must_use]
    pub fn of(
        flags: &[Flag],
        (closed_until, is_contact): (Option<&str>, impl Fn(&str) -> bool),
        (languages, text): (&[String], &str),
    ) -> Option<Self> {
        let hidden = |flag: &&Flag| matches!(flag.action, Action::Mask | Action::Strip);
        let mut categories: Vec<String> =
            flags.iter().filter(hidden).map(|flag| flag.category.clone()).collect();
        categories.sort();
        categories.dedup();
        if categories.is_empty() {
            return None;
        }
        let contact = categories.iter().any(|category| is_contact(category));
        let allowed_from = closed_until.filter(|_| contact);
        let language = writers(&LANGUAGES, languages, text).unwrap_or("en");
        let list: Vec<&str> = categories.iter().map(|word| name(word, language)).collect();
        let list = list.join(", ");
        let sentence = match allowed_from {
            Some(state) => later(language, &list, name(state, language)),
            None => never(language, &list),
        };
        Some(Self { sentence, categories, allowed_from: allowed_from.map(str::to_owned) })
    }
}

fn later(language: &str, list: &str, state: &str) -> String {
    match language {
        "ru" => format!(
            "Пока скрыто: {list}; обменяться контактами здесь можно будет, когда статус станет «{state}»."
        ),
        "uk" => format!(
            "Поки що приховано: {list}; обмінятися контактами тут можна буде, коли статус стане «{state}»."
        ),
        "fr" => format!(
            "Masqué pour l'instant : {list} ; les coordonnées pourront être échangées ici dès que le \
             statut sera « {state} »."
        ),
        _ => format!(
            "Hidden for now: {list}; contacts can be exchanged here once the status is \u{201c}{state}\u{201d}."
        ),
    }
}

fn never(language: &str, list: &str) -> String {
    match language {
        "ru" => format!("Скрыто по правилам этого чата: {list}."),
        "uk" => format!("Приховано за правилами цього чату: {list}."),
        "fr" => format!("Masqué selon les règles de cette conversation : {list}."),
        _ => format!("Hidden by the rules of this chat: {list}."),
    }
}

/// A word in a language; one that is not known stands for itself.
fn name<'a>(word: &'a str, language: &str) -> &'a str {
    let at = LANGUAGES.iter().position(|known| *known == language);
    let names = NAMES.iter().find(|(known, _)| *known == word);
    names.zip(at).and_then(|((_, names), at)| names.get(at).copied()).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::redact::CONTACTS;

    #[track_caller]
    fn check(flags: &[(&str, Action)], until: Option<&str>, text: &str, expected: Option<&str>) {
        let flag = |(category, action): &(&str, Action)| Flag {
            category: (*category).to_owned(),
            action: *action,
        };
        let flags: Vec<Flag> = flags.iter().map(flag).collect();
        let is_contact = |word: &str| CONTACTS.contains(&word);
        let languages = LANGUAGES.map(str::to_owned);
        let notice = Notice::of(&flags, (until, is_contact), (&languages, text));
        assert_eq!(notice.as_ref().map(|notice| notice.sentence.as_str()), expected);
        let contact = flags.iter().any(|flag| is_contact(&flag.category));
        let from = until.filter(|_| contact);
        assert_eq!(notice.and_then(|notice| notice.allowed_from).as_deref(), from);
    }

    #[test]
    fn the_sender_is_told_in_its_language() {
        use Action::{Annotate, Mask, Strip};
        let open = Some("accepted");
        check(&[("phone", Annotate)], None, "x", None);
        check(&[], None, "x", None);
        check(
            &[("phone", Mask)],
            open,
            "мой номер",
            Some(
                "Пока скрыто: номер телефона; обменяться контактами здесь можно будет, когда статус \
                 станет «принят».",
            ),
        );
        check(
            &[("link", Strip), ("phone", Mask)],
            open,
            "мій номер",
            Some(
                "Поки що приховано: посилання, номер телефону; обмінятися контактами тут можна буде, \
                 коли статус стане «прийнято».",
            ),
        );
        check(
            &[("phone", Mask)],
            Some("checked-in"),
            "my number",
            Some(
                "Hidden for now: phone number; contacts can be exchanged here once the status is \
                 “checked-in”.",
            ),
        );
        let flags = [("profanity", Mask), ("phone", Annotate)];
        check(&flags, None, "ну ты", Some("Скрыто по правилам этого чата: брань."));
        check(&[("gossip", Mask)], open, "x", Some("Hidden by the rules of this chat: gossip."));
    }

    #[test]
    fn french_is_spoken_where_it_is_expected() {
        let flags = [Flag { category: "phone".to_owned(), action: Action::Mask }];
        let languages = ["fr".to_owned()];
        let notice = Notice::of(&flags, (Some("paid"), |_: &str| true), (&languages, "mon numéro"));
        let sentence = notice.map(|notice| notice.sentence).unwrap_or_default();
        assert!(
            sentence.starts_with("Masqué pour l'instant : numéro de téléphone ; "),
            "{sentence}"
        );
        assert!(sentence.ends_with("« payé »."), "{sentence}");
    }
}
