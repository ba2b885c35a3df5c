//! Sentences around a contact; `%` is its place. Pure data.

pub const PHONE: [&[&str]; 4] = [
    &[
        "%",
        "мой номер %",
        "звоните % после шести",
        "Здравствуйте! Наберите меня %, договоримся",
        "тел. %",
        "вот мой телефон: %",
        "Напишите на ватсап %",
        "% это мой, звоните в любое время",
        "Готов сделать завтра, контакт %",
        "Скиньте смету на вайбер %, пожалуйста",
        "лучше созвонимся %",
        "Меня зовут Андрей, %. Жду звонка",
    ],
    &[
        "%",
        "мій номер %",
        "дзвоніть % після шостої",
        "Доброго дня! Наберіть мене %, домовимось",
        "тел. %",
        "ось мій телефон: %",
        "Напишіть у вайбер %",
        "% це мій, дзвоніть будь-коли",
        "Можу завтра, контакт %",
        "краще зателефонуйте %",
        "Мене звати Оксана, %. Чекаю дзвінка",
    ],
    &[
        "%",
        "my number is %",
        "call me on % after six",
        "Hi! Ring me at % and we'll agree on it",
        "phone: %",
        "here is my mobile: %",
        "Text me at %",
        "% is mine, call any time",
        "Can do it tomorrow, reach me at %",
        "better to talk, %",
        "WhatsApp % please",
    ],
    &[
        "%",
        "mon numéro est le %",
        "appelez-moi au % ce soir",
        "Bonjour ! Joignez-moi au %, on s'arrange",
        "tél. %",
        "voici mon portable : %",
        "Écrivez-moi sur whatsapp %",
        "% c'est le mien, appelez quand vous voulez",
        "Je peux demain, contact %",
        "le plus simple : %",
    ],
];

pub const MAIL: [&[&str]; 4] = [
    &[
        "%",
        "моя почта %",
        "пришлите чертежи на %",
        "Напишите мне: %, отвечу сегодня",
        "email: %",
        "мой адрес %, жду",
        "Скиньте фото на почту %",
    ],
    &[
        "%",
        "моя пошта %",
        "надішліть креслення на %",
        "Напишіть мені: %, відповім сьогодні",
        "email: %",
        "моя адреса %, чекаю",
    ],
    &[
        "%",
        "my email is %",
        "send the drawings to %",
        "Write to me at %, I answer today",
        "e-mail: %",
        "contact % for details",
    ],
    &[
        "%",
        "mon mail est %",
        "envoyez les plans à %",
        "Écrivez-moi à %, je réponds aujourd'hui",
        "courriel : %",
        "mon adresse %, merci",
    ],
];

pub const LINK: [&[&str]; 4] = [
    &["%", "мой сайт %", "портфолио тут: %", "Посмотрите работы на % и напишите", "вот ссылка %"],
    &[
        "%",
        "мій сайт %",
        "портфоліо тут: %",
        "Подивіться роботи на % і напишіть",
        "ось посилання %",
    ],
    &["%", "my site is %", "portfolio here: %", "Have a look at % and tell me", "the link: %"],
    &["%", "mon site : %", "mes travaux sont ici : %", "Regardez % et dites-moi", "le lien %"],
];

/// `%` is the handle, `&` the name of the messenger or network.
pub const HANDLE: [&[&str]; 4] = [
    &[
        "& %",
        "мой & %",
        "пишите в &: %",
        "я в &: %, там быстрее",
        "найдите меня в & — %",
        "Отвечу в & %",
    ],
    &["& %", "мій & %", "пишіть у &: %", "я в &: %, там швидше", "знайдіть мене в & — %"],
    &["& %", "my & is %", "write me on &: %", "I'm on & as %, it's faster", "find me on & - %"],
    &["& %", "mon & : %", "écrivez-moi sur & : %", "je suis sur & : %, c'est plus rapide"],
];

/// Names of messengers, and after them of networks, as they are.
pub const NAMES: [[&[&str]; 2]; 4] = [
    [
        &["telegram", "телеграм", "Telegram", "viber", "скайп", "signal"],
        &["instagram", "инстаграм", "Facebook", "вконтакте"],
    ],
    [
        &["telegram", "телеграм", "Telegram", "viber", "скайп", "signal"],
        &["instagram", "інстаграм", "Facebook", "тікток"],
    ],
    [
        &["telegram", "Telegram", "viber", "skype", "signal", "discord"],
        &["instagram", "Instagram", "Facebook", "tiktok"],
    ],
    [
        &["telegram", "Telegram", "viber", "skype", "signal"],
        &["instagram", "Instagram", "Facebook", "tiktok"],
    ],
];

/// The same as people write them to pass.
pub const NICKNAMES: [[&[&str]; 2]; 4] = [
    [
        &[
            "тг",
            "телега",
            "телеге",
            "тележка",
            "т г",
            "т.г",
            "tг",
            "телeгрaм",
            "тэгэ",
            "T.G.",
            "ватсап",
            "вацап",
            "вайбер",
        ],
        &["инста", "инсте", "инсту", "вк", "в к", "фб", "инcтaгpaм"],
    ],
    [
        &["тг", "телега", "телезі", "т г", "tг", "телeгрaм", "вотсап", "вайбер", "вайбері"],
        &["інста", "інсті", "фб", "ф б", "інcтaгpaм"],
    ],
    [
        &["tg", "t g", "t.g.", "telegr@m", "te1egram", "whatsap", "wapp", "tele gram"],
        &["insta", "ig", "i.g.", "inst@", "fb", "f b"],
    ],
    [
        &["tg", "t g", "télégram", "telegr@m", "te1egram", "whatsap", "tele gram"],
        &["insta", "ig", "inst@", "fb", "tik tok"],
    ],
];

pub const OPENINGS: [&[&str]; 4] = [
    &["Слушай, %", "% опять", "да это % какая-то", "%", "ну ты и %"],
    &["Слухай, %", "% знову", "та це % якась", "%", "ну ти й %"],
    &["Look, %", "% again", "that is % really", "%", "you %"],
    &["Écoute, %", "% encore", "c'est % vraiment", "%", "espèce de %"],
];
