//! A contact in pieces, over several messages of one person. Each piece is a label in its message.

use super::{Draft, Label, Lang, Past, filled, mail, number::Number, prng::Prng};

const FIRST: [&[&str]; 4] = [
    &["мой номер %", "записывай %", "%", "тел %"],
    &["мій номер %", "записуй %", "%", "тел %"],
    &["my number %", "write it down %", "%", "phone %"],
    &["mon numéro %", "notez %", "%", "tél %"],
];
const NEXT: [&[&str]; 4] = [
    &["%", "потом %", "дальше %", "и %"],
    &["%", "потім %", "далі %", "і %"],
    &["%", "then %", "and %", "next %"],
    &["%", "puis %", "ensuite %", "et %"],
];
const MAIL_FIRST: [&[&str]; 4] = [
    &["почта %", "пиши на %"],
    &["пошта %", "пиши на %"],
    &["my mail %", "write to %"],
    &["mon mail %", "écris à %"],
];
const INTERJECTIONS: [&[&str]; 4] = [
    &["ок", "да, слушаю", "хорошо"],
    &["ок", "так, слухаю", "добре"],
    &["ok", "yes?", "go on"],
    &["ok", "oui ?", "d'accord"],
];

pub fn draft(rng: &mut Prng, lang: Lang) -> Draft {
    let (category, pieces, first) = if rng.one_in(4) {
        let (name, host) = mail::address(rng);
        ("email", vec![name, format!("@{host}")], MAIL_FIRST)
    } else {
        ("phone", number_pieces(rng, lang), FIRST)
    };
    let last = pieces.len() - 1;
    let mut messages = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let phrase = rng.pick(if at == 0 { lang.of(first) } else { lang.of(NEXT) });
        // What follows an address follows it bare.
        let phrase = if category == "email" && at > 0 { "%" } else { phrase };
        messages.push(filled(phrase, piece));
    }
    let mut labels = Vec::new();
    let mut history = Vec::new();
    let mut age_seconds = 0;
    let (text, span) = messages.pop().unwrap_or_default();
    labels.push(Label { category: category.to_owned(), message: 0, span: Some(span) });
    for (text, span) in messages.into_iter().rev() {
        age_seconds += 5 + u32::try_from(rng.below(40)).unwrap_or(0);
        if last > 0 && rng.one_in(5) {
            let text = rng.pick(lang.of(INTERJECTIONS)).to_owned();
            history.push(Past { text, same_sender: false, age_seconds });
            age_seconds += 3;
        }
        history.push(Past { text, same_sender: true, age_seconds });
        labels.push(Label {
            category: category.to_owned(),
            message: history.len(),
            span: Some(span),
        });
    }
    Draft { level: "split", text, labels, history }
}

/// Two or three pieces, at the borders of its groups.
fn number_pieces(rng: &mut Prng, lang: Lang) -> Vec<String> {
    let mut number = Number::of(rng, lang);
    // Nobody sends a country code alone.
    let first = number.groups.remove(0);
    if let Some(next) = number.groups.first_mut() {
        next.insert_str(0, &first);
    }
    let sign = if number.plus { "+" } else { "" };
    let mark = rng.pick(&["", " ", "-"]);
    let mut pieces: Vec<String> = Vec::new();
    let count = number.groups.len();
    let parts = if count >= 3 && rng.one_in(2) { 3 } else { 2.min(count) };
    for part in 0..parts {
        let groups = &number.groups[count * part / parts..count * (part + 1) / parts];
        pieces.push(groups.join(mark));
    }
    if let Some(first) = pieces.first_mut() {
        first.insert_str(0, sign);
    }
    pieces
}
