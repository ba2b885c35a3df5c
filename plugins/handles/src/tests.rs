//! The rules where they are easy to get wrong: what is a contact, what is only spoken of, and where a
//! span begins and ends.

use parlour_guest::{Context, Earlier, Fold, Folded, Json, Message, Plugin};

use crate::Handles;

/// What the host's fold does to plain texts: lower case, nothing else.
const FOLD: Fold = |text| Folded::plain(&text.to_lowercase());

fn found(settings: &str, text: &str, history: &[&str]) -> Vec<(String, u32, String)> {
    let settings = Json::read(settings).unwrap_or(Json::Null);
    let plugin = Handles::configure(&settings).unwrap_or_else(|e| panic!("{e:?}"));
    let message = Message { text: text.to_owned(), ..Message::default() };
    let earlier = |(n, text): (usize, &&str)| Earlier {
        id: n.to_string(),
        age_seconds: 20,
        same_sender: !text.starts_with('<'),
        text: text.trim_start_matches('<').to_owned(),
    };
    let history: Vec<Earlier> = history.iter().enumerate().map(earlier).collect();
    let context = Context { history: history.clone(), ..Context::default() };
    let findings = plugin.check(&message, &context, FOLD).unwrap_or_default();
    let part = |n: u32, start: u32, end: u32| {
        let whole = match usize::try_from(n).ok().and_then(|n| n.checked_sub(1)) {
            None => text,
            Some(n) => &history[n].text,
        };
        whole[start as usize..end as usize].to_owned()
    };
    findings
        .iter()
        .flat_map(|f| {
            f.spans.iter().map(|(n, s)| (f.category.clone(), *n, part(*n, s.start, s.end)))
        })
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let got = found("{}", text, &[]);
    let got: Vec<_> = got.iter().map(|(c, _, s)| (c.as_str(), s.as_str())).collect();
    assert_eq!(got, expected, "{text}");
}

/// Checks texts that hold one contact each: the text, the category and the span.
#[track_caller]
fn check_each(cases: &[(&str, &str, &str)]) {
    for (text, category, span) in cases {
        check(text, &[(category, span)]);
    }
}

#[test]
fn a_handle_is_covered_from_its_sign_to_its_end() {
    check_each(&[
        ("тг @ivan_petrov, жду", "messenger", "@ivan_petrov"),
        ("(телега: ivan.petrov)", "messenger", "ivan.petrov"),
        ("инста anna.design.", "social", "anna.design"),
        ("дискорд ivan#1234!", "messenger", "ivan#1234"),
        ("скайп live:ivan", "messenger", "live:ivan"),
        ("тг: @ ivan_p", "messenger", "@ ivan_p"),
        ("тг ivan нижнее подчёркивание p", "messenger", "ivan нижнее подчёркивание p"),
        ("@ivan_petrov это я в тг", "messenger", "@ivan_petrov"),
        ("tg/ivan_petrov", "messenger", "ivan_petrov"),
        ("телега: ivan_p.Пишите", "messenger", "ivan_p"),
    ]);
}

#[test]
fn a_platform_is_known_described_or_by_its_first_letter() {
    check_each(&[
        ("приложение на букву т: anna_nails", "messenger", "anna_nails"),
        ("book of faces anna_nails", "social", "anna_nails"),
        ("на бусти anna_nails", "messenger", "anna_nails"),
        ("тг айди 618204773", "messenger", "618204773"),
        ("мой id в телеге 618204773", "messenger", "618204773"),
    ]);
    // A link is found by another plugin.
    for text in ["instagram,com,anna_nails", "выбор anna_nails", "vk,com,id55501234"] {
        check(text, &[]);
    }
}

#[test]
fn a_name_is_told_by_all_that_is_said_around_it() {
    check_each(&[
        ("первая часть garik, вторая stroit, телега", "messenger", "garik, вторая stroit"),
        ("first half lesya, second half grom, telegram", "messenger", "lesya, second half grom"),
        ("tg in two parts: pashka and grom", "messenger", "pashka and grom"),
        ("nick is kate then seven seven, telegram", "messenger", "kate then seven seven"),
        ("мой ник kate сорок два цифрами, тг", "messenger", "kate сорок два"),
        ("в телеге быстрее, я там brixton", "messenger", "brixton"),
        ("let's use tg, i go by brixton there", "messenger", "brixton"),
        ("brixton - телега", "messenger", "brixton"),
        ("brixton is my telegram", "messenger", "brixton"),
    ]);
    for text in [
        "whatsapp seven hundred eighteen three hundred twenty zero eight zero nine",
        "есть телеграм бот brixton",
        "brixton is not on telegram",
        "telegram desktop hangs on brixton",
    ] {
        check(text, &[]);
    }
}

