//! Words that stand between the digits of one number. Pure lists.

use parlour_guest::list::Row;

/// Words that only part the digits of one number.
pub static FILLERS: Row = Row::of(
    "alors and compose composez dash dial dot ensuite espace et euh hyphen next okay \
     pause plus point press puis space then tiret uh um virgule well а ага вот далее \
     дальше далі дефис дефіс еще ещё жми запятая затем значит и идет идёт й йде кейін \
     кома короче крапка минус мінус набери набирай набирайте нажми ну опять пауза плюс \
     после потом потім пробел пробіл скобка скобки скобку следом слеш слэш сначала снова \
     содан та так там тире точка угу черточка чёрточка ще і",
);

/// Those of the fillers that name what numbers are commonly grouped with.
pub static TOLD: Row = Row::of("dash espace hyphen space tiret дефис дефіс пробел пробіл тире");

/// Whether a word only parts the digits of one number.
#[must_use]
pub fn is_filler(word: &str) -> bool {
    FILLERS.contains(word)
}
