//! Handles that are contacts: beside the name of a platform, beside a word for a name, or with an `@`.
//! Weighs what stands around a shape.

mod behind;
mod camel;
mod person;
mod phrase;
mod plain;
mod region;
mod rest;
mod told;

use parlour_guest::scan::{Kind, Token};

use self::behind::behind;
pub use self::camel::humps;
use self::person::full_name;
pub use self::person::full_name_end;
pub use self::phrase::{phrase, remark, remarked};
use self::plain::accept_plain;
use self::told::{account, number, tagged};
use crate::Mentions;
use crate::alone::{bare, far, live, named, said_at, spoken};
use crate::candidate::{Candidate, is_live, read, whole};
use crate::lexicon::ascii_only;
use crate::moving::is_number;
use crate::platform::{
    DIRECT, DISCORD, FACEBOOK, ICQ, LINE, LINKEDIN, MESSENGER, OK, Platform, SIGNAL, SKYPE,
    SNAPCHAT, Strength, TELEGRAM, TWITTER, VK, WHATSAPP,
};
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, code, cyrillic_around, ends, english_form, in_url, is_filler, step};
use crate::words::{self, AT, CALL, CALL_LAST, CALL_LOOSE, MINE, NEGATION, NICK, PREP, STOP, WORK};

/// A contact in this text: tokens `from..to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub from: usize,
    pub to: usize,
    pub platform: Option<Platform>,
    pub rule: &'static str,
    pub confidence: u8,
}

/// How far a handle is from its platform, in tokens.
const AHEAD_MAX: usize = 40;
/// How far before a platform a call or an owner still speaks for it, in words.
const LOOK_BACK: usize = 7;

/// All contacts of a text, in order, none overlapping another.
#[inline(never)]
pub fn detect(scene: &Scene<'_>, mentions: Mentions) -> Vec<Contact> {
    let mut found = Found { scene, contacts: Vec::new(), taken: vec![false; scene.tokens.len()] };
    for (k, term) in scene.terms.iter().enumerate() {
        let asked = term.platform.is_some() || term.means(NICK | AT);
        if asked && !scene.spend(12) {
            break;
        }
        if term.platform.is_some() {
            found.add(ahead(scene, k).or_else(|| behind(scene, k)));
        } else if term.means(NICK) {
            found.add(named(scene, k));
        } else if term.means(AT) {
            found.add(said_at(scene, k));
        }
    }
    // `ivanpetrov88`, and little else is said
    let few = scene.terms.len() < 8 && scene.folded.has_digit();
    let numbered = |t: &Token<'_>, i: usize| {
        few && t.kind == Kind::Digits
            && t.text.len() <= 4
            && i > 0
            && scene.latin(i - 1)
            && scene.text(i - 1).len() > 5
            && !scene.kind_is(i + 1, Kind::Word)
    };
    if scene.folded.has_any(b"@_:.") || few {
        let skype = scene.named().is_some_and(is_skype);
        for (i, token) in scene.tokens.iter().enumerate() {
            let asked = match token.kind {
                Kind::Mark => matches!(token.text, "@" | "_" | "."),
                Kind::Digits => numbered(token, i),
                Kind::Word | Kind::Space => false,
            };
            if asked && !scene.spend(12) {
                break;
            }
            let colon = skype || token.is(":");
            if colon && scene.among(i.wrapping_sub(1), row!("live")) {
                found.add(live(scene, i - 1));
            } else if asked && token.is("@") && scene.term_at(i).is_none() {
                found.add(bare(scene, i, mentions));
            } else if asked && !token.is("@") && (!token.is(".") || scene.joined(i)) {
                found.add(far(scene, i));
            }
        }
    }
    if scene.bits & (words::UNDERSCORE | words::LOWER) != 0 {
        for (k, term) in scene.terms.iter().enumerate() {
            if term.means(words::UNDERSCORE | words::LOWER) && scene.spend(36) {
                found.add(spoken(scene, k));
            }
        }
    }
    if let Some(platform) = scene.named().filter(|_| scene.odd && !scene.work) {
        let spread = |n: &usize| {
            let known = scene.latin(*n) || scene.spelling();
            scene.text(*n).len() > 4 && known && scene.spread(*n)
        };
        let own = |n: &usize| {
            scene.meaning(*n) == 0
                && !is_number(scene.text(*n))
                && scene.term_at(*n).is_some_and(|(_, t)| t.platform.is_none())
        };
        let names = (0..scene.tokens.len()).filter(|n| spread(n) && own(n) && scene.spend(12));
        for n in names {
            let name = read(scene, n).filter(|c| c.strong && !in_url(scene, c));
            found.add(name.map(|c| contact(platform, c, &Evidence::default(), "far")));
        }
    }
    // What is told of in pieces is more than one of them.
    let more = |c: &Contact, size: usize| {
        found.contacts.iter().all(|own| {
            own.from >= c.from && own.to <= c.to && own.to - own.from < size.min(c.to - c.from)
        })
    };
    let pieces = region::region(scene).filter(|c| more(c, 3));
    let pieces = pieces.or_else(|| rest::rest(scene).filter(|c| more(c, 6)));
    if pieces.is_some() {
        found.contacts.clear();
        found.taken.fill(false);
        found.add(pieces);
    } else if !found.contacts.is_empty() {
        found.second();
    }
    found.contacts
}