#[test]
fn marks_of_any_kind_join_the_pieces_beside_a_platform() {
    check_each(&[
        ("пиши в тг garik/stroit", "messenger", "garik/stroit"),
        ("garik * stroit в телеге", "messenger", "garik * stroit"),
        ("my tg: garik - stroit - 77", "messenger", "garik - stroit - 77"),
        ("тг garik . stroit", "messenger", "garik . stroit"),
        ("вк garik=stroit", "social", "garik=stroit"),
    ]);
    for text in ["youtube, ten minutes, sub-titles", "дискорд точка гг / garik555"] {
        check(text, &[]);
    }
}

#[test]
fn an_aside_parts_no_name_from_its_platform() {
    check_each(&[
        ("дискорд для вопросов: kate77", "messenger", "kate77"),
        ("вк после слеша samir77", "social", "samir77"),
        ("д с — toxaboost", "messenger", "toxaboost"),
        ("дискорд owl дієз 7712", "messenger", "owl дієз 7712"),
    ]);
}

#[test]
fn a_platform_that_is_shortened_or_described_names_whose_a_handle_is() {
    check_each(&[
        ("add me on the gamer chat app, samir_design", "messenger", "samir_design"),
        ("тгр samir_design", "messenger", "samir_design"),
        ("im on sgnl as samir dot 21", "messenger", "samir dot 21"),
        ("facebook: Samira Bell Piano Tuition", "social", "Samira Bell Piano Tuition"),
    ]);
    check("программа samir_design", &[]);
}

#[test]
fn an_invitation_tells_whose_a_name_elsewhere_is() {
    check_each(&[
        ("Пиши в дс, бо тут модератор))) samir_design", "messenger", "samir_design"),
        ("ajoute samir_design et on voit", "messenger", "samir_design"),
    ]);
    check("add user_id column", &[]);
}

#[test]
fn a_sentence_before_or_behind_hides_no_name() {
    for (text, name) in [
        ("Телега: roman, далі підкреслення і vikna", "roman, далі підкреслення і vikna"),
        ("дискорд злой кот #5521", "злой кот #5521"),
    ] {
        let long = format!(
            "Диван ещё продаётся, состояние хорошее, цена 5000. {text}. Самовывоз из центра, помогу погрузить."
        );
        let found = found("{}", &long, &[]);
        assert_eq!(found.first().map(|f| f.2.as_str()), Some(name), "{long}");
    }
    check("on peut s'arranger en direct, je garde le reste", &[]);
}

#[test]
fn words_in_brackets_inside_a_name_are_none_of_its_letters() {
    check_each(&[
        ("телеграм: samir(нижн. подч.)design", "messenger", "samir(нижн. подч.)design"),
        ("telegram: ole(na)_mebli", "messenger", "ole(na)_mebli"),
    ]);
    check("в телеграме размер(примерный) table", &[]);
}

#[test]
fn a_word_with_digits_is_a_name_in_any_script() {
    check_each(&[
        ("тг медведь99", "messenger", "медведь99"),
        ("snap : garrec-en-samir", "social", "garrec-en-samir"),
        ("пишите в нашу инстаграмку samir_design", "social", "samir_design"),
    ]);
    check("скидка10 в телеграме", &[]);
    check("телеграм для дом77 кв5", &[]);
}

#[test]
fn a_phrase_that_is_a_name_and_what_says_so_needs_no_platform() {
    for text in ["мой акк anna_nails", "anna_nails — это я", "mon compte anna_nails"] {
        check(text, &[("messenger", "anna_nails")]);
    }
    check("add me: annanails88", &[("messenger", "annanails88")]);
    for text in ["мой размер anna_nails", "скинь plan_kuhni", "смотри ветку plan_kuhni"]
    {
        check(text, &[]);
    }
}

#[test]
fn a_bare_mention_is_a_contact_by_its_shape_or_by_the_sentence() {
    for contact in ["@ivan_petrov", "@ivanpetrov", "пиши @ivanpetrov", "dm me @ivanpetrov"] {
        assert_eq!(found("{}", contact, &[]).len(), 1, "{contact}");
    }
    for mention in ["@anna спасибо", "спасибо, @anna!", "@all завтра в 10", "@media print"]
    {
        check(mention, &[]);
    }
    let flag = r#"{"mentions":"flag"}"#;
    assert_eq!(found(flag, "@anna спасибо", &[]).len(), 1);
    let ignore = r#"{"mentions":"ignore"}"#;
    assert_eq!(found(ignore, "@ivan_petrov", &[]).len(), 0);
    assert_eq!(found(ignore, "тг @ivan_petrov", &[]).len(), 1);
}

