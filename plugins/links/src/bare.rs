//! Whether a bare host is a link or only two sentences without a space, a file name or an
//! abbreviation. Decides by the top-level domain, the label before it, the case of the original and
//! what stands around.

use parlour_guest::Folded;
use parlour_guest::host::{self, Dots, Host};
use parlour_guest::list::{Row, one_of};
use parlour_guest::mailbox::TOGETHER;
use parlour_guest::scan::{Kind, Token, behind, cut, cut_last, gap};
use parlour_guest::spelling::is_capital;
use parlour_guest::tld::{Tld, tld};

use crate::known;
use crate::platform::of_platform;

/// Endings of file names that are top-level domains too, and nothing but files without a path.
const FILE_ENDINGS: &str = "md mov ps py rs sh zip";

/// Endings of file names that are as often top-level domains, and how such files are called.
const FILE_MAYBES: &str = "ai app as cab cc in ml pl so st tf";
const FILE_NAMES: &str = "main index test tests script run install setup build config logo maket banner vizitka \
     file design layout lib util utils app server client makefile print final draft poster \
     flyer";

/// Hosts that are links whatever their top-level domain looks like.
static KNOWN: Row = Row::of(
    "about.me bit.ly clck.ru cutt.ly discord.gg fb.me g.co goo.gl i.ua ig.me instagr.am \
     is.gd j.mp line.me linktr.ee lnkd.in m.me ok.ru ow.ly qps.ru rb.gy shorturl.at t.co \
     t.me t.ме taplink.cc telegram.me tiny.cc tinyurl.com u.to vk.cc vk.me wa.me x.com \
     youtu.be т.me т.ме",
);

/// Names of software that look like hosts.
const NOT_HOSTS: &str = "asp.net ado.net vb.net paint.net socket.io draw.io next.js";

/// Words before which people name a site.
pub static LEADS: Row = Row::of(
    "browse go google lien link portfolio site tapez type url visit visitez website www адрес \
     браузере браузері вбей вбейте введи введите гугле гугли гуглите домен загугли загуглите \
     заходи заходите интернете набери наберите переходи переходите портфолио портфоліо \
     посилання сайт сайта сайте сайтик сайту сайті ссылка ссылке ссылку інтернеті",
);

const NAMED_BESIDE: &str = "facebook.com instagram.com m.me ok.ru t.me t.ме vk.com wa.me т.me т.ме";

/// Hosts that are mostly a way to somebody's name.
#[must_use]
#[inline(never)]
pub fn named_beside(host: &str) -> bool {
    one_of(NAMED_BESIDE, host)
}

