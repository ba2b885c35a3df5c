//! E-mail addresses: around every `@` and everything that stands for one. Knows tokens and hosts; the
//! plugin for addresses reports them, the plugin for links leaves them alone.

use crate::host::{self, Dots};
use crate::list::{Heads, one_of};
use crate::scan::{Kind, Token, merge};
use crate::tld::tld;
use crate::unveil::unveil;
use crate::{Earlier, Fold, Folded, Span};

mod apart;
mod atless;
mod domain;
mod joined;
mod local;
mod split;
mod told;
mod words;

pub use apart::{apart_at, names_box};
pub use atless::stem;
use atless::{announced, entrusted, run_on};
use domain::{after_words, domain};
use local::{before_usual, in_address, local, odd, together};
pub use split::across;
use told::{is_thing, named, told};
use words::{ANIMALS, ASKED, AT_BRACKETED, AT_LOOSE, MAIL, PAIRED, PLATFORMS, TAILS};
pub use words::{AT, AT_SIGNS, DOGS, GLUED, NOT_LOCAL, PROVIDERS, SURE_PROVIDERS, TOGETHER};

/// An address in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub span: Span,
    /// Lower case, as read.
    pub domain: String,
    pub rule: &'static str,
    /// Marks of disguise.
    pub signs: u8,
}

/// Whether a word names a platform, after which a name follows that is no address and no site.
#[must_use]
pub fn is_platform(word: &str) -> bool {
    static HEADS: Heads<8> = Heads::of(2, &[]).and_parted(PLATFORMS, b' ', b' ');
    let begins = |platform: &[u8]| word.as_bytes().starts_with(platform);
    HEADS.may_begin(word) && PLATFORMS.as_bytes().split(|b| *b == b' ').any(begins)
}

/// Whether one of the last messages, at most `most`, names a platform or asks for a name: short ones only.
#[must_use]
pub fn names_platform(history: &[Earlier], most: usize, fold: Fold) -> bool {
    const BYTES_MAX: usize = 160;
    let last = history.iter().take(most).filter(|e| e.text.len() <= BYTES_MAX);
    last.map(|e| fold(&e.text)).any(|f| f.tokens().iter().any(|t| ASKED.contains(t.text)))
}

/// What stands for an `@`: tokens `from..to`, white space around it included.
struct At {
    from: usize,
    to: usize,
    signs: u8,
    proof: Proof,
}

/// What else has to be there for a stand-in to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// A domain after it.
    Domain,
    /// A known provider, or a dot in words.
    Provider,
    /// A known provider, and a local part that is no word.
    Everything,
}

/// The longest local part read, in tokens; RFC 5321 allows 64 characters.
const LOCAL_TOKENS_MAX: usize = 40;

/// All addresses of a text, in order, none overlapping another: as it stands, and as [`unveil`] spells it.
#[must_use]
pub fn detect_all(folded: &Folded) -> Vec<Address> {
    let tokens = folded.tokens();
    let told: More =
        |tokens, free_from, i| told(tokens, free_from, i).or_else(|| named(tokens, free_from, i));
    let mut found = among(folded, &tokens, told);
    if let Some(unveiled) = unveil(folded, &tokens) {
        let mut again = among(&unveiled, &unveiled.tokens(), told);
        for address in &mut again {
            address.signs = address.signs.saturating_add(1);
            address.rule = "disguised";
        }
        merge(&mut found, again, |a| a.span);
    }
    found
}

/// All addresses of a text as it stands, without those told in a sentence.
#[must_use]
pub fn detect(folded: &Folded) -> Vec<Address> {
    among(folded, &folded.tokens(), |_, _, _| None)
}

