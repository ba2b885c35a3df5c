//! Invitations to go on elsewhere, and handles that are only referred to. Reads the order of known words;
//! a handle itself is found elsewhere.

use parlour_guest::scan::{Kind, Token};

use crate::contact::Contact;
use crate::lexicon::{Stems, ascii_only, begins};
use crate::platform::{SNAPCHAT, SOCIAL, Strength, VK};
use crate::reference::same_name;
use crate::scene::{Scene, Term};
use crate::words::{
    self, AFTER, BEFORE, BETTER, CALL, CALL_LAST, CALL_LOOSE, FILL, GIVE, HERE, MINE, NEGATION,
    NICK, NUMBER, OUT, PREP, SAME, WORK,
};

/// Most words between a call and the place it calls to.
const PATH_MAX: usize = 8;

/// All invitations of a text, in order, none overlapping another.
pub fn detect(scene: &Scene<'_>) -> Vec<Contact> {
    let mut found: Vec<Contact> = Vec::new();
    if !scene.names && scene.bits & (SAME | NICK | OUT) == 0 {
        return found;
    }
    for (k, term) in scene.terms.iter().enumerate() {
        if term.platform.is_some() && !scene.spend(24) {
            break;
        }
        let hit = if term.platform.is_some() && !term.emoji {
            invitation(scene, k)
        } else if term.means(SAME | NICK) {
            same_name(scene, k)
        } else {
            outside(scene, k)
        };
        if let Some(hit) = hit
            && found.last().is_none_or(|last| last.to <= hit.from)
        {
            found.push(hit);
        }
    }
    if found.iter().any(|hit| hit.rule == "same-name") {
        found.retain(|hit| hit.rule != "invitation");
    }
    found
}

fn invitation(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    let term = scene.terms.get(k)?;
    let platform = term.platform?;
    if of_work(scene, k) {
        return None;
    }
    let (from, to, confidence) = called(scene, k)
        .or_else(|| called_after(scene, k))
        .or_else(|| better(scene, k))
        .or_else(|| given(scene, k))
        .or_else(|| verbed(scene, k))?;
    let number = |to| number_follows(scene, to);
    if number(term.to) || number(to) || number_before(scene, from) {
        return None;
    }
    // A text in quotes that somebody works on.
    let quoted = scene.before(from).is_some_and(|t| t.is("\"")) || scene.is(to, "\"");
    if quoted && scene.work {
        return None;
    }
    let confidence = confidence + 3 * term.signs.min(3);
    Some(Contact { from, to, platform: Some(platform), rule: "invitation", confidence })
}

/// Whether a platform is spoken of as a field of work: `телеграм-бот`, `Instagram ads`.
fn of_work(scene: &Scene<'_>, k: usize) -> bool {
    let Some(term) = scene.terms.get(k) else {
        return true;
    };
    let next = scene.terms.get(k + 1).filter(|n| n.from <= term.to + 1);
    let hyphen = scene.is(term.to, "-") && scene.kind_is(term.to + 1, Kind::Word);
    let before = scene.preceding(k, 1).any(|t| scene.begins(t.from, heads!("яндекс yandex")));
    next.is_some_and(|n| n.means(WORK)) || hyphen || before
}

/// Within how many tokens after a platform the number of a phone lies.
const NUMBER_TOKENS_MAX: usize = 40;

/// Beginnings of numbers in words, in their cases and in Latin letters.
const NUMBERS: &str = "нул нол один одн два две дву дво три трё трёх трьо трем четыр чотир пят п'ят шест \
    шіст семь семи сім сем восем восьм вісім вісьм девят дев'я двест трист nul nol odin odn dva dvo tri \
    chot chet pyat shist shest sim sem visim vosem dev zero one two three four five six seven eight nine \
    deux trois quatre cinq sept huit neuf zéro восим вос quarant trent vingt cinquant soixant сорок девя пяд симь адин чыт чет";

/// The first three letters of each of them.
static NUMBER_HEADS: [u64; 8] = {
    let text = NUMBERS.as_bytes();
    let (mut heads, mut n) = ([0; 8], 0);
    while n < text.len() {
        if n == 0 || text[n - 1] == b' ' {
            let place = number_head(text, n);
            heads[place / 64] |= 1 << (place % 64);
        }
        n += 1;
    }
    heads
};