/// Past the groups of digits of a number behind `wa.me / 7`, as it ends before token `end`.
pub fn number_beside(tokens: &[Token<'_>], host: &Host, mut end: usize) -> usize {
    let digits = |n: usize| tokens.get(n).is_some_and(|t| t.kind == Kind::Digits);
    let number = host.name.ends_with(".me") || host.name.starts_with("wa.");
    while number && end > host.end && digits(end - 1) {
        let marks = tokens.get(end..).unwrap_or_default().iter();
        let marks = marks.take(3).take_while(|t| one_of("- ( )", t.text) || t.is_gap()).count();
        if marks == 0 || !digits(end + marks) {
            break;
        }
        end += marks + 1;
    }
    end
}

/// Whether a host is one of those that are links whatever they look like, or lies below one.
#[must_use]
#[inline(never)]
pub fn is_known(host: &str) -> bool {
    let mut rest = Some(host);
    while let Some(host) = rest {
        if KNOWN.contains(host) {
            return true;
        }
        rest = cut(host, b'.').map(|(_, below)| below);
    }
    false
}

/// Where a disguised host begins whose first label is of several words, as far as a word before them
/// announces a site: `сайт магазин уюта точка рф`.
#[must_use]
pub fn whole_name(tokens: &[Token<'_>], i: usize, host: &Host) -> usize {
    const NEAR: usize = 8;
    // `insta gram point com`
    let text = |n: usize| parlour_guest::scan::text(tokens, n);
    let two = i.checked_sub(2).filter(|n| parlour_guest::scan::gap(tokens, n + 1));
    if let Some(n) = two
        && (text(n).len() > 1 && known::is_label(&[text(n), text(i)].concat())
            || (text(n), text(i)) == ("в", "к"))
    {
        return n;
    }
    let cyrillic = |n: usize| {
        tokens.get(n).is_some_and(|t| {
            t.kind == Kind::Word
                && t.text.len() > 5
                && !one_of("называется зветься наш это вот мой тут там моя мій ось наша", t.text)
                && matches!(t.text.as_bytes(), [0xd0 | 0xd1, ..])
        })
    };
    // `google stonewall paving dot com`
    let latin = |n: usize| {
        tokens.get(n).is_some_and(|t| {
            t.kind == Kind::Word
                && t.text.len() > 3
                && t.text.is_ascii()
                && !one_of("site here page called with from this that sous avec notre", t.text)
        })
    };
    // `zakaz - tort . ru`
    if host.dots == Dots::Apart {
        let part = |n: usize| {
            gap(tokens, n - 1)
                && text(n - 2) == "-"
                && gap(tokens, n - 3)
                && (n < 7 || text(n - 6) != "." && text(n - 5) != ".")
                && tokens.get(n - 4).is_some_and(|t| {
                    t.kind == Kind::Word && t.text.is_ascii() && !LEADS.contains(t.text)
                })
        };
        let mut from = i;
        while from > 3 && part(from) {
            from -= 4;
        }
        return from;
    }
    // `katies cakes dot com all one word`
    let said = tokens.get(host.end..).unwrap_or_default().iter().take(NEAR);
    if said.into_iter().any(|t| one_of(TOGETHER, t.text)) {
        let mut from = i;
        while from > 1
            && from + 4 > i
            && gap(tokens, from - 1)
            && (latin(i) && latin(from - 2) || cyrillic(i) && cyrillic(from - 2))
            && !LEADS.holds(tokens, from - 2)
        {
            from -= 2;
        }
        return from;
    }
    if host.dots < Dots::Spoken
        || host.name.bytes().any(|b| b == b'-')
        || lead(tokens, i) && lead_at(tokens, i) == Some(i)
    {
        return i;
    }
    // `discord discord,gg`
    let same = |from: &usize| {
        text(*from) != text(i) && {
            let mut words = (*from..i).step_by(2);
            if cyrillic(i) { words.all(cyrillic) } else { latin(i) && words.all(latin) }
        }
    };
    lead_at(tokens, i).filter(same).unwrap_or(i)
}

/// The token behind the last word that announces a site, when at most two words stand between it and
/// token `i` with a space each.
fn lead_at(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    [0, 2, 4].into_iter().filter_map(|back| i.checked_sub(back)).find(|from| {
        from.checked_sub(2).is_some_and(|lead| {
            let called = parlour_guest::scan::text(tokens, lead) == "называется";
            (LEADS.holds(tokens, lead) || called && LEADS.holds(tokens, lead.wrapping_sub(2)))
                && (lead + 1..i).step_by(2).all(|n| parlour_guest::scan::gap(tokens, n))
        })
    })
}

/// The rule by which a bare host is a link, if it is one.
pub fn rule(
    original: &str,
    folded: &Folded,
    tokens: &[Token<'_>],
    i: usize,
    host: &Host,
) -> Option<&'static str> {
    let (before, last) = cut_last(&host.name, b'.')?;
    let label = behind(before, b'.');
    let after = tokens.get(host.end);
    let path = after.is_some_and(|t| matches!(t.text, "/" | "?" | "#"))
        && tokens.get(host.end + 1).is_some_and(|t| {
            matches!(t.kind, Kind::Word | Kind::Digits | Kind::Mark) && !t.is(".")
        })
        || host.dots > Dots::Plain && host::path_is_said(tokens, host.end);
    if is_known(&host.name) {
        return Some(if host.dots > Dots::Plain { "disguised" } else { "bare" });
    }
    if host.name.starts_with("www.") && host.labels > 2 {
        return Some("www");
    }
    if label.chars().count() < 2
        || label.bytes().all(|b| b.is_ascii_digit()) && host.labels == 2 && !path
    {
        return None;
    }
    let (start, stop) = (tokens.get(i)?.start, tokens.get(host.end - 1)?.end);
    // Letters of one script that only look like the other's.
    let veiled = folded.signs(start, stop) > 1;
    let mixed = !veiled && !label.is_ascii() && last.is_ascii() && !path && host.tld != Tld::Plain;
    if mixed
        || (label.is_ascii()
            && !last.is_ascii()
            && host.tld == Tld::Spoken
            && host.dots == Dots::Plain
            && label.len() < 3)
    {
        return None;
    }
    let led = lead(tokens, i);
    let is_named = || {
        !path
            && (!led && is_name(tokens, i, host)
                || (host.dots == Dots::Apart && !host::path_follows(tokens, host.end)
                    || host.dots > Dots::Plain && host.labels > 3
                    || !led && host.labels > 2 && tld(label).is_none()
                    || !last_is_sure(last))
                    && of_platform(tokens, i, host.end))
    };
    if one_of(NOT_HOSTS, &host.name) && !path && !led {
        return None;
    }
    let certain = path || led;
    // `ruche.de.solene`, `zoe dot makeup dot artist`: a name.
    let deeper = || {
        host::dot(tokens, host.end).is_some_and(|(n, dots)| {
            dots == host.dots && parlour_guest::scan::is_word(tokens, host.end + n)
        })
    };
    if !certain
        && matches!(host.dots, Dots::Plain | Dots::Spoken)
        && !last_is_sure(last)
        && deeper()
    {
        return None;
    }
    if host.dots > Dots::Plain {
        // `Kyiv,UA` is a place.
        let comma = tokens.get(host.end.wrapping_sub(2)).is_some_and(|t| t.is(","));
        let title = |n: usize| capitalised(original, folded, tokens, n) != Case::Lower;
        let place =
            last.len() < 3 && (title(i) || title(host.end - 1) || host.name.len() < last.len() + 5);
        if comma && place && !led && !path {
            return None;
        }
        return disguised(host, last, led || path).filter(|_| !is_named());
    }
    let before = || i.checked_sub(2).map_or("", |n| parlour_guest::scan::text(tokens, n));
    // `through Booking.com`: a company.
    if !certain
        && capitalised(original, folded, tokens, i) == Case::Title
        && one_of("через through via par", before())
    {
        return None;
    }
    if !certain && is_file(label, last)
        || host.tld == Tld::Spoken && !certain && is_verb(label) && gap(tokens, host.end)
    {
        return None;
    }
    let capital = capitalised(original, folded, tokens, host.end - 1);
    let titled = capital == Case::Title;
    let lowly = titled && !label_title(original, folded, tokens, i) && !last_is_sure(last);
    let odd = label.bytes().any(|b| b == b'-')
        || label.bytes().any(|b| b.is_ascii_digit())
            && label.bytes().any(|b| b.is_ascii_alphabetic() || b >= 0x80);
    let deep = host.labels > 2 && tld(label).is_none();
    let accepted = match host.tld {
        Tld::Plain => !lowly,
        // `сом` and `иа` are `com` and `ua` in letters that look alike, and `сом` is also money.
        Tld::Spoken => {
            let alike = one_of("сом иа ка ми ио ме кам", last);
            label.chars().count() >= 3 && !titled && (!alike || veiled || label.is_ascii())
        }
        Tld::Wordy | Tld::Common if certain || deep && !titled => true,
        Tld::Wordy | Tld::Common if titled => false,
        Tld::Wordy => odd || last.len() > 2 || label.len() >= 3 && !goes_on(tokens, host.end),
        Tld::Common => {
            let ends = !goes_on(tokens, host.end) && !one_of(VERBS, label);
            odd || last.len() == 2 && label.len() >= 4 && ends
        }
    };
    (accepted && !is_named()).then_some(if host.tld == Tld::Spoken { "spoken" } else { "bare" })
}

/// Whether a host without a path, that no word announces, is rather words or the rest of a name.
fn is_name(tokens: &[Token<'_>], i: usize, host: &Host) -> bool {
    let told = host.dots > Dots::Plain;
    // `anna.wood.works`, `yes.no.maybe.so`
    let words = host.labels > 2
        && matches!(host.tld, Tld::Wordy | Tld::Common)
        && host.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'.');
    // `skype live colon anna dot k dot law`, and `.com or .net?`
    // `petr dot bsky dot social`
    let named = host.name.ends_with("bsky.social") || host.name.ends_with("mastodon.social");
    words && (!told || host.name.starts_with("live."))
        || named
        || told && is_rest(tokens, i)
        || host.dots == Dots::Apart && tells_zones(tokens, host)
}

/// Whether a colon or a dot in words, and a word before it, stand before token `i`.
pub fn is_rest(tokens: &[Token<'_>], i: usize) -> bool {
    let at = |by: usize| i.checked_sub(by).and_then(|n| tokens.get(n));
    let gap = |by: usize| at(by).is_some_and(Token::is_gap);
    let said = |t: &Token<'_>| host::is_dot(t) || one_of("colon двокрапка двоеточие", t.text);
    let word = at(4).is_some_and(|t| t.is_solid() && !NO_LABELS.contains(t.text));
    gap(1) && gap(3) && word && at(2).is_some_and(said)
}

/// Whether the ending of a host stands apart, and others do so in the same text.
fn tells_zones(tokens: &[Token<'_>], host: &Host) -> bool {
    let zone = |three: &&[Token<'_>]| {
        matches!(three, [gap, dot, last]
            if gap.kind == Kind::Space && dot.is(".") && tld(last.text).is_some())
    };
    let own = host.end.checked_sub(3).and_then(|n| tokens.get(n..n + 3));
    own.as_ref().is_some_and(zone) && tokens.windows(3).filter(zone).nth(host.labels - 1).is_some()
}

/// Whether a word ends as Russian verbs do, before a word that ends a sentence.
fn is_verb(word: &str) -> bool {
    ["ить", "ать", "ять", "ться", "лю", "шу"].iter().any(|end| word.ends_with(end))
}

/// English words that sentences end with before `me`, `it`, `us` and the like.
const VERBS: &str = "call text tell help trust with this that about from what like just know done good fine \
     okay sure thanks here there have will want need time please bien merci voila aussi plus \
     rien tout cela";

/// Whether the text goes on with a word in Latin letters, as a sentence would.
fn goes_on(tokens: &[Token<'_>], end: usize) -> bool {
    parlour_guest::scan::gap(tokens, end)
        && tokens.get(end + 1).is_some_and(|t| {
            t.kind == Kind::Word && t.text.chars().next().is_some_and(|c| c < '\u{250}')
        })
}

/// Whether a name is rather that of a file.
fn is_file(label: &str, last: &str) -> bool {
    one_of(FILE_ENDINGS, last)
        || one_of(FILE_MAYBES, last)
            && (one_of(FILE_NAMES, parlour_guest::scan::before(label, b'-'))
                || label.bytes().any(|b| b == b'_')
                || label.starts_with("lib"))
}

/// Whether a host is one that no name of an account looks like.
pub fn is_sure_host(host: &str) -> bool {
    is_known(host) || last_is_sure(behind(host, b'.'))
}

/// Top-level domains that no sentence begins with.
fn last_is_sure(last: &str) -> bool {
    one_of("com net org ru ua рф", last)
}

/// Words before which a full stop is not that of a name.
static NO_LABELS: Row = Row::of(
    "about add ajouter ajoutez and as at au autre between bon buy ce certain chaque com dans \
     dernier des does domain domaine en entre et for has in is it just la le les like my need \
     net no not of ok on only or ou plus polka prefer premier puis que quel rajoute rajoutez rest \
     take tel than that the then this to un use using want with yes your zone беру все всё \
     вы да добавить добавь добавьте додай додайте домен допишите есть зона зоне зону зоні или \
     либо лучше мы на нет он она они плюс потом про собака та ты чи это я",
);

/// The digits in English, some of them top-level domains too.
const DIGITS: &str = "zero one two three four five six seven eight nine";

/// A disguised dot: only full-stop words, brackets and spaced dots before a sure domain count.
fn disguised(host: &Host, last: &str, led: bool) -> Option<&'static str> {
    let long = host.name.chars().count() >= last.chars().count() + 5;
    let label = parlour_guest::scan::before(&host.name, b'.');
    // `five dot zero` is a number.
    let number = one_of(DIGITS, label) && (one_of(DIGITS, last) || last == "ten") || last == "zero";
    if number || NO_LABELS.contains(label) {
        return None;
    }
    if host.dots <= Dots::Apart && !label.is_ascii() && last.is_ascii() && !led {
        return None;
    }
    let named = long && label.is_ascii();
    let accepted = match (host.tld, host.dots) {
        (Tld::Plain, Dots::Pointed | Dots::Spoken | Dots::Bracketed) | (_, Dots::Bracketed) => true,
        (Tld::Plain, Dots::Apart) => led || long || last_is_sure(last),
        (Tld::Plain, _) => led && last.len() > 2 || last_is_sure(last),
        (Tld::Spoken, Dots::Spoken | Dots::Pointed) => true,
        (Tld::Spoken, Dots::Apart) => led || named,
        (Tld::Wordy | Tld::Common, Dots::Spoken) => led || named,
        (Tld::Wordy, Dots::Apart) => led || named && last.len() > 2,
        (Tld::Wordy | Tld::Common, Dots::Pointed) => {
            led || long && host.name.bytes().any(|b| matches!(b, b'-' | b'_' | b'0'..=b'9'))
        }
        _ => led && host.dots >= Dots::Spoken,
    };
    accepted.then_some("disguised")
}

#[derive(PartialEq, Eq)]
enum Case {
    Lower,
    Title,
    Upper,
}

/// The case in which a token was written.
fn capitalised(original: &str, folded: &Folded, tokens: &[Token<'_>], i: usize) -> Case {
    let Some(token) = tokens.get(i) else {
        return Case::Lower;
    };
    let span = folded.original(token.start, token.end);
    let written = original.get(span.start as usize..span.end as usize).unwrap_or_default();
    let mut letters = written.chars();
    match (letters.next().is_some_and(is_capital), letters.any(is_capital)) {
        (true, true) => Case::Upper,
        (true, false) => Case::Title,
        _ => Case::Lower,
    }
}

fn label_title(original: &str, folded: &Folded, tokens: &[Token<'_>], i: usize) -> bool {
    capitalised(original, folded, tokens, i) != Case::Lower
}

/// Whether one of the three words before token `i` announces a site.
#[inline(never)]
pub fn lead(tokens: &[Token<'_>], i: usize) -> bool {
    let words =
        tokens.get(..i).unwrap_or_default().iter().rev().take(12).filter(|t| t.kind == Kind::Word);
    words.take(2).any(|t| LEADS.contains(t.text))
}