/// Another way to find an address at a word.
type More = fn(&[Token<'_>], usize, usize) -> Option<Hit>;

fn among(folded: &Folded, tokens: &[Token<'_>], more: More) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    let mut free_from = 0;
    let mut i = 0;
    while i < tokens.len() {
        let Some((from, to, domain, rule, signs)) = hit(tokens, free_from, i, more) else {
            i += 1;
            continue;
        };
        let from = whole_name(tokens, free_from, from);
        let start = tokens.get(from).map_or(0, |t| t.start + foreign_head(t));
        let end = tokens.get(to.wrapping_sub(1)).map_or(start, |t| t.end);
        found.push(Address { span: folded.original(start, end), domain, rule, signs });
        free_from = to;
        i = to.max(i + 1);
    }
    found
}

/// Whether a word may stand for an `@` or name a provider; `false` is certain.
fn may_tell(word: &str) -> bool {
    static HEADS: Heads<48> = Heads::of(4, &[])
        .and_row(&AT)
        .and_parted(AT_BRACKETED, b' ', b' ')
        .and_parted(AT_LOOSE, b' ', b' ')
        .and_row(&ANIMALS)
        .and_parted(PAIRED, b' ', b' ')
        .and_row(&words::ALL)
        .and_parted(MAIL, b' ', b' ');
    HEADS.may_begin(word)
}

/// What begins at token `i`: an `@` or its stand-in with an address around it, or an address without.
fn hit(tokens: &[Token<'_>], free_from: usize, i: usize, more: More) -> Option<Hit> {
    let token = tokens.get(i)?;
    match token.kind {
        Kind::Space => None,
        Kind::Digits if token.text != "4" => None,
        Kind::Digits | Kind::Mark => around(tokens, free_from, &at_sign(tokens, i)?),
        Kind::Word if may_tell(token.text) || is_inlaid(tokens, i) => at_sign(tokens, i)
            .and_then(|at| around(tokens, free_from, &at))
            .or_else(|| run_on(tokens, i))
            .or_else(|| {
                // What has no `@` at all has the name of a provider, or a word for mail.
                let named = told::provider_of(token.text).is_some() || one_of(MAIL, token.text);
                named.then_some(())?;
                announced(tokens, free_from, i)
                    .or_else(|| entrusted(tokens, free_from, i))
                    .or_else(|| more(tokens, free_from, i))
            }),
        Kind::Word => run_on(tokens, i),
    }
}

/// Where the name begins of which the word at token `i` is the last part, `kelly.sampleatgmail`.
fn whole_name(tokens: &[Token<'_>], free_from: usize, i: usize) -> usize {
    let mut from = i;
    while from > free_from + 1
        && matches!(crate::scan::text(tokens, from - 1), "." | "_" | "-")
        && tokens.get(from - 2).is_some_and(|t| t.is_solid())
    {
        from -= 2;
    }
    from
}

/// Bytes of a first letter of another script: a word of one letter that was drawn together with the
/// letters of a spread-out address.
fn foreign_head(token: &Token<'_>) -> usize {
    let first = token.text.chars().next().map_or(0, char::len_utf8);
    let rest = token.text.get(first..).unwrap_or_default();
    if first > 1 && rest.len() > 1 && rest.is_ascii() { first } else { 0 }
}

type Hit = (usize, usize, String, &'static str, u8);

/// The stand-in for an `@` whose own first token is `i`.
fn at_sign(tokens: &[Token<'_>], i: usize) -> Option<At> {
    let here = tokens.get(i)?;
    let gap_before = tokens.get(i.wrapping_sub(1)).is_some_and(Token::is_gap);
    let from = if gap_before { i - 1 } else { i };
    let with_gap = |n: usize| n + usize::from(crate::scan::gap(tokens, n));
    if here.is("@") {
        // On a line of its own.
        let line = |n: Option<usize>| {
            n.and_then(|n| tokens.get(n)).is_some_and(|t| t.kind == Kind::Space && !t.is_gap())
        };
        if line(i.checked_sub(1)) && line(Some(i + 1)) {
            return Some(At { from: i - 1, to: i + 2, signs: 2, proof: Proof::Domain });
        }
        if tokens.get(i.wrapping_sub(1)).is_some_and(|t| t.is("@")) {
            return None;
        }
        let mut to = i + 1;
        // `@robase`
        while matches!(crate::scan::text(tokens, to), "@" | "robase") {
            to += 1;
        }
        // `@собака`, `@ dog`
        let said = with_gap(to);
        let word = tokens.get(said).is_some_and(|t| t.kind == Kind::Word && AT.contains(t.text));
        if word && PROVIDERS.holds(tokens, with_gap(said + 1)) {
            to = said + 1;
        }
        let signs = u8::from(gap_before || to > i + 1 || with_gap(to) > to);
        return Some(At { from, to: with_gap(to), signs, proof: Proof::Domain });
    }
    if here.kind == Kind::Mark {
        if apart_at(tokens, i) {
            return Some(At { from, to: with_gap(i + 1), signs: 2, proof: Proof::Domain });
        }
        // `((at))`
        let inner = i + 1 + usize::from(crate::scan::text(tokens, i + 1) == here.text);
        let inner = inner + usize::from(crate::scan::gap(tokens, inner));
        let inner = tokens.get(inner).is_some_and(|t| t.is("@") || may_tell(t.text));
        let odd = matches!(
            here.text.as_bytes(),
            [b'*' | b'#' | b'&' | b'^' | b'$' | b'~' | b'=' | b'|' | b'%' | b'+' | b'\\']
        );
        let glued = (odd || !here.text.is_ascii()) && !gap_before && PROVIDERS.holds(tokens, i + 1);
        if here.text.is_ascii() && !inner && !glued {
            return None;
        }
        // `office.example * ukr.net`
        if gap_before
            && matches!(here.text, "*" | "#" | "^" | "~")
            && with_gap(i + 1) > i + 1
            && PROVIDERS.holds(tokens, i + 2)
            && crate::scan::marks(tokens, i + 3, b'.')
        {
            return Some(At { from, to: i + 2, signs: 2, proof: Proof::Everything });
        }
        if (odd || !here.text.is_ascii() && !DOGS.contains(here.text)) && !gap_before {
            // The same kind of mark may stand for the dot.
            let dot = |t: &Token<'_>| {
                t.is(".")
                    || t.kind == Kind::Mark
                        && (t.text == here.text || !t.text.is_ascii())
                        && tld(crate::scan::text(tokens, i + 3)).is_some()
            };
            let glued = glued && tokens.get(i + 2).is_some_and(dot);
            // `contact🌀shop🔹fr`
            let label = tokens
                .get(i + 1..)
                .unwrap_or_default()
                .iter()
                .take(7)
                .take_while(|t| t.is_solid() && t.text.is_ascii() || t.is("-"));
            let last = i + 1 + label.count();
            let picture =
                |t: &Token<'_>| t.kind == Kind::Mark && !t.text.is_ascii() && t.text != here.text;
            let sure = |host: host::Host| {
                host.dots > Dots::Loose || host::is_sure(crate::scan::behind(&host.name, b'.'))
            };
            if AT_SIGNS.contains(here.text) && host::read(tokens, i + 1).is_some_and(sure) {
                return Some(At { from: i, to: i + 1, signs: 2, proof: Proof::Domain });
            }
            if !here.text.is_ascii()
                && last > i + 1
                && tokens.get(last).is_some_and(picture)
                && host::is_sure(crate::scan::text(tokens, last + 1))
            {
                return Some(At { from: i, to: i + 1, signs: 2, proof: Proof::Domain });
            }
            if glued {
                // `sergeev*rambler*ru`
                let same = crate::scan::text(tokens, i + 2) == here.text;
                // `odile📧gmail.com`, `gwen#outlook.com`
                let whole = crate::scan::marks(tokens, i + 2, b'.')
                    && SURE_PROVIDERS.holds(tokens, i + 1)
                    && host::is_sure(crate::scan::text(tokens, i + 3))
                    && !one_of("= 👉 ➡ → ▶ 🔗", here.text);
                let proof = if same || whole { Proof::Domain } else { Proof::Everything };
                return Some(At { from: i, to: i + 1, signs: 2, proof });
            }
        }
        if DOGS.contains(here.text) {
            let apart = gap_before || with_gap(i + 1) > i + 1;
            let proof = if apart { Proof::Provider } else { Proof::Domain };
            return Some(At { from, to: with_gap(i + 1), signs: 2, proof });
        }
        // `pret-a-porter`
        let dash = matches!(here.text, "-" | "_");
        let inner = |t: &Token<'_>| {
            t.is("@") || AT.contains(t.text) || !dash && one_of(AT_BRACKETED, t.text)
        };
        let phrase = || at_words(tokens, i + 1).filter(|end| *end > i + 2).map(|end| end + 1 - i);
        let length = host::bracketed(tokens, i, &inner).or_else(|| {
            phrase().filter(|n| tokens.get(i + n - 1).is_some_and(|t| one_of(") ] } » \"", t.text)))
        })?;
        return Some(At { from, to: with_gap(i + length), signs: 2, proof: Proof::Domain });
    }
    // `4t gmail`
    if here.text == "4" {
        let sure = SURE_PROVIDERS.holds(tokens, i + 3);
        let at = crate::scan::text(tokens, i + 1) == "t" && gap_before && sure;
        return at.then_some(At { from, to: i + 3, signs: 3, proof: Proof::Domain });
    }
    if here.kind != Kind::Word || !gap_before {
        return None;
    }
    let back = |n: usize| crate::scan::text(tokens, n);
    let end = at_words(tokens, i)?;
    // `the at sign`, `over at`, `буква а в кружке`
    let led = i > 3
        && if end > i + 1 {
            one_of("the le that буква літера letter", back(i - 2))
        } else {
            here.text == "at" && back(i - 2) == "over"
        };
    let from = if led { i - 3 } else { from };
    let provider = |n: usize| PROVIDERS.holds(tokens, n);
    let is = |n: usize, mark: &str| tokens.get(n).is_some_and(|t| t.is(mark));
    // `name, dog, gmail`, `name at-gmail-dot-com`
    if is(end, ",") && i > 1 && is(i - 2, ",") && provider(end + 2) {
        return Some(At { from: i - 2, to: end + 2, signs: 3, proof: Proof::Everything });
    }
    if (is(end, "-") || is(end, "_")) && provider(end + 1) {
        return Some(At { from, to: end + 1, signs: 3, proof: Proof::Everything });
    }
    tokens.get(end).filter(|t| t.is_gap())?;
    let proof = match here.text {
        _ if matches!(crate::scan::text(tokens, i + 2), "the" | "t") => Proof::Everything,
        _ if end > i + 1 => Proof::Domain,
        "at" | "эй" | "ат" | "эт" | "ет" | "et" | "dog" | "псина" | "собаки" | "дог" | "пес"
        | "пёс" => Proof::Provider,
        animal if ANIMALS.contains(animal) => Proof::Everything,
        loose if one_of(AT_LOOSE, loose) => {
            // Most of these words stand before anything else.
            static HEADS: Heads<32> = Heads::of(3, &[]).and_row(&words::ALL);
            tokens.get(end + 1).filter(|t| HEADS.may_begin(t.text))?;
            Proof::Everything
        }
        _ => Proof::Domain,
    };
    Some(At { from, to: end + 1, signs: 2, proof })
}

/// Whether a word for an `@` with a digit in place of a letter begins at token `i`, `с0бака`.
fn is_inlaid(tokens: &[Token<'_>], i: usize) -> bool {
    let next = tokens.get(i + 1);
    if !next.is_some_and(|t| t.kind != Kind::Space && matches!(t.text, "0" | "4" | "@")) {
        return false;
    }
    let Some([head, digit, tail]) = tokens.get(i..i + 3) else {
        return false;
    };
    let letter = match (digit.text, tail.text.is_ascii()) {
        ("0", true) => "o",
        ("4" | "@", true) => "a",
        ("0", false) => "о",
        ("4", false) => "ч",
        ("@", false) => "а",
        _ => return false,
    };
    let words = head.kind == Kind::Word && tail.kind == Kind::Word;
    words && AT.contains(&[head.text, letter, tail.text].concat())
}

/// The end of the words at token `i` that stand for an `@`.
fn at_words(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let word = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
    let apart = |n: usize| tokens.get(n).is_some_and(|t| t.is_gap() || t.is("-"));
    let pair = |n: usize| {
        let said = (word(n), word(n + 2));
        let dog = AT.contains(said.1);
        apart(n + 1)
            && match said.0 {
                "at" => matches!(said.1, "sign" | "symbol"),
                "знак" | "значок" | "символ" => {
                    dog || matches!(said.1, "собаки" | "собачки")
                }
                "собачий" | "собачья" => {
                    said.1.starts_with("зна") || said.1 == "морда"
                }
                "коммерческое" | "комерческое" => dog,
                "a" | "à" => one_of("commercial robase rond enroulé roulé arrondi t", said.1),
                "arobase" => said.1 == "arobase",
                "собака" => said.1 == "собака",
                "гав" => said.1 == "гав",
                "на" => said.1 == "собаке",
                "ит" => one_of("белгісі белгиси", said.1),
                _ => false,
            }
    };
    if is_inlaid(tokens, i) || one_of(PAIRED, word(i)) && pair(i) {
        return Some(i + 3);
    }
    if word(i) == "at" && word(i + 2) == "the" && SURE_PROVIDERS.contains(word(i + 4)) {
        return Some(i + 3);
    }
    // `a с хвостиком`, `a in a circle`, `a dans un rond`
    if matches!(word(i), "a" | "а") && one_of("с в з із у with in dans", word(i + 2)) {
        let last = if one_of("a the un", word(i + 4)) { i + 6 } else { i + 4 };
        if one_of(TAILS, word(last)) {
            return Some(last + 1);
        }
    }
    let known = AT.contains(word(i)) || one_of(AT_LOOSE, word(i)) || ANIMALS.contains(word(i));
    known.then_some(i + 1)
}

/// An address around an `@`: a domain after it and a local part before it.
fn around(tokens: &[Token<'_>], free_from: usize, at: &At) -> Option<Hit> {
    let (mut end, domain, dots, sure) = domain(tokens, at)?;
    let said = at.from;
    let at = &At { from: before_usual(tokens, said, sure), ..*at };
    let plain = at.signs == 0;
    let (from, local_signs) = local(tokens, free_from, at.from, plain, at.proof)?;
    let signs = at.signs.saturating_add(local_signs).saturating_add(dots as u8);
    // `elena,sadik@mail,ru`
    let comma = |n: usize| crate::scan::marks(tokens, n, b',');
    let from = if from > free_from + 1
        && comma(from - 1)
        && comma(at.to + 1)
        && tokens.get(from - 2).is_some_and(|t| t.kind == Kind::Word && t.text.is_ascii())
    {
        from - 2
    } else {
        from
    };
    let from = if plain { from } else { together(tokens, from, at.from, said).max(free_from) };
    let first = tokens.get(from)?;
    if plain && in_address(tokens, from) {
        return None;
    }
    let written = tokens.get(from..at.from)?;
    // `logo@2x.png`, and `on instagram @anna.design`.
    let picture = plain && matches!(domain.get(..3), Some("2x." | "3x." | "4x."));
    // `insta gram` is one too.
    let named = |from: usize| {
        let before = tokens.get(from.wrapping_sub(2));
        is_platform(first.text)
            || before.is_some_and(|t| is_platform(&[t.text, first.text].concat()))
    };
    let platform = !sure && (1..=2).contains(&at.signs) && named(from);
    // `в инстаграме m@ria.foto`
    let words =
        || tokens.get(..from).unwrap_or_default().iter().rev().filter(|t| t.kind == Kind::Word);
    let last = crate::scan::behind(&domain, b'.');
    let nick = plain && tld(last).is_none();
    if nick && words().take(2).any(|t| is_platform(t.text)) {
        return None;
    }
    let zone = || last.len() < 3 || host::is_sure(last);
    if picture || platform && (dots < Dots::Spoken || !zone()) && from + 1 == at.from {
        return None;
    }
    let proven = match at.proof {
        Proof::Domain => true,
        Proof::Provider => {
            // `at this point`
            let named = || {
                !one_of("some that this", crate::scan::text(tokens, at.to))
                    && names_box(tokens, from, at.from)
            };
            sure || dots >= Dots::Spoken || dots == Dots::Pointed && named()
        }
        Proof::Everything => {
            let named = dots > Dots::Plain || first.text.is_ascii();
            sure && named
                && !is_thing(written)
                && (odd(written) || dots >= Dots::Pointed && first.text.is_ascii())
        }
    };
    // `pics at imgur(dot)com/a`
    let path = !sure && at.proof == Proof::Provider && host::path_follows(tokens, end);
    // `contact arobase shop point fr`
    let office = at.proof == Proof::Domain
        && one_of("contact mail email shop site work", first.text)
        || first.text == "contact" && dots >= Dots::Spoken;
    // `my portfolio at janes-place dot com`
    let met = !sure && at.proof == Proof::Provider && !names_box(tokens, from, at.from);
    if !proven
        || path
        || met
        || !plain && !office && NOT_LOCAL.contains(first.text) && from + 1 == at.from
    {
        return None;
    }
    while end > at.to && crate::scan::gap(tokens, end - 1) {
        end -= 1;
    }
    if sure && last.len() == domain.len() {
        end = after_words(tokens, end);
    }
    let rule = if signs == 0 { "address" } else { "disguised" };
    Some((from, end, domain, rule, signs))
}