const fn number_head(text: &[u8], from: usize) -> usize {
    let length = if text[from] < 0xc0 { 3 } else { 6 };
    let (mut key, mut n) = (0_u32, from);
    while n < text.len() && n < from + length && text[n] != b' ' {
        key = key.wrapping_mul(31) ^ text[n] as u32;
        n += 1;
    }
    (key ^ (key >> 7)) as usize % 512
}

/// Whether a word is a number, in whatever case.
pub fn is_number(word: &str) -> bool {
    static ROW: Stems = Stems::heads(NUMBERS);
    let word_bytes = word.as_bytes();
    let place = if word_bytes.len() < 3 { return false } else { number_head(word_bytes, 0) };
    NUMBER_HEADS.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
        && begins(word, &ROW)
}

/// Whether a phone number follows token `to`, which says where to write and is found by another plugin.
fn number_follows(scene: &Scene<'_>, to: usize) -> bool {
    let after = scene.tokens.get(to..).unwrap_or_default().iter().take(NUMBER_TOKENS_MAX);
    let known = |t: &Token<'_>| words::meaning(t.text) & (FILL | AFTER) != 0;
    let ends = |t: &&Token<'_>| {
        t.kind != Kind::Word || t.text.len() <= 4 || digits_of(scene, t) > 0 || known(t)
    };
    let digits: usize = after.take_while(ends).map(|t| digits_of(scene, t)).sum();
    let next = scene.next(to);
    let near = scene.terms.get(next).is_some_and(|t| t.means(NUMBER) && t.from <= to + 2);
    let said = scene
        .terms
        .get(next..)
        .unwrap_or_default()
        .iter()
        .take(6)
        .filter(|t| t.means(NUMBER) || is_number(scene.text(t.from)));
    let plus = (to..to + 3).any(|n| scene.is(n, "+"));
    digits >= if plus { 4 } else { 5 } || near || said.count() >= 4
}

/// Whether a phone number stands before token `from`.
fn number_before(scene: &Scene<'_>, from: usize) -> bool {
    let before = scene.tokens.get(..from).unwrap_or_default().iter().rev().take(NUMBER_TOKENS_MAX);
    (9..=15).contains(&before.map(|t| digits_of(scene, t)).sum::<usize>())
}

/// How many digits a token has; digits may be sent one by one, and letters among them stand for digits.
fn digits_of(scene: &Scene<'_>, t: &Token<'_>) -> usize {
    (t.start..t.end).filter(|i| scene.folded.digit(*i).is_some()).count()
}

/// `давай перейдём в вотсап`, `let's continue on WhatsApp`
fn called(scene: &Scene<'_>, k: usize) -> Option<(usize, usize, u8)> {
    let term = scene.terms.get(k)?;
    let platform = term.platform?;
    let mut led = false;
    let mut at = k;
    for (steps, t) in scene.preceding(k, PATH_MAX).enumerate() {
        let after = scene.terms.get(at).map_or(term.from, |t| t.from);
        if scene
            .tokens
            .get(t.to..after)
            .is_some_and(|all| all.iter().any(|t| t.kind == Kind::Digits))
        {
            return None;
        }
        at -= 1;
        if steps > 0 && t.means(CALL) && (led || !t.means(FILL))
            || steps == 0 && t.means(CALL) && go(scene, t)
        {
            let from = extended(scene, at);
            let plain = led || go(scene, t);
            let firm = !scene.among(t.from, row!("давай давайте дава го"));
            return (plain
                && !negated(scene, from)
                && followed(scene, term, platform.is(SOCIAL) || !firm))
            .then(|| (scene.terms[from].from, term.to, 72));
        }
        if led && t.means(CALL_LOOSE) && !t.means(FILL | PREP)
            || led && t.means(CALL_LOOSE) && free(scene, at)
        {
            let from = extended(scene, at);
            return (free(scene, from) && !negated(scene, from) && followed(scene, term, true))
                .then(|| (scene.terms[from].from, term.to, 70));
        }
        led |= t.means(PREP);
        if !t.means(PREP | FILL | MINE | BETTER | CALL | CALL_LOOSE | NICK) && t.platform.is_none()
        {
            return None;
        }
        if t.means(NEGATION) {
            return None;
        }
    }
    None
}

