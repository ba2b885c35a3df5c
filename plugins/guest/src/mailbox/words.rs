//! The words that stand for an `@`, for mail providers, and the words that look like a local part but
//! are not one. Pure lists.

use crate::list::{List, Row};

/// Words said for `@` that mean nothing else between two words with a domain after them.
pub static AT: List = List::of(&[
    "собака",
    "собаку",
    "собачка",
    "собачку",
    "собакой",
    "сабака",
    "сабачка",
    "собак",
    "песик",
    "пёсик",
    "равлик",
    "равлика",
    "равликом",
    "песик",
    "arobase",
    "arobas",
    "arrobase",
    "arroba",
    "sobaka",
    "sobachka",
    "ravlik",
    "ат",
    "гав",
    "сбк",
    "гавгав",
    "собако",
    "собакка",
    "собакен",
    "псина",
    "песиком",
    "dog",
    "doggy",
    "sabaka",
    "arobaz",
    "arobaze",
    "robase",
    "ampersat",
    "дог",
    "arrobas",
    "собаки",
    "эт",
    "эй",
    "ет",
    "at",
]);

/// Animals and other things that an `@` is called after, here and there.
pub static ANIMALS: List = List::of(&[
    "пёсель",
    "песель",
    "псу",
    "пса",
    "собакевич",
    "мавпочка",
    "мавпа",
    "мавпочку",
    "вухо",
    "вушко",
    "слимак",
    "слимачок",
    "цуценя",
    "обезьяна",
    "обезьянка",
    "улитка",
    "улиточка",
    "monkey",
    "snail",
    "escargot",
    "хвостатая",
    "жучка",
    "шавка",
    "бобик",
    "щенок",
    "пес",
    "пёс",
    "puppy",
    "песька",
    "пёсик",
    "хвостик",
    "шарик",
    "arrobe",
    "собачья",
    "псинка",
    "кракозябра",
    "ухо",
    "песюн",
    "dawg",
    "doge",
    "chien",
]);

/// Words that stand for `@` only where everything else proves it.
pub static AT_LOOSE: List = List::of(&["на", "chez", "on", "у", "sur"]);

/// First words of pairs that stand for `@`.
pub static PAIRED: List = List::of(&[
    "at",
    "знак",
    "значок",
    "символ",
    "коммерческое",
    "комерческое",
    "a",
    "arobase",
    "собака",
    "гав",
    "собачий",
    "собачья",
    "à",
]);

/// Names of letters, as a name is spelled, in radio too.
pub static LETTERS: Row = Row::of(
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima \
     mike november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray \
     yankee zulu а ай ар б бе би бэ в ве ви восьмёрка вэ г ге гэ д двойка де девятка джей джи \
     ди дэ е ел ем ен ер ес еф ж же жи жэ з зед зет зэ и игрек икс й йот к ка кей л м н о оу п \
     пе пи пэ пятёрка р с семерки семёрка семёрки си т те ти тройка тэ у уай ф х ха ц це цэ ч \
     че четвёрка ш ша шестёрка ы э эй эйч эл эль эм эн эр эс эф ю я ё є і ї",
);

/// Numbers in words, as a name ends with them.
pub static NUMBERS: Row = Row::of(
    "cent cinq cinquante deux dix eight eighty fifty five forty four huit neuf nine nineteen \
     ninety one quarante quatre sept seven seventy six sixty soixante ten thirty three trente \
     trois twelve twenty two un vingt zero zéro восемь восемьдесят вісім вісімдесят два \
     двадцать двадцять двести дев'яносто дев'ять девяносто девять десять ноль нуль один п'ять \
     пять пятьдесят семь семьдесят сорок сто сім сімдесят три тридцать тридцять тысяча четыре \
     чотири шесть шестьдесят шість",
);

/// Pictures of a dog.
pub static DOGS: List = List::of(&["🐶", "🐕", "🐩", "🦮", "🐾", "🐺"]);

/// `@` inside brackets may be any of [`AT`] or these.
pub static AT_BRACKETED: List = List::of(&["a", "а", "at", "dog", "chez", "et", "на", "@"]);

/// First labels of providers, as written by people.
pub static PROVIDERS: List = List::of(&joined::<{ SURE.len() + DOUBTFUL.len() }>(SURE, DOUBTFUL));

/// Providers whose name alone after an `@` word says that this is mail.
pub static SURE_PROVIDERS: List = List::of(SURE);

