//! Advertising blasts: a promise of easy money, a call to act, a way to go and a shout, all in one
//! message. Each alone is how honest people write; knows no history.

use parlour_guest::Folded;
use parlour_guest::list::Stems;

use crate::Sign;
use crate::reading::Reading;

/// Promises that hardly anybody makes in an honest message, as parts of folded text.
static PROMISES: Stems = Stems::with_head(
    4,
    &[
        "abonnés pas cher",
        "argent facile",
        "argent rapide",
        "bonus sans depot",
        "bonus sans dépôt",
        "buy followers",
        "casino",
        "cheap followers",
        "claim your prize",
        "credit sans refus",
        "crypto signals",
        "crédit sans refus",
        "double your",
        "earn $",
        "earn from home",
        "earn up to",
        "easy money",
        "fast cash",
        "financial freedom",
        "free iphone",
        "free money",
        "free spins",
        "gagner de l'argent",
        "gagnez de l'argent",
        "gagnez jusqu",
        "gains garantis",
        "guaranteed income",
        "guaranteed profit",
        "instant loan",
        "invest now",
        "liberté financière",
        "loan without",
        "lose weight fast",
        "make $",
        "make money fast",
        "make money online",
        "no deposit bonus",
        "no experience needed",
        "no investment",
        "paris sportifs",
        "passive income",
        "perdre du poids vite",
        "prêt sans justificatif",
        "revenu garanti",
        "revenu passif",
        "revenus passifs",
        "sans investissement",
        "sports betting",
        "tours gratuits",
        "travail a domicile",
        "travail à domicile",
        "viagra",
        "vous avez gagné",
        "work from home",
        "you have won",
        "you won a",
        "без вкладень",
        "без вложений",
        "бездепозитный бонус",
        "бонус за регистрацию",
        "бонус за реєстрацію",
        "бонус на первый депозит",
        "быстрый заработок",
        "ви виграли",
        "вы выиграли",
        "гарантированный доход",
        "гарантированный заработок",
        "гарантований дохід",
        "деньги в долг без",
        "диплом на заказ",
        "договорные матчи",
        "доход от",
        "дохід від",
        "займ без отказа",
        "зарабатывай от",
        "зарабатывайте от",
        "зарабатываю от",
        "заработать от",
        "заработок без",
        "заработок в интернете",
        "заработок от",
        "заробляй від",
        "заробіток без",
        "заробіток в інтернеті",
        "заробіток від",
        "инвестируй",
        "интим",
        "казино",
        "кредит без відмови",
        "кредит без отказа",
        "кредит без справок",
        "криптосигнал",
        "купить диплом",
        "легкие деньги",
        "легкий заработок",
        "легкі гроші",
        "лёгкие деньги",
        "лёгкий заработок",
        "минус 10 кг",
        "накрутка лайков",
        "накрутка подписчиков",
        "накрутка підписників",
        "пасивний дохід",
        "пассивный доход",
        "позика без відмови",
        "похудеть на",
        "раздаем деньги",
        "раздаём деньги",
        "раскрутка вашего",
        "розыгрыш iphone",
        "розыгрыш айфон",
        "розіграш iphone",
        "сигналы крипт",
        "ставки на спорт",
        "удаленная работа без опыта",
        "удалённая работа без опыта",
        "удвой",
        "фриспин",
        "швидкий заробіток",
    ],
);

/// Calls to act.
const CALLS: &[&str] = &[
    "переходи",
    "переходите",
    "жми",
    "жмите",
    "подпис",
    "регистрируй",
    "пиши в",
    "пишите в",
    "пиши +",
    "пишите +",
    "ставь +",
    "ставьте +",
    "вступай",
    "заходи",
    "успей",
    "не упусти",
    "не пропусти",
    "торопи",
    "забирай",
    "забери",
    "по ссылке",
    "в личку",
    "в лс",
    "в директ",
    "тисни",
    "тисніть",
    "підпис",
    "реєструй",
    "пиши у",
    "пишіть у",
    "пишіть в",
    "переходь",
    "за посиланням",
    "в особисті",
    "встигни",
    "поспішай",
    "не пропусти",
    "click here",
    "click the link",
    "click now",
    "join now",
    "join us",
    "join my",
    "sign up",
    "subscribe",
    "register now",
    "act now",
    "hurry",
    "dm me",
    "message me",
    "text me",
    "order now",
    "buy now",
    "claim now",
    "don't miss",
    "cliquez",
    "clique ici",
    "inscri",
    "abonne",
    "rejoin",
    "contactez",
    "écrivez",
    "ecrivez",
    "profitez",
    "dépêche",
    "n'attendez",
    "en mp",
];

/// Pressure.
const URGENCY: &[&str] = &[
    "только сегодня",
    "только сейчас",
    "мест осталось",
    "осталось мест",
    "осталось 3 места",
    "количество мест ограничено",
    "успей",
    "акция",
    "срочно",
    "100%",
    "бесплатно",
    "тільки сьогодні",
    "лише сьогодні",
    "залишилось місць",
    "терміново",
    "акція",
    "безкоштовно",
    "today only",
    "only today",
    "limited offer",
    "limited time",
    "limited spots",
    "last chance",
    "urgent",
    "100 %",
    "for free",
    "aujourd'hui seulement",
    "offre limitée",
    "offre limitee",
    "places limitées",
    "places limitees",
    "dernière chance",
    "gratuit",
];

/// The sign of a blast, if there is one. `has_link` is what the text brings along.
#[must_use]
pub fn advertising(reading: &Reading, folded: &Folded, has_link: bool) -> Option<Sign> {
    let text = folded.text.as_str();
    let promises = promises(folded);
    if promises == 0 {
        return None;
    }
    let any = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let contact = has_link || text.contains('@') || text.contains("t.me") || reading.digits >= 10;
    let money = text.contains(['$', '€', '₽', '₴', '%']);
    let letters = reading.count.max(1);
    let shout = reading.calls >= 3
        || reading.emoji >= 3
        || (letters >= 20 && reading.capitals * 10 >= letters * 4);
    let signs = [any(CALLS), contact, any(URGENCY), money, shout];
    let signs = signs.into_iter().filter(|sign| *sign).count();
    // A conversation about a casino's building site has none of the rest.
    let sum = signs + 2 * promises;
    (signs >= 2 && sum >= 6 || promises == 1 && signs >= 4)
        .then(|| Sign::new("advertising", if sum >= 8 { 85 } else { 70 }))
}

/// How many of the promises a text holds, three at most. They begin with words.
fn promises(folded: &Folded) -> usize {
    const MOST: usize = 3;
    let mut held: Vec<&str> = Vec::new();
    for start in folded.word_starts() {
        let rest = folded.text.get(start..).unwrap_or_default();
        for promise in PROMISES.of_word(rest) {
            if !held.contains(&promise) {
                held.push(promise);
            }
        }
        if held.len() >= MOST {
            break;
        }
    }
    held.len().min(MOST)
}

/// Whether a text could be a blast at all; saves the reading of most messages.
#[must_use]
pub fn is_candidate(reading: &Reading, has_link: bool) -> bool {
    let letters = reading.count;
    (25..2_000).contains(&letters)
        && (has_link
            || reading.calls >= 2
            || reading.emoji >= 2
            || reading.digits >= 3
            || reading.capitals * 10 >= letters * 4)
}