/// `го тг`, `дай вотсап`: words that need no preposition.
#[inline(never)]
fn go(scene: &Scene<'_>, t: &Term) -> bool {
    scene.among(t.from, row!("го гоу айда"))
}

/// The first of the calls that lead to term `at` through words that only fill.
#[inline(never)]
fn extended(scene: &Scene<'_>, at: usize) -> usize {
    let mut first = at;
    let mut next = at;
    for _ in 0..5 {
        let Some(before) = next.checked_sub(1) else {
            break;
        };
        let (Some(t), Some(after)) = (scene.terms.get(before), scene.terms.get(next)) else {
            break;
        };
        let joined = after.from <= t.to + 1 && scene.gap(t.to) || scene.is(t.to, "-");
        if !joined || t.platform.is_some() || t.means(NEGATION) {
            break;
        }
        if t.means(CALL | CALL_LOOSE | BETTER) {
            first = before;
        } else if !t.means(FILL | MINE) {
            break;
        }
        next = before;
    }
    first
}

/// Whether a "not" stands right before a term or governs the sentence.
#[inline(never)]
fn negated(scene: &Scene<'_>, at: usize) -> bool {
    let from = scene.terms.get(at).map_or(0, |t| t.from);
    let hesitates = |t: &Term| scene.begins(t.from, heads!("hésite n'hésite n'hesite"));
    scene.preceding(at, 3).any(|t| t.means(NEGATION) && !scene.comma(t.to, from))
        && !scene.preceding(at, 3).any(hesitates)
}

/// Whether a call of a language without forms stands where an order, a wish or a proposal stands.
#[inline(never)]
fn free(scene: &Scene<'_>, at: usize) -> bool {
    let Some(term) = scene.terms.get(at) else {
        return false;
    };
    let mut first = term.from;
    for t in scene.preceding(at, 8) {
        let between = scene.tokens.get(t.to..first).unwrap_or_default();
        if between.iter().any(|t| t.is(",") || t.is(":") || t.is("-")) {
            return true;
        }
        if !t.means(BEFORE | CALL | CALL_LOOSE | FILL | AFTER | BETTER | MINE)
            || t.means(NEGATION) && !t.means(BEFORE)
        {
            return false;
        }
        first = t.from;
    }
    true
}

/// Whether what follows a place does not make it an object of work.
#[inline(never)]
fn followed(scene: &Scene<'_>, term: &Term, strict: bool) -> bool {
    let mut n = term.to;
    while scene.gap(n) || scene.is(n, "\"") {
        n += 1;
    }
    match scene.token(n) {
        None => true,
        Some(t) if t.kind == Kind::Digits => false,
        Some(t) if t.kind != Kind::Word => !matches!(t.text, "_" | "@" | "/"),
        Some(_) => {
            let bits = scene.meaning(n);
            let listed = bits & (AFTER | FILL | CALL | BETTER | MINE | PREP) != 0;
            bits & (WORK | NEGATION) == 0 && (listed || !strict || n > term.to + 1)
        }
    }
}

/// `в телегу пиши`, `на вайбер звоните`, `телеграмға жазыңыз`
fn called_after(scene: &Scene<'_>, k: usize) -> Option<(usize, usize, u8)> {
    let term = scene.terms.get(k)?;
    let before = k.checked_sub(1).and_then(|p| scene.terms.get(p));
    let led = before.filter(|t| t.means(PREP) && t.to + 1 >= term.from);
    // `мошенник предлагал в вотсап уйти`
    let told = heads!("предлагал предложи прос зва моше мошен шахра казал сказал");
    if scene.preceding(k, 4).any(|t| scene.begins(t.from, told)) {
        return None;
    }
    let mut last = term.to;
    for (steps, t) in scene.terms.get(k + 1..)?.iter().take(3).enumerate() {
        if (last..t.from).any(|n| !scene.gap(n)) {
            return None;
        }
        last = t.to;
        let infinitive =
            t.means(CALL_LOOSE) && scene.token(t.from).is_some_and(|t| !ascii_only(t.text));
        let call = (t.means(CALL) || infinitive) && led.is_some() || t.means(CALL_LAST);
        if call {
            let from = led.map_or(term.from, |t| t.from);
            let first = led.map_or(k, |_| k - 1);
            let social = term.platform.is_some_and(|p| p.is(SOCIAL));
            let to_end = followed(scene, t, social);
            return (to_end && !negated(scene, first)).then_some((from, t.to, 68));
        }
        if !t.means(FILL | MINE | BETTER) || steps == 2 {
            return None;
        }
    }
    None
}