const SURE: &[&str] = &[
    "gmail",
    "gmai",
    "gmial",
    "googlemail",
    "yandex",
    "rambler",
    "outlook",
    "hotmail",
    "yahoo",
    "icloud",
    "protonmail",
    "wanadoo",
    "ymail",
    "tutanota",
    "gmx",
    "laposte",
    "гмейл",
    "гмайл",
    "гмэйл",
    "гмаил",
    "жмейл",
    "жмайл",
    "джимейл",
    "джимэйл",
    "джимайл",
    "джмейл",
    "мейл",
    "мэйл",
    "маил",
    "майл",
    "яндекс",
    "яндексе",
    "рамблер",
    "аутлук",
    "хотмейл",
    "хотмайл",
    "яху",
    "айклауд",
    "гмыло",
    "гмеил",
    "джимеил",
    "укрнет",
    "юкрнет",
    "мейлру",
    "гуглмейл",
    "гуглопочта",
    "джимаил",
    "jmail",
    "gmeil",
    "джімейл",
    "джімайл",
    "джімеїл",
    "fastmail",
];

/// Providers whose names are words of another meaning or of other services too.
const DOUBTFUL: &[&str] = &[
    "mail",
    "ya",
    "ukr",
    "bk",
    "inbox",
    "list",
    "proton",
    "orange",
    "free",
    "sfr",
    "live",
    "msn",
    "aol",
    "meta",
    "zoho",
    "internet",
    "vk",
    "lenta",
    "bigmir",
    "гугломейл",
    "янд",
    "протон",
    "укр",
    "юкр",
    "инбокс",
    "мета",
    "бигмир",
];

/// Two lists as one of `N` words.
const fn joined<const N: usize>(one: &[&'static str], other: &[&'static str]) -> [&'static str; N] {
    let mut all = [""; N];
    let mut n = 0;
    while n < N {
        all[n] = if n < one.len() { one[n] } else { other[n - one.len()] };
        n += 1;
    }
    all
}

/// What an `@` is said to have: `a with a tail`.
pub static TAILS: Row =
    Row::of("circle tail колечке колі круге кружечку кружке кружочке хвостиком хвостом");

/// Words that end what stands for the known rest of an address, `the usual`.
pub static USUAL: Row = Row::of(
    "d'habitude d’habitude ensuite puis then usual далее дальше далі завжди зазвичай затем ну \
     обычно обычное потом потім",
);

/// Words before them.
pub static USUAL_BEFORE: Row = Row::of(
    "all and après as comme ensuite et puis the then а далее дальше далі и как потом потім як",
);

/// Words for mail that may follow the name of a provider: `гугл почта`.
pub static MAIL: List = List::of(&["почта", "почту", "почте", "пошта", "пошту", "mail", "почты"]);

/// Words that come before an address and are no part of it.
pub static NOT_LOCAL: Row = Row::of(
    "account adresse at available avec by c'est contact courriel de email est find her here \
     him in is it login look mail me meet mon on page plus reach registered shop site sur them \
     to us with work works you адрес вот емейл есть имейл мейл мені мне мое мой моя моё мыло \
     на ось пиши пишите пишіть почта почте почту почты пошта пошту пошті скинь скиньте \
     скринька у это",
);

/// Words that announce an address.
pub static LEADS: Row = Row::of(
    "address adresse courriel e email emails gmail mail mel mél гмейл джимейл електронка емаил \
     емайл емейл имейл маил майл мейл мейла мыло мылу мэйл почта почте почтовый почтой почту \
     почты пошта пошти пошту пошті скринька электронка электронке электронку эмейл ящик",
);

/// Beginnings of the names of platforms, after which an `@` begins a name there.
pub const PLATFORMS: &[&str] = &[
    "insta",
    "инст",
    "інст",
    "telegram",
    "телег",
    "тг",
    "tg",
    "twitter",
    "твит",
    "tiktok",
    "тикток",
    "facebook",
    "фейсб",
    "fb",
    "skype",
    "скайп",
    "discord",
    "дискорд",
    "vk",
    "вк",
    "threads",
    "youtube",
    "ютуб",
    "snap",
    "ник",
    "ig",
    "nick",
    "аккаунт",
    "account",
    "compte",
    "handle",
    "профиль",
    "signal",
    "follow",
    "dm",
    "директ",
];
