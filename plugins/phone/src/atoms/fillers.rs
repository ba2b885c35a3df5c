//! Words that stand between the digits of one number. Pure lists.

use parlour_guest::list::List;

/// Words that only part the digits of one number.
pub static FILLERS: List = List::of(&[
    "и",
    "а",
    "ну",
    "еще",
    "ещё",
    "потом",
    "затем",
    "дальше",
    "далее",
    "сначала",
    "после",
    "следом",
    "опять",
    "снова",
    "там",
    "тире",
    "дефис",
    "дефіс",
    "пробел",
    "пробіл",
    "точка",
    "запятая",
    "скобка",
    "скобки",
    "скобку",
    "слеш",
    "слэш",
    "плюс",
    "plus",
    "then",
    "dash",
    "hyphen",
    "space",
    "and",
    "dot",
    "point",
    "puis",
    "ensuite",
    "tiret",
    "espace",
    "et",
    "далі",
    "потім",
    "крапка",
    "кома",
    "та",
    "минус",
    "мінус",
    "черточка",
    "чёрточка",
    "і",
    "й",
    "ще",
    "пауза",
    "next",
    "pause",
    "virgule",
    "содан",
    "кейін",
]);

/// Fillers that name what numbers are commonly grouped with.
pub static TOLD: List = List::of(&[
    "тире",
    "дефис",
    "дефіс",
    "пробел",
    "пробіл",
    "dash",
    "hyphen",
    "space",
    "tiret",
    "espace",
]);

/// Whether a word only parts the digits of one number.
#[must_use]
pub fn is_filler(word: &str) -> bool {
    FILLERS.contains(word) || TOLD.contains(word)
}
