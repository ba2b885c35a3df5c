//! The domain after an `@`, as people write it. Knows tokens and hosts.

use super::words::{MAIL, PROVIDERS, SURE_PROVIDERS};
use super::{At, LOCAL_TOKENS_MAX};
use crate::host::{self, Dots, Host};
use crate::list::one_of;
use crate::scan::{Kind, Token};
use crate::tld::{Tld, tld};

/// The domain after an `@`: its end, its name, how its dots
/// were written, and whether it is a known provider.
pub(super) fn domain(tokens: &[Token<'_>], at: &At) -> Option<(usize, String, Dots, bool)> {
    let first = tokens.get(at.to)?.text;
    let provider = PROVIDERS.contains(first);
    if let Some(Host { name, end, dots, .. }) = host::read(tokens, at.to) {
        let provider = provider || name == "i.ua";
        return Some((end, name, dots, provider));
    }
    if let Some(found) = in_two(tokens, at) {
        return Some(found);
    }
    if at.signs == 0
        && let Some((end, name)) = private(tokens, at.to)
    {
        return Some((end, name, Dots::Plain, false));
    }
    if provider
        && at.signs > 1
        && let Some((end, name)) = told_apart(tokens, at.to)
    {
        return Some((end, name, Dots::Bracketed, true));
    }
    // `ай юа`
    let country = |n: usize| one_of("юа уа ua юэй", crate::scan::text(tokens, n));
    if at.signs > 1
        && one_of("ай і i и мета meta", first)
        && crate::scan::gap(tokens, at.to + 1)
        && country(at.to + 2)
    {
        return Some((at.to + 3, host::dotted(first, "ua"), Dots::Apart, true));
    }
    // `укр точка нет`: said after anything else the word is no domain.
    let apart = || {
        let net = one_of("укр юкр ukr", first) && crate::scan::gap(tokens, at.to + 1);
        net.then_some((1, Dots::Apart))
    };
    if provider
        && let Some((length, dots)) = host::dot(tokens, at.to + 1).or_else(apart)
        && matches!(crate::scan::text(tokens, at.to + 1 + length), "нет" | "нэт")
    {
        return Some((at.to + 2 + length, host::dotted(first, "net"), dots, true));
    }
    // `gmail com`, `gmail,com`, `мейл ру`: a provider, something small, and a top-level domain.
    if provider
        && let Some(last) = tokens.get(at.to + 2)
        && last.kind == Kind::Word
        && let Some(kind) = tld(last.text)
        && tokens.get(at.to + 1).is_some_and(|t| {
            // `at gmail office`
            t.is_gap()
                && (one_of("me uk de be", last.text)
                    || kind == Tld::Spoken
                    || host::is_sure(last.text))
                || matches!(t.text, "," | "-" | "_" | "/" | "*")
                || at.signs > 1 && t.kind == Kind::Mark && t.text != "."
        })
    {
        return Some((at.to + 3, host::dotted(first, last.text), Dots::Apart, true));
    }
    if run_on(first)
        || SURE_PROVIDERS.contains(first)
            && (at.signs > 0 || tokens.get(at.to + 1).is_none_or(|t| !t.is(".")))
    {
        return Some((at.to + 1, first.to_owned(), Dots::Apart, true));
    }
    None
}

/// The end of what is said of the ending behind the name of a provider that ends before token `end`:
/// `gmail, you know the rest, dot com`, `gmail ну и ком`; `end` itself where there is nothing.
pub(super) fn after_words(tokens: &[Token<'_>], end: usize) -> usize {
    const TOKENS: usize = 16;
    const WORDS: usize = 5;
    let (mut words, mut linked, mut dot) = (0, true, false);
    for (n, t) in tokens.iter().enumerate().take(end + TOKENS).skip(end) {
        match t.kind {
            Kind::Space if t.is_gap() => {}
            Kind::Mark if matches!(t.text, "," | "(" | ")" | "[" | ":" | "-") => {}
            // `gmail (.com)`
            Kind::Mark if t.is(".") => dot = !crate::scan::gap(tokens, n + 1),
            Kind::Word if host::is_dot(t) => dot = true,
            Kind::Word if dot && tld(t.text).is_some() => return n + 1,
            Kind::Word
                if linked && one_of("com ru net fr ua ком ру нет", t.text) && n > end + 1 =>
            {
                return n + 1;
            }
            Kind::Word if !dot && words < WORDS => {
                words += 1;
                linked &= one_of("ну и and et а then puis потом дальше plus", t.text);
            }
            _ => break,
        }
    }
    end
}

/// `gmailcom`, `gmaildotcom`
pub(super) fn run_on(word: &str) -> bool {
    let names = ["com", "ru", "ком", "ру", "fr"].iter().filter_map(|end| word.strip_suffix(end));
    names.into_iter().any(|name| {
        let dots = ["dot", "точка", "point", "крапка", "тчк"].iter();
        let whole = dots.into_iter().find_map(|dot| name.strip_suffix(dot)).unwrap_or(name);
        SURE_PROVIDERS.contains(whole)
    })
}

/// A provider in two words, `g mail . com`, `gee mail dot com`, `гугл почте`.
fn in_two(tokens: &[Token<'_>], at: &At) -> Option<(usize, String, Dots, bool)> {
    let [first, gap, second] = tokens.get(at.to..at.to + 3)? else {
        return None;
    };
    if first.kind != Kind::Word || second.kind != Kind::Word || !(gap.is_gap() || gap.is("-")) {
        return None;
    }
    let mail = one_of("mail мейл мэйл маил майл", second.text);
    let heard = one_of("gee jee ji джи же жи гэ ге", first.text);
    let name = if mail && heard { "gmail".to_owned() } else { [first.text, second.text].concat() };
    if one_of(MAIL, second.text) && one_of("гугл google яндекс yandex", first.text) {
        return Some((at.to + 3, first.text.to_owned(), Dots::Plain, true));
    }
    if !SURE_PROVIDERS.contains(&name) {
        return None;
    }
    let ends = host::read(tokens, at.to + 2);
    let end = ends.map_or(at.to + 3, |host| host.end);
    Some((end, name, Dots::Apart, true))
}

/// A provider, a dot in few letters within brackets, or between commas, and a top-level domain:
/// `yahoo {pt} fr`, `gmail, точка, com`.
fn told_apart(tokens: &[Token<'_>], i: usize) -> Option<(usize, String)> {
    let gap = |n: usize| n + usize::from(crate::scan::gap(tokens, n));
    let comma = |n: usize| gap(n + usize::from(crate::scan::marks(tokens, n, b',')));
    // `🐶 bk 🔵 ru`, and words for a dot with a letter wrong.
    let short = |t: &Token<'_>| {
        t.kind == Kind::Mark && !t.text.is_ascii()
            || one_of("pt p d т тч тк кр dit dt pnt poin poing poit ponit тачка точк", t.text)
    };
    let from = gap(i + 1);
    let last = match host::bracketed(tokens, from, &short) {
        Some(length) => gap(from + length),
        None => {
            let dot = comma(i + 1);
            tokens.get(dot).filter(|t| host::is_dot(t) || short(t))?;
            comma(dot + 1)
        }
    };
    let label = tokens.get(last).filter(|t| tld(t.text).is_some())?.text;
    Some((last + 1, host::dotted(tokens.get(i)?.text, label)))
}

/// A dotted name under a top-level domain that does not exist: after a plain `@` still an address.
fn private(tokens: &[Token<'_>], from: usize) -> Option<(usize, String)> {
    let whole = |t: &&Token<'_>| {
        // `gm**l.com`
        t.is_solid() || matches!(t.text, "." | "-" | "_" | "*")
    };
    let mut run: Vec<_> =
        tokens.get(from..)?.iter().take(LOCAL_TOKENS_MAX).take_while(whole).collect();
    while run.last().is_some_and(|t| t.kind == Kind::Mark) {
        run.pop();
    }
    let [.., dot, last] = run.as_slice() else {
        return None;
    };
    let letters = last.kind == Kind::Word && last.text.chars().count() >= 2;
    let first = run.first().is_some_and(|t| t.kind != Kind::Mark);
    (first && letters && dot.is(".") && run.len() > 2)
        .then(|| (from + run.len(), run.iter().map(|t| t.text).collect()))
}

#[cfg(test)]
mod tests {
    use crate::Folded;
    use crate::mailbox::{detect, detect_all};
    use crate::tld::work;

    /// What a long text of nothing but `unit` costs, for each of its tokens.
    fn cost(unit: &str, bytes: usize) -> usize {
        let folded = Folded::plain(&unit.repeat(bytes / unit.len()));
        work::take();
        let _ = detect_all(&folded);
        work::take() / folded.kinds().len()
    }

    #[test]
    fn what_is_said_for_an_address() {
        let read = |text: &str| {
            detect(&Folded::plain(text))
                .iter()
                .map(|a| (a.span.start, a.span.end))
                .collect::<Vec<_>>()
        };
        for text in [
            "ivan77собакаgmailточкаcom",
            "ivan.77 соба4ка gmail точка com",
            "эс вэ е тэ а собака мэйл точка ру",
            "ivan77, а потом собака джимейл ком",
            "ivan77 на гугл почте",
            "john dot smith at gee mail dot com",
            "jdoe92 @ g mail . com",
            "jdoe92 at the gmail dot com",
            "jean tiret du bas martin arobase hotmail point fr",
            "jean92 a-robase wanadoo pt fr",
            "ivan(собачий знак)yandex.ru",
            "ivan_foto🐌gmail.com",
            "ivan.p * ukr.net",
            "ivan соб@ка yandex тчк ru",
            "ivan.p at gmail, you know the rest, dot com",
            "ivan.p at shop point fr",
            "boris точка p@mail.ru",
            "ivan.p собакаmail.ru",
            "nadia.shop эт ґмейл крапка ком",
            "ivan.p 4t yahoo dot com",
            "ivan собака_джимейл_точка_ком",
            "anais tiret du six baby arobase yahoo point fr",
            "oak lawn care (one word) @ aol . com",
            "ivan petrov слитно собака mail ru",
            "ivan77собакагмейлком",
            "jdoe92 at btinternet.com",
        ] {
            assert_eq!(read(text), [(0, u32::try_from(text.len()).unwrap_or(0))], "{text}");
        }
        for text in [
            "i'm at the door.in a coat",
            "а потом собака убежала",
            "вася на гугл карте",
            "отчет_2024 на гугл почте",
            "i am at the gmail page",
            "в аутлуке office365",
            "tiktoc @anna.glass",
            "stuck at this point fr",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn dense_texts_cost_no_more_for_each_token_when_they_are_longer() {
        /// Steps of the search in rows of words, too.
        const MOST: usize = 80;
        for unit in [
            "a@b.ru ",
            "gmail ",
            "mail.ru ",
            "x@",
            "a/b.c/",
            "x at y dot ",
            "собака ",
            "a.b@",
            "🐶gmail com ",
            "почта a1 mail ru ",
            "ivan 77 at gmail com ",
        ] {
            let (short, long) = (cost(unit, 4 << 10), cost(unit, 16 << 10));
            assert!(long <= MOST && long <= short + 1, "{unit}: {short}, {long}");
        }
    }
}
