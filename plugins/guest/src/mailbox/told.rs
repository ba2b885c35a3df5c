//! Addresses told in a sentence: the name and the provider apart, other words or marks between them, as in
//! `petrov.s на сервере mail.ru`, `my gmail is john.s`. Knows tokens and hosts.

use super::words::{AT, LEADS, MAIL, PROVIDERS, SURE_PROVIDERS};
use super::{At, Hit, LOCAL_TOKENS_MAX, Proof, domain};
use crate::host;
use crate::list::{Row, one_of};
use crate::scan::{Kind, Token};

/// Words between a name and a provider behind it that do not say anything else.
pub(super) static BETWEEN: Row = Row::of(
    "a account address adresse after and après at avant before box boîte c'est chez circle \
     comme d devant domain du email en ends enroulé ensuite et finit front google habituel \
     half host in is it's its le mail mon my name of on one over part plus rest rond second \
     server shift sign starts sur symbol t termine that that's the then truc u usual with à а \
     адрес акк аккаунт в везде вторая второй вухо гугл дальше домен домене же заканчивается \
     закінчується знак значок и кружочке кусок мое мой моя моё моє мыло мій на начинается ну \
     обычное обычный одно остальное от перед плюс половина половинка после потом починається \
     почта почте почтовый пошта пошті привычное провайдер сайн сам само самый сервак сервер \
     сервере сервис сервіс скринька скриньку собачки так также також теж то тоже тот тільки у \
     хвостиком це часть шифт это этот ящик",
);

/// Words between a provider and a name behind it.
pub(super) static NAMES: Row = Row::of(
    "account add address adresse after am and as before c'est est front gauche goes handle \
     here i i'm id identifiant in is it it's je just like login mail me my name named nick \
     nom of pseudo sous suis that the to under use user username à адрес адреса аккаунт вот \
     впереди дағы до именем имя ищи ищите к как логин логином логін мой моя мій нею ник ником \
     ним нік перед пиши пишите под после почта почте почту почты пошта пошту під слева собаки \
     собакой собачкой спереду там шукай шукайте ым это я як ящик ім'я",
);

/// Words in names of things that have an underscore or digits too.
static THINGS: Row = Row::of(
    "airpods bbox box code core devis doc docs dogovor draft facture file final foto free \
     freebox galaxy gtx guest hd image img invoice ipad iphone livebox macbook mi model mp \
     noel nokia office order outlook photo pixel promo ps redmi report room rtx sale samsung \
     scan screen screenshot sku usb ver version video wh wi windows xiaomi zakaz айфон акт \
     договор отчет отчёт скан счет счёт файл фото чек",
);

/// Endings of file names.
static FILES: Row = Row::of(
    "ai apk avi cdr csv doc docx dwg eps exe gif heic html iso jpeg jpg js json log md mkv mov \
     mp odt pdf png ppt pptx psd py rar rtf sql svg tmp txt webp xls xlsx xml zip",
);