#[test]
fn work_on_platforms_is_no_contact() {
    for text in [
        "настроил бота для telegram",
        "telegram api отдаёт 429",
        "в telegram chat_id надо взять из getupdates",
        "пишите посты в инстаграме каждый день",
        "кнопка \"написать в whatsapp\" не работает",
        "бот должен отвечать в вотсап",
        "логин test_user1, пароль пришлёт система",
        "add discord login to the next.js app",
        "customers message us on whatsapp and the bot answers",
        "line 5 of the contract",
        "@types/node и @angular/core",
    ] {
        check(text, &[]);
    }
}

#[test]
fn an_invitation_is_the_phrase() {
    check("ну давай в телегу, ок?", &[("messenger", "давай в телегу")]);
    check("you can text me on whatsapp", &[("messenger", "text me on whatsapp")]);
    check("on passe sur whatsapp ?", &[("messenger", "passe sur whatsapp")]);
    check("не пишите мне в вотсап", &[]);
    check("в телеграм не надо", &[]);
    check("пишите в вотсап 8 916 123-45-67", &[]);
    assert!(found(r#"{"invitations":false}"#, "давай в телегу", &[]).is_empty());
}

#[test]
fn ignored_platforms_stay() {
    let settings = r#"{"ignore_platforms":["telegram"]}"#;
    assert!(found(settings, "тг @ivan_petrov", &[]).is_empty());
    assert_eq!(found(settings, "инста @ivan_petrov", &[]).len(), 1);
}

#[test]
fn a_wrong_configuration_is_refused_by_key() {
    for (settings, key) in [
        (r#"{"colour":1}"#, "colour"),
        (r#"{"mentions":"some"}"#, "mentions"),
        (r#"{"mentions":1}"#, "mentions"),
        (r#"{"invitations":"no"}"#, "invitations"),
        (r#"{"ignore_platforms":"vk"}"#, "ignore_platforms"),
        (r#"{"ignore_platforms":["icq2"]}"#, "ignore_platforms"),
    ] {
        let settings = Json::read(settings).unwrap_or(Json::Null);
        let errors = Handles::configure(&settings).err().unwrap_or_default();
        assert!(errors.iter().any(|e| e.starts_with(key)), "{key}: {errors:?}");
    }
}

#[track_caller]
fn check_split(text: &str, history: &[&str], expected: &[(u32, &str)]) {
    let got = found("{}", text, history);
    let got: Vec<_> = got.iter().map(|(_, n, s)| (*n, s.as_str())).collect();
    assert_eq!(got, expected, "{text} after {history:?}");
}

#[test]
fn pieces_in_several_messages_are_one_contact() {
    check_split("ivan_petrov", &["мой телеграм"], &[(0, "ivan_petrov")]);
    check_split("petrov", &["ivan_", "пиши в телегу"], &[(0, "petrov"), (1, "ivan_")]);
    check_split("это мой тг", &["ivan_petrov"], &[(1, "ivan_petrov")]);
    check_split("ivan_petrov", &["грам", "теле"], &[(0, "ivan_petrov")]);
    check_split("@ivan", &["<какой у вас телеграм?"], &[(0, "@ivan")]);
    check_split("kuhnipro", &["<какой ник?", "пишите в личку телеги"], &[(0, "kuhnipro")]);
    check_split("_nails, телега", &["olya"], &[(0, "_nails"), (1, "olya")]);
    check_split(
        "и plitka55",
        &["потом нижнее подчёркивание", "в телеге anton"],
        &[(0, "plitka55"), (1, "нижнее подчёркивание"), (2, "anton")],
    );
    check_split(
        "second half _brick",
        &["<yes?", "first half @owen", "telegram"],
        &[(0, "_brick"), (2, "@owen")],
    );
    check_split(
        "k",
        &["o", "l", "y", "телега, ник по буквам"],
        &[(0, "k"), (1, "o"), (2, "l"), (3, "y")],
    );
    check_split("это тг", &["<что это?", "gosha_manip", "завтра приедем"], &[(2, "gosha_manip")]);
}

#[test]
fn pieces_go_on_behind_slang_signs_and_numbers() {
    check_split("_movers_bx", &["tele piano"], &[(0, "_movers_bx"), (1, "piano")]);
    check_split("movers", &["tele piano"], &[]);
    check_split("ia_shpalery", &["телеграм @oles"], &[(0, "ia_shpalery"), (1, "@oles")]);
    check_split("svarka_pro", &["грам", "теле"], &[(0, "svarka_pro")]);
    check_split("410358", &["id77", "пишите в вк"], &[(0, "410358"), (1, "id77")]);
    check_split("889120", &["вк id 401"], &[(0, "889120"), (1, "401")]);
    check_split("8812", &["tosik# мой дискорд"], &[(0, "8812"), (1, "tosik#")]);
    check_split("Алёна Птичкина", &["в вк меня зовут"], &[(0, "Алёна Птичкина")]);
    check_split("Алёна Птичкина", &["вчера в вк кино смотрели"], &[]);
    check_split("12000", &["да", "мой вк"], &[]);
    check_split(
        "mika всё вместе, кружки там по 900",
        &["ba_kera", "инста lu"],
        &[(0, "mika"), (1, "ba_kera"), (2, "lu")],
    );
    check_split(
        "404 без пробелов, кидай заявку",
        &["byte", "дс frost"],
        &[(0, "404"), (1, "byte"), (2, "frost")],
    );
}

#[test]
fn names_in_cyrillic_have_dots_too() {
    check_each(&[
        ("Тикток удав точка гараж гляньте", "social", "удав точка гараж"),
        ("Фейсбук Наталя крапка Мовчан напишіть", "social", "Наталя крапка Мовчан"),
        ("мой ник в тиктоке бабушкины.пирожки", "social", "бабушкины.пирожки"),
        ("ищи в инсте по названию \"свечной дом\"", "social", "свечной дом"),
        ("шукайте \"меблі від петра\" в інстаграмі", "social", "меблі від петра"),
        ("just look up Mike Harrow Plumbing on facebook", "social", "Mike Harrow Plumbing"),
        ("Je vends sur Facebook sous le nom de Nadia Brocante", "social", "Nadia Brocante"),
        (
            "телега начинается на va, дальше digital, дальше 777",
            "messenger",
            "va, дальше digital, дальше 777",
        ),
        ("fb: Sandra O'Neill Bristol", "social", "Sandra O'Neill Bristol"),
        ("Одноклы: пасека.у.деда.кузьмы пишите", "social", "пасека.у.деда.кузьмы"),
        ("дискорд пельмень решётка 4-4-1-2", "messenger", "пельмень решётка 4-4-1-2"),
    ]);
    check("Инста: пироги.Там всё", &[]);
    check("в инстаграм зайти не могу точка", &[]);
    check(
        "Напишіть у телегу, бо тут не приходять сповіщення: petro_velo",
        &[("messenger", "petro_velo")],
    );
    check("I saw Mark Zuckerberg on Facebook", &[]);
    check("найди \"как клеить обои\" на ютубе, там видно", &[]);
    check("your facebook ad was 20 dollars lower, is that right?", &[]);
}

#[test]
fn a_name_of_three_parts_behind_a_platform_is_no_host() {
    check("Мій Skype: iryna.tutor.ua, пробне", &[("messenger", "iryna.tutor.ua")]);
    check("skype anna.com.ua", &[]);
    check("anna.tutor.ua", &[]);
}

#[test]
fn platforms_are_named_with_endings_in_pieces_and_with_digits() {
    check_each(&[
        ("my discord's fluffy#0420", "messenger", "fluffy#0420"),
        ("discord: pandaroux diese 3307", "messenger", "pandaroux diese 3307"),
        ("t3le: house_keys", "messenger", "house_keys"),
        ("Te le gram: nina4flats", "messenger", "nina4flats"),
        ("teIegrarn is van_man_ok", "messenger", "van_man_ok"),
        ("ma chaîne you tube @AtelierDuGrenier montre", "social", "@AtelierDuGrenier"),
        ("IG compris : mimi_chine_93", "social", "mimi_chine_93"),
        ("skype live:dot cid dot arunlogo", "messenger", "live:dot cid dot arunlogo"),
        ("snap: k3lsey (dash) thr1fts", "social", "k3lsey (dash) thr1fts"),
        ("snap tit ouan du 93 tout collé", "social", "tit ouan du 93"),
        ("YouToob channel @fixit", "social", "@fixit"),
        ("tiktok grandpas tractors remove the gaps", "social", "grandpas tractors"),
        ("T.G. carrel@ge_bruno_69", "messenger", "carrel@ge_bruno_69"),
    ]);
}

#[test]
fn what_only_follows_is_no_piece() {
    check_split("thanks", &["my telegram is broken"], &[]);
    check_split("ok", &["телега дров"], &[]);
    check_split("photoshop", &["<настроите телеграм бота?"], &[]);
    check_split("user_name", &["поле в базе"], &[]);
    check_split("Bosch_55", &["<как называется модель?", "да", "<телеграм есть?"], &[]);
    check_split("black_gold", &["<какие цвета?", "оформление инстаграм"], &[]);
    check_split("shadow_fiend", &["<ваш ник в доте?"], &[]);
    check_split("@mail.ru", &["vera.kulikova", "моя почта"], &[]);
    check_split("part_2", &["part_1", "пришлю в двух частях"], &[]);
    check_split("sorry", &["<ah right", "can't share it here", "<whats your insta handle?"], &[]);
}