fn is_skype(term: &Term) -> bool {
    term.platform.is_some_and(|p| p.is(SKYPE))
}

/// The name that answers a question about a platform.
pub fn answer(scene: &Scene<'_>, platform: Platform) -> Option<Contact> {
    if scene.secret() || scene.file() {
        return None;
    }
    let evidence = Evidence { led: true, ..Evidence::default() };
    // Where work is spoken of, what a colon leads to: `пишіть у тг, тут без сповіщень: petro_velo`.
    let begins = |n: &usize| {
        scene.before(*n).is_none_or(|t| t.kind == Kind::Space || t.is("("))
            && (!scene.work || scene.is(n.wrapping_sub(2), ":"))
    };
    (0..scene.tokens.len()).filter(begins).find_map(|n| {
        let id = platform.is(VK) && scene.among(n, row!("id"));
        let c = if id {
            number(scene, n + 1).map(|c| Candidate { from: n, ..c })
        } else {
            read(scene, n)
        };
        let c = c.filter(|c| c.strong && !c.technical && !code(scene, c) && !in_url(scene, c))?;
        Some(on(Some(platform), 0, c, &evidence, "answer"))
    })
}

/// Contacts that share no token.
struct Found<'a> {
    scene: &'a Scene<'a>,
    contacts: Vec<Contact>,
    taken: Vec<bool>,
}

impl Found<'_> {
    /// Plain names directly behind other platforms, when there is a contact: `ig olly.inks disc ollyinks`.
    fn second(&mut self) {
        let scene = self.scene;
        for term in scene.terms.iter().filter(|_| !scene.work) {
            let other = |p: Platform| p.strength == Strength::Slang || p.is(DISCORD | SNAPCHAT);
            let colon = term.to + usize::from(scene.is(term.to, ":"));
            let new = |p: &Platform| {
                let apart = |c: &Contact| c.platform.is_some_and(|own| own.name() != p.name());
                other(*p) && self.contacts.iter().all(apart)
            };
            if term.platform.filter(new).is_none() || !scene.gap(colon) || !scene.spend(5) {
                continue;
            }
            let plain = |c: &Candidate| {
                let next = c.to + usize::from(scene.gap(c.to));
                let named = scene.term_at(next).is_some_and(|(_, t)| t.platform.is_some());
                let end = named || !scene.latin(next);
                c.plain(scene) && c.letters > 4 && end && !english_form(scene, c)
            };
            let c = read(scene, colon + 1).filter(plain);
            self.add(c.map(|c| contact(term, c, &Evidence::default(), "platform")));
        }
    }

    fn add(&mut self, contact: Option<Contact>) {
        let Some(mut contact) = contact else {
            return;
        };
        let (from, to) = whole(self.scene, contact.from, contact.to);
        // The last letter of a platform is none of the name's: `инст@ ivan`.
        let named = |n: &usize| {
            self.scene.term_at(*n).is_some_and(|(_, t)| {
                let sure = |p: Platform| p.strength > Strength::Weak || t.signs > 0;
                !t.emoji && t.platform.is_some_and(sure)
            })
        };
        let own = (from..contact.from).rev().take_while(|n| !named(n)).last();
        let from = own.unwrap_or(contact.from);
        contact.from = from + usize::from(self.scene.gap(from));
        contact.to = to;
        if let Some(tokens) = self.taken.get_mut(contact.from..contact.to)
            && !tokens.contains(&true)
        {
            tokens.fill(true);
            let place = self.contacts.partition_point(|c| c.from < contact.from);
            self.contacts.insert(place, contact);
        }
    }
}