/// Whether a run of tokens is the name of a file or of a thing for sale, not of a person.
pub(super) fn is_thing(name: &[Token<'_>]) -> bool {
    let listed = |list: &Row, t: Option<&Token<'_>>| t.is_some_and(|t| list.contains(t.text));
    let dot = name.iter().rposition(|t| t.is("."));
    let file = dot.is_some_and(|n| listed(&FILES, name.get(n + 1)));
    // `lesya_foto` is somebody.
    let last = || {
        let works =
            |t: &Token<'_>| one_of("foto photo video фото promo office design zakaz", t.text);
        listed(&THINGS, name.last()) && !name.last().is_some_and(works)
    };
    file || listed(&THINGS, name.first()) || name.len() > 1 && last()
}

/// Where the name begins that ends before token `to`, if it is the name of an account by its looks: Latin
/// letters with a dot or an underscore inside or digits behind them, no file and no host.
fn name_before(tokens: &[Token<'_>], floor: usize, to: usize) -> Option<usize> {
    let solid = |t: &Token<'_>| t.text.is_ascii() && t.is_solid() || t.is_joint();
    let mut from = to;
    while from > floor && to - from < LOCAL_TOKENS_MAX && tokens.get(from - 1).is_some_and(solid) {
        from -= 1;
    }
    while tokens.get(from).is_some_and(|t| t.kind == Kind::Mark && !t.is("_")) {
        from += 1;
    }
    let name = tokens.get(from..to)?;
    is_account(name).then_some(from)
}

pub(super) fn is_account(name: &[Token<'_>]) -> bool {
    let (Some(first), Some(last)) = (name.first(), name.last()) else {
        return false;
    };
    let bytes = last.end - first.start;
    let letters: usize = name.iter().filter(|t| t.kind == Kind::Word).map(|t| t.text.len()).sum();
    let inner = name.iter().any(|t| matches!(t.text, "." | "_"));
    let digits = name.iter().any(|t| t.kind == Kind::Digits);
    let plain = last.kind != Kind::Mark && first.kind != Kind::Digits;
    let site = inner && host::is_sure(last.text);
    plain
        && bytes > 4
        && letters > 2
        && (inner || digits || name.len() > 2)
        && !site
        && !is_thing(name)
}

/// A provider whose name says nothing but mail.
pub(super) fn is_mail_only(word: &str) -> bool {
    [
        "gm", "гм", "джим", "джм", "жм", "googlem", "hotm", "хотм", "proton", "ymail", "laposte",
        "wanadoo", "ukr", "укр",
    ]
    .iter()
    .any(|head| word.starts_with(head))
        || one_of("bk inbox outlook icloud rambler", word)
}

/// A word without the ending of a case.
pub(super) fn stem(word: &str) -> Option<&str> {
    let (stem, end) = word.split_at_checked(word.len().checked_sub(2)?)?;
    one_of("е у а і", end).then_some(stem)
}

/// The provider that a word names, in any case.
pub(super) fn provider_of(word: &str) -> Option<&str> {
    if PROVIDERS.contains(word) {
        return Some(word);
    }
    let stem = stem(word).or_else(|| word.strip_suffix("ом"))?;
    (stem.len() > 7 && SURE_PROVIDERS.contains(stem)).then_some(stem)
}

/// What stands between a name and a provider behind it.
struct Between {
    /// Where the name begins.
    from: usize,
    words: usize,
    /// None of the words says anything else.
    quiet: bool,
    marks: usize,
    /// A bracket is closed right before the provider.
    closed: bool,
    /// A mark that no sentence has.
    odd: bool,
}

/// Looks for a name before token `begin`, not before `floor`.
fn look_back(tokens: &[Token<'_>], floor: usize, begin: usize) -> Option<Between> {
    const WORDS: usize = 4;
    let mut seen = Between { from: 0, words: 0, quiet: true, marks: 0, closed: false, odd: false };
    let mut n = begin;
    loop {
        let t = tokens.get(n.checked_sub(1).filter(|n| *n >= floor)?)?;
        match t.kind {
            Kind::Space => n -= 1,
            // `1) name 2) at`
            _ if let Some(before) = numbering(tokens, n) => n = before,
            Kind::Mark if matches!(t.text, "!" | "?" | "%" | "\\" | "_") => return None,
            // `name (this is the login) at`
            Kind::Mark
                if t.is(")")
                    && let Some(open) = opening(tokens, floor, n) =>
            {
                seen.closed |= n == begin || n + 1 == begin;
                seen.marks += 1;
                n = open;
            }
            Kind::Mark
                if t.is(".")
                    && crate::scan::text(tokens, n.wrapping_sub(2)) != "."
                    && seen.marks == 0 =>
            {
                return None;
            }
            Kind::Mark => {
                seen.marks += 1;
                seen.odd |= !matches!(t.text, "," | ":" | "-" | "." | "(" | "\"");
                n -= 1;
            }
            Kind::Word | Kind::Digits if n == begin => return None,
            Kind::Word | Kind::Digits => {
                if let Some(from) = name_before(tokens, floor, n) {
                    seen.from = from;
                    return Some(seen);
                }
                // `put toms in front of the at sign, then gmail.com`
                if seen.quiet
                    && one_of("before in devant avant перед до", crate::scan::text(tokens, n + 1))
                    && is_put(tokens, n - 1)
                {
                    seen.from = n - 1;
                    return Some(seen);
                }
                seen.words += 1;
                let quiet = BETWEEN.contains(t.text) || AT.contains(t.text) || t.text == "2";
                // Another address, or none.
                if !quiet && (host::is_sure(t.text) || PROVIDERS.contains(t.text)) {
                    return None;
                }
                seen.quiet &= quiet;
                n -= 1;
                if seen.words > if seen.quiet { 2 * WORDS } else { WORDS } {
                    return None;
                }
            }
        }
    }
}

/// Words that tell to write a name, or an ending, somewhere.
const ADD: &str = "add ajoute append attach insert mets mettez put rajoute rajoutez stick tack tapez type \
     write добавь добавьте додай додайте допиши допишите допишіть напиши напишите поставь \
     поставьте";

/// Whether token `n` is a Latin word that is to be written before something.
fn is_put(tokens: &[Token<'_>], n: usize) -> bool {
    tokens.get(n).is_some_and(|t| t.text.is_ascii() && t.text.len() > 4)
        && one_of(ADD, crate::scan::text(tokens, n.wrapping_sub(2)))
}

/// `petrov.s, сервер mail.ru`, `john_s (gmail)`: a provider at token `i` and a name before it.
pub(super) fn told(tokens: &[Token<'_>], free_from: usize, i: usize) -> Option<Hit> {
    const TOKENS: usize = 32;
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word && i > free_from)?.text;
    let (begin, named) = google(tokens, i).map_or((i, None), |(from, to)| (from, Some(to)));
    let provider = if named.is_some() { "gmail" } else { provider_of(word)? };
    let floor = free_from.max(i.saturating_sub(TOKENS));
    let Between { from, words, quiet, marks, closed, odd } = look_back(tokens, floor, begin)?;
    let before = tokens.get(..from)?.iter().rev();
    // `@anna_k`, `#sale2024`, `site.ru/anna_k`
    let tagged = crate::scan::marks(tokens, i.wrapping_sub(1), b'#');
    if before
        .clone()
        .next()
        .is_some_and(|t| matches!(t.text, "@" | "/" | "$" | "№") || t.is("#") && !tagged)
    {
        return None;
    }
    let (end, whole) = named.map_or_else(|| ending(tokens, i), |to| (to, false));
    if end > i + 1 && matches!(crate::scan::text(tokens, end), "/" | "?") {
        return None;
    }
    let led = || {
        let words = before
            .clone()
            .filter(|t| t.kind != Kind::Space && !matches!(t.text, ":" | "-"))
            .take(3);
        words.into_iter().any(|t| LEADS.contains(t.text) || NAMED.contains(t.text))
    };
    let mail = one_of(MAIL, crate::scan::text(tokens, end + 1));
    let sure = is_mail_only(provider);
    let sound = if whole {
        sure || closed || quiet && (marks > 0 || words > 0) && (led() || words > 0 || odd)
    } else {
        quiet
            && SURE_PROVIDERS.contains(provider)
            && (sure && provider != "icloud" && provider != "outlook" || led() || mail)
    };
    let closes = matches!(
        (crate::scan::text(tokens, begin - 1), crate::scan::text(tokens, end)),
        ("(", ")") | ("[", "]") | ("{", "}")
    );
    let end = end + usize::from(closes);
    sound.then(|| (from, end, provider.to_owned(), "without-at", 2))
}

/// The mail of a search engine, `гугл почта`, `почта гугл`, around the word for mail at token `i`.
fn google(tokens: &[Token<'_>], i: usize) -> Option<(usize, usize)> {
    let engine = |n: usize| {
        let word = crate::scan::text(tokens, n);
        one_of("g gee гугл google гугловская гугловской гугла гуглівська", word)
    };
    if !one_of(MAIL, tokens.get(i)?.text) {
        return None;
    }
    if i > 1 && engine(i - 2) {
        return Some((i - 2, i + 1));
    }
    engine(i + 2).then_some((i, i + 3))
}

/// Words before a name that say that it is one.
pub(super) static NAMED: Row = Row::of(
    "identifiant login name nick pseudo user username имя логин логін ник нік собаки ящик ✉ ✉️ \
     💌 📧 📨 📩",
);

/// The beginning of a number of a list that ends before token `n`, `2)`.
fn numbering(tokens: &[Token<'_>], n: usize) -> Option<usize> {
    let (number, mark) = (tokens.get(n.checked_sub(2)?)?, tokens.get(n - 1)?);
    let short = number.kind == Kind::Digits || number.text.chars().nth(1).is_none();
    let first = n < 3 || tokens.get(n - 3).is_some_and(|t| t.kind == Kind::Space);
    let solid = matches!(number.kind, Kind::Digits | Kind::Word) && number.text.len() < 3;
    (matches!(mark.text, ")" | ".") && short && solid && first).then_some(n - 2)
}

/// The bracket that is closed before token `n`.
fn opening(tokens: &[Token<'_>], floor: usize, n: usize) -> Option<usize> {
    let open = (floor..n).rev().find(|n| crate::scan::marks(tokens, *n, b'('))?;
    tokens.get(open + 1..n - 1)?.iter().all(|t| !t.is(")")).then_some(open)
}

/// Where the domain that begins at token `i` ends, and whether it has an ending.
fn ending(tokens: &[Token<'_>], i: usize) -> (usize, bool) {
    const TOKENS: usize = 14;
    static WORDS: Row = Row::of(
        "c'est celle domain en end ending fin host in is qui t the tld zone домен зона зоне зоні конец которая которое который на наш наша там у що який",
    );
    let at = At { from: i, to: i, signs: 2, proof: Proof::Provider };
    if let Some((end, ..)) = domain(tokens, &at).filter(|(end, ..)| *end > i + 1) {
        return (end, true);
    }
    let mut n = i + 1;
    while let Some(t) = tokens.get(n).filter(|_| n < i + TOKENS) {
        let word = t.is_solid();
        if word && n > i + 1 && (host::is_sure(t.text) || t.text == "me" || t.text == "нет") {
            return (n + 1, true);
        }
        let next = tokens.get(n + 1).is_some_and(|t| matches!(t.text, ")" | "."));
        let listed = word && next && t.text.chars().nth(2).is_none();
        if word && !listed && !WORDS.contains(t.text) && !host::is_dot(t)
            || matches!(t.text, "!" | "?")
        {
            break;
        }
        n += 1;
    }
    (i + 1, false)
}

/// `ящик яндекс, логин petrov.s`, `my gmail is john.s`: a provider at token `i` and a name behind it.
pub(super) fn named(tokens: &[Token<'_>], free_from: usize, i: usize) -> Option<Hit> {
    const TOKENS: usize = 12;
    const WORDS: usize = 4;
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word && i >= free_from)?.text;
    // `гугл почта, перед собакой petrov.s`, `g-mail c'est petrov.s`
    let engine = google(tokens, i);
    let provider = if engine.is_some() { "gmail" } else { provider_of(word)? };
    // The name of an account elsewhere.
    if word == "live" && crate::scan::marks(tokens, i + 1, b':') {
        return None;
    }
    // Most have no dot behind them.
    let host = host::dot(tokens, i + 1).and_then(|_| host::read(tokens, i)).map(|host| host.end);
    let behind = engine.map_or(i + 1, |(_, to)| to);
    let (mut n, mut words, mut colon) = (host.unwrap_or(behind), 0, false);
    let mut mail = is_mail_only(provider) || host.is_some();
    // `add @gmail.com to toms`
    let added = || {
        host.is_some()
            && crate::scan::marks(tokens, i.wrapping_sub(1), b'@')
            && one_of(ADD, crate::scan::text(tokens, i.wrapping_sub(3)))
    };
    let to = loop {
        let t = tokens.get(n).filter(|_| n < i + TOKENS)?;
        match t.kind {
            Kind::Space => n += 1,
            Kind::Mark
                if matches!(t.text, "," | ":" | "-" | "(" | "\"" | "=" | ">")
                    || !t.text.is_ascii() =>
            {
                colon |= t.is(":");
                n += 1;
            }
            Kind::Mark => return None,
            Kind::Word | Kind::Digits => {
                let to = name_end(tokens, n);
                let weak = words == 1 && to == n + 1 && t.text.len() > 3 && added();
                if weak || is_account(tokens.get(n..to)?) {
                    break to;
                }
                // `мейл ру, ник petrov.s`
                let last = n == i + 2 && (host::is_sure(t.text) || t.text == "нет");
                let known = last || NAMES.contains(t.text);
                mail |= last
                    || one_of(MAIL, t.text)
                    || one_of("ящик логин login логін identifiant username", t.text);
                words += 1;
                n += 1;
                if !known || words > WORDS {
                    return None;
                }
            }
        }
    };
    let name = tokens.get(n..to)?;
    let before = || {
        let words = tokens
            .get(..i)
            .unwrap_or_default()
            .iter()
            .rev()
            .filter(|t| t.kind == Kind::Word)
            .take(2);
        words
            .into_iter()
            .any(|t| t.text == "chez" || LEADS.contains(t.text) || NAMED.contains(t.text))
    };
    let marked = name.iter().any(|t| matches!(t.text, "." | "_") || colon && t.is("-"));
    let gapped = n > i + 1
        && tokens
            .get(n - 1)
            .is_some_and(|t| t.kind != Kind::Mark || !t.text.is_ascii() || t.is("\"") || t.is(":"));
    // `на яндексе я ivan.k`
    let there = || i > 1 && one_of("на on", crate::scan::text(tokens, i - 2)) && marked;
    let sound = gapped
        && (words > 0 && (mail || before() || there())
            || marked && words == 0 && (engine.is_some() || before()));
    // An `@` or a provider behind the name says more.
    let more = tokens.get(to..)?.iter().take(TOKENS + 2).any(|t| {
        t.is("@") || t.kind == Kind::Word && (PROVIDERS.contains(t.text) || AT.contains(t.text))
    });
    let at = to + usize::from(crate::scan::gap(tokens, to));
    let open = super::at_sign(tokens, at).is_none();
    let from = if host.is_some() { i } else { n };
    (sound && !more && open).then(|| (from, to, provider.to_owned(), "without-at", 2))
}

/// Where the unbroken name ends that begins at token `from`.
fn name_end(tokens: &[Token<'_>], from: usize) -> usize {
    let solid = |t: &Token<'_>| t.text.is_ascii() && (t.is_solid() || t.is_joint());
    let mut to = from;
    while to < from + LOCAL_TOKENS_MAX && tokens.get(to).is_some_and(solid) {
        to += 1;
    }
    while to > from && tokens.get(to - 1).is_some_and(|t| t.kind == Kind::Mark && !t.is("_")) {
        to -= 1;
    }
    to
}

#[cfg(test)]
mod tests {
    use crate::Folded;
    use crate::mailbox::detect_all;

    #[test]
    fn an_address_told_in_a_sentence() {
        for (text, expected) in [
            ("логин petrov.s88, сервер mail.ru", "petrov.s88, сервер mail.ru"),
            ("petrov_s (ну тот значок) mail.ru", "petrov_s (ну тот значок) mail.ru"),
            ("my gmail is john.smith92", "john.smith92"),
            ("john.smith92 (gmail)", "john.smith92 (gmail)"),
            ("ящик яндекс, логин petrov.s88", "petrov.s88"),
            ("#zhenya.lak #песик #gmail #com", "zhenya.lak #песик #gmail #com"),
            ("1) regina.n 2) собака 3) bk 4) точка ру", "regina.n 2) собака 3) bk 4) точка ру"),
            ("u: eva.seo, d: proton, t: me", "eva.seo, d: proton, t: me"),
            ("гугл почта, перед собакой petrov.s", "petrov.s"),
            ("gee mail: john.smith", "john.smith"),
            ("g-mail c'est john.smith", "john.smith"),
            ("мейл ру, ник petrov.s", "petrov.s"),
            ("моя почта на gmail: anna-smith", "anna-smith"),
            ("just add @gmail.com to jsmith", "gmail.com to jsmith"),
            (
                "put jsmith in front of the at sign then gmail.com",
                "jsmith in front of the at sign then gmail.com",
            ),
            (
                "petrov.s потом значок собачки потом яндекс точка ру",
                "petrov.s потом значок собачки потом яндекс точка ру",
            ),
            ("petrov.s mail.ru, собаку сами вставите", "petrov.s mail.ru"),
            ("електронка anna foto 22 собака майл ру", "anna foto 22 собака майл ру"),
        ] {
            let found = detect_all(&Folded::plain(text));
            let spans: Vec<_> =
                found.iter().map(|a| &text[a.span.start as usize..a.span.end as usize]).collect();
            assert_eq!(spans, [expected], "{text}");
        }
        for text in [
            "report_2024.pdf on google mail",
            "отчет_2024 на яндексе",
            "iphone_12 на яндекс маркете",
            "я работаю в яндексе, проект taxi_pro",
            "livebox_5 chez orange",
            "письмо order_4412 пришло на gmail вчера",
            "put your name before the word gmail.com",
            "reply to the gmail.com people",
        ] {
            assert_eq!(detect_all(&Folded::plain(text)), [], "{text}");
        }
    }
}
