//! What honest people write and a filter must leave alone: numbers that are no telephone numbers, names
//! that are no links, words that contain others, talk about telephones without one.

use std::fmt::Write as _;

use super::{Draft, Lang, prng::Prng};

/// `#` is a digit, `§` a digit from 1 to 9, `^` a capital, `{t}` a time, `{d}` a date, `{p}` a price.
const TEMPLATES: [&[&str]; 4] = [
    &[
        "Цена {p} руб. за всё",
        "Кухня {p} ₽, доставка 1500 ₽",
        "Площадь §#,# м², потолок 2,7 м",
        "Смета от {d}, сумма {p}",
        "Приду {d} в {t}",
        "с {t} до {t} буду на объекте",
        "Заказ №§####### оплачен",
        "Счёт §###-#### от {d}",
        "Артикул §#######",
        "ИНН §#########",
        "Карта заканчивается на ####, спишут {p}",
        "трек ^^#########RU",
        "ISBN 978-5-##-######-#",
        "координаты 55.######, 37.######",
        "размер §##x§##x§## мм",
        "нужна версия §.#.##",
        "рейс SU §### вылет в {t}",
        "ул. Ленина, д. §#, кв. §##, этаж §",
        "индекс 1§####, Москва",
        "файл смета_§.xlsx и фото IMG_####.jpg",
        "README.md обновил",
        "плитка, ламинат и т.д.",
        "ок.Хорошо, жду",
        "Готово.Завтра приеду",
        "Осталось §## рубля и два корабля",
        "застраховать и не употреблять",
        "команда из § человек",
        "мандарины по {p} за кг",
        "Позвоните мне через сайт, пожалуйста",
        "У меня нет телеграма",
        "мой телефон сломался, отвечу вечером",
        "Код домофона §#К####",
        "ГОСТ §####-20##",
        "штрихкод 460##########",
        "расход §,# л на 100 км",
        "Снип §.##.##-8#",
        "Диван 2024 года, пробег не нужен",
        "скидка §#% до {d}",
        "оплата в 2 этапа: {p} и {p}",
    ],
    &[
        "Ціна {p} грн за все",
        "Кухня {p} ₴, доставка 500 ₴",
        "Площа §#,# м², стеля 2,7 м",
        "Кошторис від {d}, сума {p}",
        "Прийду {d} о {t}",
        "з {t} до {t} буду на об'єкті",
        "Замовлення №§####### оплачено",
        "Рахунок §###-#### від {d}",
        "Артикул §#######",
        "ЄДРПОУ §#######",
        "ТТН 204###########",
        "відділення №§#, Київ",
        "індекс 0§###",
        "розмір §##x§##x§## мм",
        "рейс PS §### о {t}",
        "вул. Шевченка, буд. §#, кв. §##",
        "файл кошторис_§.xlsx",
        "плитка, ламінат і т.д.",
        "ок.Добре, чекаю",
        "Зателефонуйте через сайт, будь ласка",
        "У мене немає телеграму",
        "телефон розрядився, відповім увечері",
        "знижка §#% до {d}",
        "версія §.#.##",
        "координати 50.######, 30.######",
        "команда з § людей",
    ],
    &[
        "Price is ${p} in total",
        "The kitchen is £{p}, delivery £60",
        "Area §#.# sq m, ceiling 2.7 m",
        "Estimate of {d}, total {p}",
        "See you on {d} at {t}",
        "on site from {t} to {t}",
        "Order #§####### is paid",
        "Invoice §###-#### of {d}",
        "SKU §#######",
        "card ending in ####",
        "tracking 1Z§##^^#^##########",
        "ISBN 978-0-##-######-#",
        "coordinates 51.######, -0.######",
        "size §##x§##x§## mm",
        "needs version §.#.##",
        "flight BA §### at {t}",
        "flat §#, §## High Street",
        "ZIP §####, New York",
        "see estimate_§.xlsx and IMG_####.jpg",
        "README.md is updated",
        "Thanks.See you",
        "Mr.Smith will come",
        "class assassin, Scunthorpe United",
        "shiitake and a cocktail dress",
        "call me through the site please",
        "I don't use telegram",
        "my phone is broken, will answer tonight",
        "§#% off until {d}",
        "part no. §##-^^-####",
        "barcode 50###########",
        "up to §## miles per charge",
        "serial ^^^§#######",
    ],
    &[
        "Le prix est de {p} € au total",
        "La cuisine à {p} €, livraison 60 €",
        "Surface §#,# m², plafond 2,7 m",
        "Devis du {d}, total {p}",
        "Je viens le {d} à {t}",
        "sur place de {t} à {t}",
        "Commande n° §####### payée",
        "Facture §###-#### du {d}",
        "Réf. §#######",
        "SIRET ### ### ### #####",
        "colis 6A###########",
        "ISBN 978-2-##-######-#",
        "coordonnées 48.######, 2.######",
        "taille §##x§##x§## mm",
        "version §.#.##",
        "vol AF §### à {t}",
        "§# rue de la Paix, 750§#, Paris",
        "voir devis_§.xlsx et IMG_####.jpg",
        "Merci.À demain",
        "le concombre et la dispute",
        "appelez-moi par le site svp",
        "je n'ai pas telegram",
        "mon téléphone est cassé, je réponds ce soir",
        "remise de §#% jusqu'au {d}",
        "lot de § chaises à {p} €",
        "code-barres 3############",
        "etc. etc. et c'est fini.Bonne soirée",
    ],
];

pub fn draft(rng: &mut Prng, lang: Lang) -> Draft {
    let mut text = String::new();
    let mut template = rng.pick(lang.of(TEMPLATES));
    while let Some(c) = template.chars().next() {
        let code = ["{t}", "{d}", "{p}"].into_iter().find(|code| template.starts_with(code));
        template = &template[code.map_or(c.len_utf8(), str::len)..];
        match (code, c) {
            (Some("{t}"), _) => {
                let (hour, minute) = (8 + rng.below(13), rng.pick(&["00", "15", "30", "45"]));
                let _ = write!(text, "{hour}:{minute}");
            }
            (Some("{d}"), _) => {
                let (day, month, year) = (1 + rng.below(28), 1 + rng.below(12), 4 + rng.below(4));
                let _ = write!(text, "{day:02}.{month:02}.202{year}");
            }
            (Some(_), _) => text.push_str(&price(rng)),
            (None, '#') => text.push(rng.digit()),
            (None, '§') => text.push(char::from(b'1' + u8::try_from(rng.below(9)).unwrap_or(0))),
            (None, '^') => text.push(char::from(b'A' + u8::try_from(rng.below(26)).unwrap_or(0))),
            (None, c) => text.push(c),
        }
    }
    Draft { level: "innocent", text, labels: Vec::new(), history: Vec::new() }
}

fn price(rng: &mut Prng) -> String {
    let hundreds = 5 + rng.below(5000);
    let (thousands, rest) = (hundreds / 10, hundreds % 10);
    match rng.below(3) {
        _ if thousands == 0 => format!("{rest}00"),
        0 => format!("{thousands}{rest}00"),
        1 => format!("{thousands} {rest}00"),
        _ => format!("{thousands}.{rest}00"),
    }
}