/// The handle after platform `k`.
fn ahead(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    let term = scene.terms.get(k)?;
    // `s'arranger en direct`
    let idiom = |p: &Platform| p.is(DIRECT) && scene.among(term.from.wrapping_sub(2), row!("en"));
    let platform = term.platform.filter(|p| !idiom(p))?;
    let mut evidence = Evidence::default();
    for t in scene.preceding(k, LOOK_BACK) {
        // A "not" before a comma belongs to another clause.
        let apart = t.means(NEGATION) && scene.comma(t.to, term.from);
        let apart = if apart { NEGATION } else { 0 };
        evidence.bits |= t.bits & !(WORK | STOP | apart);
    }
    let mut n = term.to;
    if term.platform.is_some_and(|p| p.is(ICQ))
        && let Some(c) = number(scene, n)
    {
        return Some(contact(term, c, &evidence, "platform"));
    }
    let few = scene.terms.len() < 6;
    if (few || scene.bits & NICK != 0)
        && (scene.bits & words::NUMBER != 0 || scene.folded.has_digit())
        && let Some(c) = account(scene, term, n).filter(|c| !in_url(scene, c))
    {
        return Some(contact(term, c, &evidence, "platform"));
    }
    if term.platform.is_some_and(|p| p.is(DISCORD))
        && !evidence.has(NEGATION)
        && let Some(c) = tagged(scene, n)
    {
        return Some(contact(term, c, &evidence, "platform"));
    }
    while n < term.to + AHEAD_MAX {
        let announced = platform.strength > Strength::Weak
            || few && term.signs > 1
            || evidence.led
            || evidence.has(NICK)
            || platform.is(SNAPCHAT) && scene.spelling();
        if announced && let Some(name) = phrase(scene, &evidence, n) {
            return Some(contact(term, name, &evidence, "platform"));
        }
        if let Some(name) = camel::behind_platform(scene, term, &evidence, n) {
            return Some(contact(term, name, &evidence, "platform"));
        }
        if promising(scene, n, platform)
            && let Some(candidate) = read(scene, n)
            && !compound(scene, term, &candidate)
        {
            if in_url(scene, &candidate) {
                n = candidate.to;
                while scene.solid(n) {
                    n += 1;
                }
                continue;
            }
            if candidate.strong && accept_strong(scene, term, &evidence, &candidate) {
                return Some(contact(term, candidate, &evidence, "platform"));
            }
            if !is_filler(scene, n) {
                if let Some(name) = full_name(scene, term, &evidence, n) {
                    return Some(contact(term, name, &evidence, "platform"));
                }
                if accept_plain(scene, term, &evidence, &candidate) {
                    return Some(contact(term, candidate, &evidence, "platform"));
                }
            }
        }
        n = step(scene, n, &mut evidence)?;
    }
    None
}

/// Whether token `n` may begin a handle at all; `false` is certain and costs little.
fn promising(scene: &Scene<'_>, n: usize, platform: Platform) -> bool {
    let Some(token) = scene.token(n) else {
        return false;
    };
    let word = match token.kind {
        Kind::Space => return false,
        Kind::Mark => {
            return matches!(token.text, "@" | "(" | "[" | "{") || !ascii_only(token.text);
        }
        Kind::Digits => false,
        Kind::Word => true,
    };
    // What stands alone is a plain word, or the first of a name and surname.
    let alone = scene.token(n + 1).is_none_or(|t| match t.kind {
        Kind::Space => !scene.said,
        Kind::Mark => matches!(t.text, "," | "!" | "?" | ")"),
        Kind::Word | Kind::Digits => false,
    });
    let meaning = || scene.meaning(n);
    let known = |word: bool| !word || !ascii_only(token.text) || meaning() != 0;
    !alone
        || scene.odd
        || is_live(scene, n)
        || !known(word)
        || word && (meaning() & AT != 0 || scene.among(n + 2, row!("sign symbol")))
        || platform.is(REAL_NAMES) && scene.capital(n)
}

/// Where people are found by their own names.
pub const REAL_NAMES: u32 = FACEBOOK | VK | LINKEDIN | SKYPE | OK | MESSENGER;

