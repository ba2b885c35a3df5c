//! Advertising blasts: a promise of easy money, a call to act, a way to go and a shout, all in one
//! message. Each alone is how honest people write; knows no history.

use parlour_guest::Folded;

use crate::Sign;
use crate::reading::Reading;

/// Promises that hardly anybody makes in an honest message, as parts of folded text.
const PROMISES: &[&str] = &[
    "заработок от",
    "заработок в интернете",
    "заработок без",
    "заработать от",
    "зарабатывай от",
    "зарабатывайте от",
    "зарабатываю от",
    "доход от",
    "пассивный доход",
    "гарантированный доход",
    "гарантированный заработок",
    "быстрый заработок",
    "легкий заработок",
    "лёгкий заработок",
    "легкие деньги",
    "лёгкие деньги",
    "без вложений",
    "удаленная работа без опыта",
    "удалённая работа без опыта",
    "казино",
    "ставки на спорт",
    "фриспин",
    "бездепозитный бонус",
    "бонус за регистрацию",
    "бонус на первый депозит",
    "договорные матчи",
    "инвестируй",
    "удвой",
    "сигналы крипт",
    "криптосигнал",
    "накрутка подписчиков",
    "накрутка лайков",
    "раскрутка вашего",
    "кредит без отказа",
    "кредит без справок",
    "займ без отказа",
    "деньги в долг без",
    "раздаем деньги",
    "раздаём деньги",
    "вы выиграли",
    "розыгрыш айфон",
    "розыгрыш iphone",
    "похудеть на",
    "минус 10 кг",
    "интим",
    "диплом на заказ",
    "купить диплом",
    "заробіток від",
    "заробіток в інтернеті",
    "заробіток без",
    "заробляй від",
    "дохід від",
    "пасивний дохід",
    "гарантований дохід",
    "легкі гроші",
    "швидкий заробіток",
    "без вкладень",
    "ставки на спорт",
    "бонус за реєстрацію",
    "кредит без відмови",
    "позика без відмови",
    "ви виграли",
    "розіграш iphone",
    "накрутка підписників",
    "earn $",
    "earn up to",
    "earn from home",
    "make money online",
    "make money fast",
    "make $",
    "easy money",
    "fast cash",
    "free money",
    "passive income",
    "guaranteed income",
    "guaranteed profit",
    "work from home",
    "no investment",
    "no experience needed",
    "financial freedom",
    "double your",
    "crypto signals",
    "invest now",
    "casino",
    "free spins",
    "no deposit bonus",
    "sports betting",
    "you have won",
    "you won a",
    "claim your prize",
    "free iphone",
    "cheap followers",
    "buy followers",
    "lose weight fast",
    "loan without",
    "instant loan",
    "viagra",
    "argent facile",
    "argent rapide",
    "gagnez jusqu",
    "gagner de l'argent",
    "gagnez de l'argent",
    "revenu passif",
    "revenus passifs",
    "revenu garanti",
    "gains garantis",
    "sans investissement",
    "travail a domicile",
    "travail à domicile",
    "liberté financière",
    "paris sportifs",
    "bonus sans depot",
    "bonus sans dépôt",
    "tours gratuits",
    "vous avez gagné",
    "crédit sans refus",
    "credit sans refus",
    "prêt sans justificatif",
    "abonnés pas cher",
    "perdre du poids vite",
];

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
    let letters = reading.letters.len().max(1);
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
    let mut held = 0_u128;
    for start in folded.word_starts() {
        let rest = folded.text.as_bytes().get(start..).unwrap_or_default();
        let Some(head) = rest.first_chunk::<HEAD>() else {
            break;
        };
        let place = place(head);
        if HEADS.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1) {
            for (n, promise) in PROMISES.iter().enumerate() {
                held |= u128::from(rest.starts_with(promise.as_bytes())) << n;
            }
        }
    }
    held.count_ones().min(3) as usize
}

/// How many bytes of a promise are looked at first; none is shorter.
const HEAD: usize = 6;

/// The beginnings of the promises, a bit for each. Made by the compiler.
static HEADS: [u64; 32] = {
    assert!(PROMISES.len() <= 128, "a bit of `held` for each");
    let mut bits = [0; 32];
    let mut n = 0;
    while n < PROMISES.len() {
        let place = place(PROMISES[n].as_bytes());
        bits[place / 64] |= 1 << (place % 64);
        n += 1;
    }
    bits
};

/// The place of a beginning among [`HEADS`].
const fn place(text: &[u8]) -> usize {
    let low = u32::from_le_bytes([text[0], text[1], text[2], text[3]]);
    let high = u32::from_le_bytes([text[4], text[5], 0, 0]);
    let mixed = (low ^ high.rotate_left(13)).wrapping_mul(0x9e37_79b1) >> 15;
    mixed as usize % (32 * 64)
}

/// Whether a text could be a blast at all; saves the reading of most messages.
#[must_use]
pub fn is_candidate(reading: &Reading, has_link: bool) -> bool {
    let letters = reading.letters.len();
    (25..2_000).contains(&letters)
        && (has_link
            || reading.calls >= 2
            || reading.emoji >= 2
            || reading.digits >= 3
            || reading.capitals * 10 >= letters * 4)
}