/// `лучше в вотсапе`
fn better(scene: &Scene<'_>, k: usize) -> Option<(usize, usize, u8)> {
    let term = scene.terms.get(k)?;
    let platform = term
        .platform
        .filter(|p| (!p.is(SOCIAL) || p.is(SNAPCHAT)) && p.strength > Strength::Weak)?;
    let mut led = false;
    let mut at = k;
    for t in scene.preceding(k, 4) {
        at -= 1;
        if t.means(BETTER) && led {
            let from = extended(scene, at);
            let fits = free(scene, from) || scene.preceding(from, 1).next().is_none();
            let ends = scene.ends_clause(term.to) || scene.is(term.to, ",");
            return (fits && ends && !negated(scene, at) && platform.strength > Strength::Weak)
                .then(|| (scene.terms[from].from, term.to, 62));
        }
        led |= t.means(PREP);
        if !t.means(PREP | FILL | MINE) {
            return None;
        }
    }
    None
}

/// `дай свой вотсап`, `скину тг`
fn given(scene: &Scene<'_>, k: usize) -> Option<(usize, usize, u8)> {
    let term = scene.terms.get(k)?;
    let platform = term.platform.filter(|p| !p.is(SOCIAL) || p.is(SNAPCHAT))?;
    if platform.strength == Strength::Weak && !platform.is(SNAPCHAT) {
        return None;
    }
    let mut at = k;
    for t in scene.preceding(k, 4) {
        at -= 1;
        let owner = scene.among(
            t.from,
            row!("твой ваш вашу твою свій твій your ton votre номер ник контакт ссылку qr на"),
        );
        if t.means(GIVE) {
            let ends = scene.ends_clause(term.to) || scene.is(term.to, ",");
            return (ends && !negated(scene, at)).then_some((t.from, term.to, 64));
        }
        if !owner && (!t.means(MINE | FILL | NICK) || t.means(PREP)) {
            return None;
        }
    }
    None
}

/// `whatsapp me`, `dm me`
fn verbed(scene: &Scene<'_>, k: usize) -> Option<(usize, usize, u8)> {
    let term = scene.terms.get(k)?;
    let me = scene.terms.get(k + 1).filter(|t| t.from == term.to + 1)?;
    let platform = term.platform.filter(|p| p.strength > Strength::Weak || p.is(SNAPCHAT))?;
    let me_text = scene.token(me.from).filter(|_| scene.gap(term.to))?.text;
    let elsewhere = scene.terms.get(k + 2).is_none_or(|t| !t.means(HERE));
    (!platform.is(VK) && me_text == "me" && elsewhere && free(scene, k) && !negated(scene, k))
        .then_some((term.from, me.to, 66))
}

/// `давайте вне сайта`, `let's talk outside the platform`, `parlons hors plateforme`
fn outside(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    const PLACES: &Stems = &Stems::heads(
        "сайт площадк платформ бирж сервис приложени platform site app plateforme чат",
    );
    scene.terms.get(k).filter(|t| t.means(OUT))?;
    let place = scene.terms.iter().skip(k + 1).take(3).find(|t| {
        scene.token(t.from).is_some_and(|t| t.text.len() < 26 && begins(t.text, PLACES))
    })?;
    let mut at = k;
    for t in scene.preceding(k, 5) {
        at -= 1;
        if t.means(CALL) || t.means(CALL_LOOSE) && free(scene, at) {
            let from = extended(scene, at);
            return (!negated(scene, from)).then(|| Contact {
                from: scene.terms[from].from,
                to: place.to,
                platform: None,
                rule: "invitation",
                confidence: 66,
            });
        }
        if !t.means(FILL | MINE | PREP | BETTER) {
            return None;
        }
    }
    None
}
