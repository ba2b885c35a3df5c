//! The names of platforms in a text, in one piece or in several, with other characters for their letters.
//! Knows no word but these names.

use parlour_guest::scan::{Kind, Token};

use crate::lexicon::{among, ascii_only, begins, single};
use crate::parting::{cyrillic, lower};
use crate::platform::{
    Platform, Reading, SNAPCHAT, Skeleton, Strength, TELEGRAM, elided, head_of_name, tiktok, vk,
    weak,
};
use crate::scene::Scene;
use crate::words;

/// Longest name written as several tokens: `v.i.b.3.r` and the like.
const NAME_TOKENS_MAX: usize = 12;

/// Whether word `i` is a short one of a sentence, or one letter, with which no name begins.
#[inline(never)]
pub fn dull(tokens: &[Token<'_>], i: usize, bits: Option<u32>) -> bool {
    let text = |n: usize| tokens.get(n).map_or("", |t| t.text);
    let word = text(i);
    if word.len() > 4 || !matches!(text(i + 1), "" | " ") && !among(text(i + 1), row!(", ?")) {
        return false;
    }
    if single(word) {
        // `в контакте`, `ю туб`
        let next = text(i + 2);
        let first = next.as_bytes();
        let joins = match word {
            "в" | "v" | "b" => matches!(first, [b'k' | b'c', ..] | [0xd0, 0xba, ..]),
            "ю" | "у" | "y" | "u" => matches!(first, [b't', ..] | [0xd1, 0x82, ..]),
            other => matches!(other, "x" | "m"),
        };
        return !single(next) && !joins;
    }
    bits.unwrap_or_else(|| words::meaning(word)) != 0
        && !among(word, row!("ok ок max line we in vk"))
        && (word, text(i + 2)) != ("you", "tube")
}

impl Scene<'_> {
    /// Whether a platform may begin at word `i`; `false` is certain and costs little.
    pub fn may_name(&self, i: usize) -> bool {
        self.odd
            || self.token(i).is_some_and(|t| t.text.len() <= 2 || head_of_name(t.text))
            || self.solid(i + 1) && self.leet(i).is_some()
    }

    /// Whether a word is part of a longer name: `telegram_bot`, `@telegram`, `telegram.org`.
    #[inline(never)]
    pub fn inside_handle(&self, i: usize) -> bool {
        let ascii = |n: Option<&Token<'_>>| {
            n.is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits) && ascii_only(t.text))
        };
        let before = i.checked_sub(1).and_then(|p| self.token(p));
        let joined_before = before.is_some_and(|t| match t.text {
            "_" => true,
            // `ivan_petrov@insta`
            "@" => !ascii(i.checked_sub(2).and_then(|p| self.token(p))),
            "." | "/" => {
                ascii(i.checked_sub(2).and_then(|p| self.token(p)))
                    && ascii(self.token(i))
                    && t.is(".")
            }
            _ => t.kind == Kind::Digits,
        });
        let joined_after = self.token(i + 1).is_some_and(|t| match t.text {
            "_" => true,
            "." => {
                ascii(self.token(i + 2))
                    && ascii(self.token(i))
                    && self.token(i).is_some_and(|t| t.text.len() > 1)
                    && !self.capital(i + 2)
            }
            _ => false,
        });
        joined_before || joined_after
    }

    /// The platform that begins at word `i`: where it ends, and the marks of its disguise.
    #[inline(never)]
    pub fn platform(&self, i: usize) -> Option<(usize, Platform, u8)> {
        let token = self.token(i)?;
        let mut skeleton = Skeleton::new();
        skeleton.add(elided(token.text), Reading::First)?;
        let apart = single(token.text);
        if !self.spend(if apart { 12 } else { 6 }) {
            return None;
        }
        let glued = self.solid(i + 1);
        let own = skeleton.platform().or_else(|| {
            (begins(token.text, heads!("вэка")) || token.text == "века" && self.is(i + 1, ":"))
                .then(vk)
                .flatten()
        });
        // Double letters are single in a skeleton.
        let own = own.or_else(|| matches!(token.text, "tt" | "тт").then(tiktok).flatten());
        // `telly gram`
        if own.is_none()
            && self.gap(i + 1)
            && self.begins(i + 2, heads!("gram грам"))
            && !self.among(i, row!("the da la"))
            && let Some(second) = self.token(i + 2)
        {
            let mut both = skeleton;
            both.add(second.text, Reading::First)?;
            if let Some(platform) = both.resembles() {
                return Some((i + 3, platform, 2));
            }
        }
        if apart && let Some(found) = self.initials(i) {
            return Some(found);
        }
        if skeleton.may_go_on()
            && own.is_none_or(|p| p.strength < Strength::Sure)
            && let Some(found) = self.parts(i, skeleton)
        {
            return Some(found);
        }
        if glued && let Some((to, platform)) = self.leet(i) {
            return Some((to, platform, 2));
        }
        // `te le gram`
        if matches!(token.text, "gram" | "грам")
            && i > 1
            && (self.among(i - 2, row!("e tele е теле"))
                || self.among(i - 2, row!("le ле")) && self.among(i.wrapping_sub(4), row!("te те")))
        {
            return weak(1).map(|p| (i + 1, p, 2));
        }
        if let Some(p) = own {
            // `telegrm`, `watsap`
            let misspelled = p.strength == Strength::Sure
                && ascii_only(token.text)
                && !token.text.starts_with(p.name());
            return Some((i + 1, p, u8::from(misspelled || self.disguised(i))));
        }
        // The fold spells a mixed word in one script by looks; people also mix by sound.
        if !self.disguised(i) {
            return None;
        }
        let written = self.written(i).chars().map(lower).collect::<String>();
        let looks = written.chars().any(cyrillic) && ascii_only(token.text);
        [(written.as_str(), Reading::First, true), (token.text, Reading::Looks, looks)]
            .into_iter()
            .filter(|(_, _, fits)| *fits)
            .find_map(|(word, reading, _)| {
                let mut heard = Skeleton::new();
                heard.add(word, reading).and_then(|()| heard.platform())
            })
            .map(|p| (i + 1, p, 1))
    }

    /// Whether a word was written with other characters than it is read by.
    #[inline(never)]
    fn disguised(&self, i: usize) -> bool {
        self.odd
            && self.token(i).is_some_and(|t| {
                let span = self.span(i, i + 1);
                (span.end - span.start) as usize != t.text.len()
                    || self.folded.signs(t.start, t.end) > 0
                    || !ascii_only(t.text)
                        && self.written(i).bytes().any(|b| b.is_ascii_alphabetic())
                    || ascii_only(t.text) && !self.written(i).is_ascii()
            })
    }

    /// Two letters with little between them: `т г`, `т.г.`, `(т)(г)`, `i/g`.
    #[inline(never)]
    fn initials(&self, i: usize) -> Option<(usize, Platform, u8)> {
        let lone = |n: usize| self.token(n).filter(|t| t.kind == Kind::Word && single(t.text));
        let first = lone(i)?;
        let between =
            |t: &&Token<'_>| t.is_gap() || t.kind == Kind::Mark && !among(t.text, row!(", @ ? !"));
        let between = self.tokens.get(i + 1..)?.iter().take(3).take_while(between).count();
        let second = lone(i + 1 + between).filter(|_| between > 0)?;
        let mut joined = Skeleton::new();
        joined.add(first.text, Reading::First)?;
        joined.add(second.text, Reading::First)?;
        let short = matches!(joined.bytes(), b"tg" | b"ig" | b"fb" | b"ds" | b"dc");
        let to = i + 2 + between;
        let name = |t: &Token<'_>| t.is("@") || t.kind == Kind::Word && ascii_only(t.text);
        let marked = joined.bytes() == b"vk"
            && (!self.gap(i + 1) || self.gap(to) && self.token(to + 1).is_some_and(name));
        let closed = usize::from(
            self.is(i + 1, ".") && self.is(to, ".") || self.is(i + 1, ")") && self.is(to, ")"),
        );
        let platform = joined.platform().filter(|_| short || marked)?;
        Some((to + closed, Platform { strength: Strength::Weak, ..platform }, 2))
    }

    /// A name in two or three parts, the first of which surely is none: `тик ток`, `теле-га`,
    /// `what's app`, `т.г.`
    #[inline(never)]
    fn parts(&self, i: usize, mut joined: Skeleton) -> Option<(usize, Platform, u8)> {
        let first = self.token(i)?;
        let parted = |n: usize| {
            self.token(n).is_some_and(|t| match t.kind {
                Kind::Mark => t.text.len() == 1 && "-.'/*_|+\"".contains(t.text),
                _ => t.is_gap(),
            })
        };
        let word = |n: usize| self.token(n).filter(|t| t.kind == Kind::Word);
        let second = word(i + 2).filter(|_| parted(i + 1))?;
        let length = first.text.len() + second.text.len();
        if !(4..=28).contains(&length) {
            return None;
        }
        joined.add(second.text, Reading::First)?;
        if !joined.may_be_name() {
            return None;
        }
        let lone = |t: &Token<'_>| single(t.text);
        if lone(first) && lone(second) {
            return None;
        }
        if joined.bytes() == b"tege" {
            return joined.platform().map(|p| (i + 3, p, 1));
        }
        // Words of a sentence too, unless something leads to them: `on we chat`.
        if matches!((first.text, second.text), ("we", "chat") | ("linked", "in")) {
            if i > 1 && self.among(i - 2, row!("is are was were be been it which that")) {
                return None;
            }
            let led = i > 1 && self.among(i - 2, row!("on my our via sur mon в мой мій у"));
            let strength = if led { Strength::Slang } else { Strength::Weak };
            return joined.platform().map(|p| (i + 3, Platform { strength, ..p }, 2));
        }
        if (first.text, second.text) == ("вэ", "ка") {
            return vk().map(|p| (i + 3, p, 1));
        }
        let contact = lone(first)
            && (joined.bytes().starts_with(b"vkontakt") || joined.bytes().starts_with(b"yutub"));
        if contact {
            return joined
                .long_name()
                .map(|p| (i + 3, Platform { strength: Strength::Weak, ..p }, 0));
        }
        // `t-gram`
        if joined.bytes() == b"tgram" {
            return joined.long_name().map(|p| (i + 3, p, 2));
        }
        if lone(first) || lone(second) && !among(second.text, row!("а у е s")) {
            return None;
        }
        if !lone(second)
            && let Some(p) = joined.long_name()
        {
            return Some((i + 3, p, 1));
        }
        let third = word(i + 4).filter(|t| parted(i + 3) && t.text.len() <= 10)?;
        joined.add(third.text, Reading::First)?;
        let short = first.text.len() <= 10 && second.text.len() <= 10;
        joined.long_name().filter(|_| short).map(|p| (i + 5, p, 2))
    }

    #[inline(never)]
    pub fn starts_leet(&self, i: usize) -> bool {
        let free = self.before(i).is_none_or(|t| t.kind == Kind::Space || t.is("(") || t.is("/"));
        let one = |t: &Token<'_>| {
            t.kind == Kind::Digits && t.text.len() == 1 || among(t.text, row!("! | $ + €"))
        };
        free && self.token(i).is_some_and(one)
            && self.token(i + 1).is_some_and(|t| t.kind == Kind::Word && t.text.len() > 2)
    }

    /// A name with digits and marks for letters: `т3лега`, `wh@tsapp`, `1nsta`, `т*лега`.
    #[inline(never)]
    pub fn leet(&self, i: usize) -> Option<(usize, Platform)> {
        let free = |t: &Token<'_>| t.kind == Kind::Space || among(t.text, row!("( / \" , : -"));
        let part = |t: &Token<'_>| match t.kind {
            Kind::Word => true,
            Kind::Digits => t.text.len() <= 2,
            Kind::Mark => among(t.text, row!("@ $ ! * | € + #")),
            Kind::Space => false,
        };
        if !self.token(i + 1).is_some_and(part) || !self.before(i).is_none_or(free) {
            return None;
        }
        let run =
            self.tokens.get(i..)?.iter().take(NAME_TOKENS_MAX).take_while(|t| part(t)).count();
        let trailing = |n: usize| {
            self.token(n).is_some_and(|t| t.kind == Kind::Mark && !matches!(t.text, "@" | "$"))
        };
        let mut to = i + run;
        while to > i && trailing(to - 1) {
            to -= 1;
        }
        // After letters that stood apart an `@` begins the handle.
        if to > i + 1 && self.is(to - 1, "@") && self.gap(to) && self.spread(to - 2) {
            to -= 1;
        }
        let disguised = self.tokens.get(i..to)?.iter().any(|t| t.kind != Kind::Word);
        if to < i + 2 || !disguised {
            return None;
        }
        for reading in [Reading::First, Reading::Second] {
            let mut skeleton = Skeleton::new();
            let whole = self.tokens.get(i..to)?;
            if whole.iter().try_for_each(|t| skeleton.add(t.text, reading)).is_none() {
                continue;
            }
            let length = skeleton.bytes().len();
            // A number after a word makes no name of it: `line2`.
            let inner = whole.last().is_some_and(|t| t.kind == Kind::Word) && length >= 3;
            let fits = |p: &Platform| {
                p.is(SNAPCHAT) && length >= 4
                    || if p.strength > Strength::Weak {
                        length >= 4
                    } else {
                        inner && (!p.is(TELEGRAM) || skeleton.bytes() == b"tele")
                    }
            };
            if let Some(p) = skeleton.platform().filter(fits) {
                return Some((to, p));
            }
        }
        None
    }
}
