//! Words around digits that say what the digits are. Pure lists and a look at a few words before.

use parlour_guest::scan::{Kind, Token};

/// What the words before some digits say about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// They announce a telephone number.
    Phone,
    /// They announce an order, a price, a document, an account.
    Other,
    Nothing,
}

/// How many tokens before the digits are looked at, whatever they are.
const TOKENS: usize = 24;

/// How many words before the digits are looked at.
const WORDS: usize = 4;

/// Beginnings of words that announce a telephone number.
const PHONE: &[&str] = &[
    "тел",
    "моб",
    "сотов",
    "мобил",
    "позвон",
    "звон",
    "дзвон",
    "подзвон",
    "набер",
    "наби",
    "перезвон",
    "передзвон",
    "зателефон",
    "вайбер",
    "вотсап",
    "ватсап",
    "вацап",
    "уотсап",
    "воцап",
    "viber",
    "whatsapp",
    "watsap",
    "telegram",
    "телеграм",
    "тг",
    "тг",
    "смс",
    "sms",
    "call",
    "phone",
    "cell",
    "mobile",
    "tel",
    "text",
    "ring",
    "appel",
    "téléphon",
    "telephon",
    "portable",
    "номерок",
    "номероч",
    "пишит",
    "пиши",
    "напиш",
    "связ",
    "контакт",
    "зв'яз",
    "contact",
    "whats",
    "wa",
    "ватс",
    "вотс",
    "joindre",
    "joign",
    "сигнал",
    "signal",
    "трубк",
    "дозвон",
    "звякн",
    "маякн",
];

/// Words that announce a number of something: of a telephone unless another word before says what.
const WEAK: &[&str] = &["номер", "num", "мой", "мій"];

/// Words that announce anything else, by their beginnings.
const OTHER: &[&str] = &[
    "заказ",
    "замовлен",
    "накладн",
    "трек",
    "ттн",
    "track",
    "инн",
    "іпн",
    "огрн",
    "огрнип",
    "кпп",
    "бик",
    "счет",
    "счёт",
    "рахун",
    "карт",
    "card",
    "carte",
    "invoice",
    "order",
    "factur",
    "command",
    "isbn",
    "ean",
    "артик",
    "арт",
    "sku",
    "серийн",
    "серійн",
    "serial",
    "imei",
    "vin",
    "снилс",
    "єдрпоу",
    "едрпоу",
    "siret",
    "siren",
    "iban",
    "полис",
    "поліс",
    "договор",
    "договір",
    "лот",
    "код",
    "code",
    "кадастр",
    "id",
    "ticket",
    "заявк",
    "штрих",
    "barcode",
    "модел",
    "model",
    "паспорт",
    "passport",
    "passeport",
    "серия",
    "серія",
    "colis",
    "suivi",
    "réf",
    "ref",
    "лиценз",
    "ліценз",
    "рейс",
    "поезд",
    "цен",
    "стоим",
    "варт",
    "price",
    "prix",
    "сумм",
    "сума",
    "баланс",
    "бюджет",
    "позици",
    "лицев",
    "л",
    "р",
    "swift",
    "bic",
    "окпо",
    "оквэд",
    "октмо",
    "посылк",
    "отправлен",
    "посилк",
    "tracking",
    "account",
    "compte",
    "детал",
    "part",
    "чек",
    "квитанц",
    "версия",
    "version",
    "координат",
];

/// What the words before token `i` say: the nearest telling word wins, but `номер` gives way to what
/// it is the number of.
#[must_use]
pub fn hint(tokens: &[Token<'_>], i: usize) -> Hint {
    let mut seen = 0;
    let mut weak = Hint::Nothing;
    for t in tokens.get(..i).unwrap_or_default().iter().rev().take(TOKENS) {
        if t.text.contains('\n') && seen > 0 {
            break;
        }
        if t.kind != Kind::Word {
            continue;
        }
        if begins(t.text, OTHER) || t.text == "no" || t.text == "n" {
            return Hint::Other;
        }
        if WEAK.iter().any(|w| t.text.starts_with(w)) {
            weak = Hint::Phone;
        } else if begins(t.text, PHONE) {
            return Hint::Phone;
        }
        seen += 1;
        if seen == WORDS {
            break;
        }
    }
    weak
}

fn begins(word: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|b| {
        // Short beginnings are whole words: `р` of an account is not that of `рядом`.
        if b.chars().count() <= 3 { word == *b || short_stem(word, b) } else { word.starts_with(b) }
    })
}

/// `тел`, `моб` and `инн` with a short ending, as in `тел.`, `телу`, `инном`.
fn short_stem(word: &str, stem: &str) -> bool {
    matches!(stem, "тел" | "моб" | "зво" | "тлф")
        && word.starts_with(stem)
        && word.chars().count() <= 9
}

/// Words after digits that make them a quantity: units, currencies, months.
#[must_use]
pub fn is_unit(word: &str) -> bool {
    const UNITS: &[&str] = &[
        "р",
        "руб",
        "рубл",
        "рублей",
        "рубля",
        "рубль",
        "грн",
        "гривен",
        "гривень",
        "гривні",
        "гривня",
        "тг",
        "тенге",
        "сом",
        "сомов",
        "eur",
        "usd",
        "rub",
        "uah",
        "kzt",
        "евро",
        "євро",
        "euro",
        "euros",
        "dollars",
        "долл",
        "доларів",
        "долларов",
        "бакс",
        "баксов",
        "k",
        "к",
        "тыс",
        "тысяч",
        "тысячи",
        "тысяча",
        "тис",
        "тисяч",
        "тисячі",
        "млн",
        "млрд",
        "миллион",
        "миллиона",
        "миллионов",
        "мільйон",
        "м",
        "м2",
        "м3",
        "см",
        "мм",
        "км",
        "m",
        "cm",
        "mm",
        "km",
        "кг",
        "kg",
        "г",
        "гр",
        "g",
        "т",
        "л",
        "l",
        "мл",
        "ml",
        "шт",
        "штук",
        "штуки",
        "pcs",
        "pièces",
        "уп",
        "год",
        "года",
        "г",
        "году",
        "рік",
        "року",
        "год",
        "лет",
        "years",
        "ans",
        "час",
        "часа",
        "часов",
        "годин",
        "мин",
        "hours",
        "heures",
        "h",
        "w",
        "вт",
        "квт",
        "kw",
        "гб",
        "gb",
        "tb",
        "мб",
        "mb",
        "mah",
        "мач",
        "кв",
    ];
    UNITS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::{Hint, hint};
    use parlour_guest::scan::tokens;

    #[track_caller]
    fn check(text: &str, expected: Hint) {
        let tokens = tokens(text);
        assert_eq!(hint(&tokens, tokens.len()), expected, "{text}");
    }

    #[test]
    fn nearest_telling_word_wins() {
        check("мой тел. ", Hint::Phone);
        check("номер заказа ", Hint::Other);
        check("по заказу звоните ", Hint::Phone);
        check("call me ", Hint::Phone);
        check("инн ", Hint::Other);
        check("приеду завтра ", Hint::Nothing);
    }
}
