//! Messages to measure with: what people write to each other on a marketplace, of a wanted length, in
//! four languages; every third holds something to be found. The same ones in every run.

use crate::quality::LabelledCase;

/// Sentences of one language, and those with a contact or a rude word in them.
struct Tongue {
    lang: &'static str,
    plain: [&'static str; 12],
    marked: [&'static str; 4],
}

const TONGUES: [Tongue; 4] = [
    Tongue {
        lang: "ru",
        plain: [
            "Здравствуйте, подскажите, пожалуйста, диван ещё продаётся?",
            "Могу забрать завтра после шести вечера, живу рядом с метро.",
            "Торг уместен, если заберу сразу два кресла?",
            "Размеры 180 на 90, высота 75 см, механизм исправен.",
            "Цена 12 500 рублей, доставка по городу ещё 900.",
            "Царапин нет, обивку чистили в прошлом месяце.",
            "Спасибо, тогда договорились, в субботу в 14:30 буду у подъезда.",
            "Заказ оплатил, чек приложил, ждём отправки до 25.11.2026.",
            "Артикул на коробке AB-1203, гарантия до конца года.",
            "Если не подойдёт по цвету, можно будет вернуть в течение недели?",
            "Фотографии пришлю вечером, сейчас на работе.",
            "Столешница из дуба, ножки металлические, собирается за полчаса.",
        ],
        marked: [
            "Мой номер 8 916 123-45-67, звоните в любое время.",
            "Пишите в телегу @divan_msk_77, там быстрее.",
            "Почта ivan.petrov (собака) mail точка ru, скину фото.",
            "Да пошёл ты, сука, сам вези свой диван.",
        ],
    },
    Tongue {
        lang: "uk",
        plain: [
            "Доброго дня, чи ще актуальне оголошення про велосипед?",
            "Можу забрати сьогодні ввечері, живу неподалік від центру.",
            "Колеса 26 дюймів, рама алюмінієва, гальма дискові.",
            "Ціна 8 400 гривень, за готівку поступлюся на 200.",
            "Відправлю поштою завтра зранку, номер накладної надішлю тут.",
            "Подряпини лише на лівій педалі, їздили два сезони.",
            "Дякую, тоді чекаю на вас у неділю об 11:00 біля входу.",
            "Чи можна повернути, якщо не підійде за розміром?",
            "У комплекті насос, замок і запасна камера.",
            "Замовлення оплатив, квитанцію додав до повідомлення.",
            "Фотографії зроблю вдома, зараз поганий зв'язок.",
            "Сидіння нове, ланцюг міняли у вересні.",
        ],
        marked: [
            "Мій телефон 067 123 45 67, дзвоніть після обіду.",
            "Напишіть у вайбер нуль шістдесят сім сто двадцять три сорок п'ять шістдесят сім.",
            "Деталі на сайті velo-shop точка com точка ua.",
            "Пошта olena.k@ukr.net, надішлю всі фото.",
        ],
    },
    Tongue {
        lang: "en",
        plain: [
            "Hello, is the bookshelf in the photo still available?",
            "I could pick it up tomorrow after six, I live close by.",
            "Would you take a bit less if I also take both chairs?",
            "It is 180 cm tall and 40 cm deep, solid oak, no scratches.",
            "The price is 120 and delivery in town is another 15.",
            "Order 4471-2203 was paid this morning, the receipt is attached.",
            "Thanks, see you on Saturday at 10:30 in front of the house.",
            "Can I return it within a week if the colour does not fit?",
            "The screws and the manual for version 2.4 are in the box.",
            "I will send more pictures in the evening, I am at work now.",
            "It takes half an hour to put together, two people are enough.",
            "We bought it three years ago and kept it in a dry room.",
        ],
        marked: [
            "Call me on +44 7700 900123 whenever you like.",
            "My mail is jane dot doe at gmail dot com, write there.",
            "More pictures on hxxps://bit.ly/3xYzAbc if you want.",
            "What a stupid bitch you are, keep your fucking shelf.",
        ],
    },
    Tongue {
        lang: "fr",
        plain: [
            "Bonjour, est-ce que la table est toujours disponible ?",
            "Je peux passer demain après dix-huit heures, j'habite à côté.",
            "Le prix est de 85 euros, la livraison en ville coûte 12 euros.",
            "Elle mesure 160 cm sur 90, le plateau est en chêne massif.",
            "Quelques rayures sur un pied, sinon elle est comme neuve.",
            "Merci, alors à samedi à 14 h 30 devant l'immeuble.",
            "La commande 2026-1187 a été payée ce matin.",
            "Puis-je la rendre dans la semaine si la couleur ne va pas ?",
            "Les vis et la notice sont dans la boîte d'origine.",
            "J'enverrai d'autres photos ce soir, je suis au travail.",
            "Il faut une demi-heure pour la monter, à deux c'est facile.",
            "Nous l'avons achetée il y a trois ans à Lyon.",
        ],
        marked: [
            "Mon numéro est le 06 12 34 56 78, appelez quand vous voulez.",
            "Écrivez-moi sur WhatsApp au zéro six douze trente-quatre cinquante-six.",
            "Mon adresse est marie.durand arobase orange point fr.",
            "Ajoute-moi sur insta : marie_deco_69.",
        ],
    },
];

/// `count` messages of `length` characters each, cut where they end.
#[must_use]
pub fn letters(count: usize, length: usize) -> Vec<LabelledCase> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below.max(1) as u64).unwrap_or(0)
    };
    (0..count)
        .map(|n| {
            let tongue = &TONGUES[n % TONGUES.len()];
            let mut text = String::new();
            if (n / TONGUES.len()).is_multiple_of(3) {
                text.push_str(tongue.marked[next(tongue.marked.len())]);
            }
            while text.chars().count() < length {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(tongue.plain[next(tongue.plain.len())]);
            }
            LabelledCase {
                place: format!("letter {n}"),
                text: text.chars().take(length).collect(),
                lang: tongue.lang.to_owned(),
                level: "letter".to_owned(),
                labels: Vec::new(),
                history: Vec::new(),
            }
        })
        .collect()
}