fn accept_strong(scene: &Scene<'_>, term: &Term, evidence: &Evidence, c: &Candidate) -> bool {
    let Some(platform) = term.platform else {
        return false;
    };
    let sure = c.at || c.underscore || c.signs > 1;
    let announced = evidence.led || evidence.has(NICK | MINE | CALL | CALL_LOOSE | CALL_LAST);
    // A phone number, its words letter by letter.
    let number = c.signs > 0
        && !c.at
        && !c.underscore
        && (c.from..c.to).all(|n| !scene.kind_is(n, Kind::Word) || is_number(scene.text(n)));
    let apart = c.at && c.signs > 0;
    if number || c.technical || code(scene, c) || (apart || c.at_said) && !c.latin && !c.underscore
    {
        return false;
    }
    // `тг anna-petrova`
    let plain = !c.at && !c.underscore && c.digits == 0 && c.signs == 0;
    let snap = platform.is(SNAPCHAT) && evidence.words == 0 && scene.gap(term.to);
    if c.dashed
        && plain
        && !(announced || snap || cyrillic_around(scene, term, c) && ends(scene, c.to))
    {
        return false;
    }
    // `instagram post_template`
    if !c.at && c.common && !announced || evidence.unknown > 0 && scene.file() {
        return false;
    }
    let dotted = c.latin
        && c.letters >= 4
        && !evidence.has(WORK | NEGATION)
        && (evidence.led || cyrillic_around(scene, term, c));
    let aside = evidence.unknown > 0 && evidence.foreign < 2;
    if aside && !evidence.broken && dotted && platform.strength > Strength::Weak {
        return true;
    }
    if evidence.unknown > 0 || evidence.broken {
        return (c.at || c.underscore && !evidence.has(WORK))
            && (platform.strength > Strength::Weak || announced && !platform.is(OK));
    }
    // Letters among many digits are a disguised number, which another plugin finds.
    if c.digits >= 7 && (3..=5).contains(&c.letters) && !sure {
        return false;
    }
    if evidence.has(WORK) && !sure {
        return false;
    }
    if !c.latin && !c.underscore && !c.at {
        let beside = evidence.words == 0 && platform.strength > Strength::Weak;
        return (announced || beside && ends(scene, c.to)) && (c.digits > 0 || c.signs > 0);
    }
    match platform.strength {
        Strength::Sure | Strength::Slang => sure || announced || evidence.words <= 2,
        Strength::Weak if term.emoji => true,
        Strength::Weak => accept_weak(scene, term, platform, evidence, c, announced),
    }
}

/// A shape beside a name that is a word too, or is only hinted at.
fn accept_weak(
    scene: &Scene<'_>,
    term: &Term,
    platform: Platform,
    evidence: &Evidence,
    c: &Candidate,
    announced: bool,
) -> bool {
    let small = platform.is(OK | TWITTER | LINE);
    let shaped = c.underscore && c.letters >= 6 && !c.listed;
    let ending = c.latin && ends(scene, c.to);
    let first = scene.terms.first().is_some_and(|first| first.from == term.from);
    let dotted = c.strong && !c.dashed && c.digits == 0 && c.letters >= 8;
    // `on signal as ivan.77`, `my x ivan_petrov`
    let led = scene.meaning(term.from.wrapping_sub(2)) & (PREP | MINE) != 0;
    let shaped_well = c.strong && !c.dashed && !c.listed && c.letters >= 4 && !platform.is(OK);
    let fits = c.at && !platform.is(OK)
        || c.signs > 0 && !small
        || c.underscore && platform.is(TELEGRAM | WHATSAPP | MESSENGER | SNAPCHAT | FACEBOOK)
        || platform.is(DISCORD)
            && (shaped || scene.is(c.to.wrapping_sub(2), "#") || !scene.among(term.from, row!("dc disc")))
        || c.underscore
            && !small
            && cyrillic_around(scene, term, c)
        || platform.is(SNAPCHAT | SIGNAL) && c.letters >= 4 && ending
        || term.signs > 1
        // `в ОК я ivan.petrov`
        || platform.is(OK) && led && scene.capital(term.from) && ending && c.letters > 6
        || (first && (shaped || dotted) || led && shaped_well) && !scene.work && ending;
    let beside = evidence.words == 0
        || evidence.words == 1 && scene.among(c.from.wrapping_sub(2), row!("at"))
        || evidence.words < 3 && (term.signs > 1 && c.underscore || led && evidence.unknown == 0);
    // `direct flight_time`
    let adjective = platform.is(DIRECT) && scene.latin(term.from) && !announced;
    fits && beside && !adjective
        || announced
            && !platform.is(OK)
            && (!platform.is(LINE) || evidence.words == 0 || evidence.has(NICK))
}

/// `my insta-camera`, `max-remont.example`: parts of one word.
fn compound(scene: &Scene<'_>, term: &Term, c: &Candidate) -> bool {
    let ascii = |n: usize| scene.token(n).is_some_and(|t| ascii_only(t.text));
    let shaped = c.underscore || c.digits > 0 || c.at;
    !shaped && c.from == term.to + 1 && scene.is(term.to, "-") && ascii(term.from) == ascii(c.from)
}

/// A contact on the platform of a term, or on none that is known.
pub fn contact(term: &Term, c: Candidate, evidence: &Evidence, rule: &'static str) -> Contact {
    on(term.platform, term.signs, c, evidence, rule)
}

/// A contact on a platform whose name bears some marks of disguise.
#[inline(never)]
pub fn on(
    platform: Option<Platform>,
    signs: u8,
    c: Candidate,
    evidence: &Evidence,
    rule: &'static str,
) -> Contact {
    let base: u8 = if c.strong { 85 } else { 72 };
    let signs = signs.saturating_add(c.signs).saturating_add(u8::from(c.at)).min(3) * 4;
    let led = if evidence.led { 3 } else { 0 };
    Contact { from: c.from, to: c.to, platform, rule, confidence: (base + signs + led).min(99) }
}
