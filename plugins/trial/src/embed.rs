//! Labelled messages between honest sentences: what is found alone must be found there, too.

use crate::quality::{CaseSet, LabelledCase};

/// Sentences before and behind a message: goods, a price, a place.
const AROUND: [(&str, &str, &str); 4] = [
    (
        "en",
        "Hello, the sofa is still available, good condition, the price is 500. ",
        ". Pick up from the centre, I can help to load it.",
    ),
    (
        "fr",
        "Bonjour, le canapé est toujours disponible, bon état, prix 500 euros. ",
        ". À venir chercher au centre, je peux aider à charger.",
    ),
    (
        "uk",
        "Добрий день, диван ще продається, стан гарний, ціна 5000. ",
        ". Самовивіз із центру, допоможу завантажити.",
    ),
    (
        "ru",
        "Здравствуйте, диван ещё продаётся, состояние хорошее, цена 5000. ",
        ". Самовывоз из центра, могу помочь погрузить.",
    ),
];

/// The messages of a set that have no history, each between two sentences of its language; of Russian
/// where there are none of it.
#[must_use]
pub fn embedded(set: &CaseSet) -> CaseSet {
    let alone = set.cases.iter().filter(|case| case.history.is_empty());
    CaseSet { name: format!("{}, embedded", set.name), cases: alone.map(between).collect() }
}

fn between(case: &LabelledCase) -> LabelledCase {
    let own = AROUND.iter().find(|(lang, ..)| *lang == case.lang);
    let (_, before, behind) = own.unwrap_or(&AROUND[3]);
    let mut case = LabelledCase { text: format!("{before}{}{behind}", case.text), ..case.clone() };
    for span in case.labels.iter_mut().filter_map(|label| label.span.as_mut()) {
        span.start += before.len();
        span.end += before.len();
    }
    case
}
