//! Names in CamelCase: `find me as HoneyBeeCurtains`, `ютуб канал СадБабыНюры`. They are contacts where a
//! platform or a call leads to them; names of brands never are.

use crate::candidate::{Candidate, read};
use crate::lexicon::{Row, Stems};
use crate::parting::lower;
use crate::platform::{OK, Strength, TELEGRAM};
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, PAGES, code, in_url};
use crate::words::{CALL, CALL_LAST, CALL_LOOSE, MINE, NEGATION, NICK, SAME, WORK};

/// Brands and products that are written so, and beginnings of such names.
const BRANDS: &Row = row!(
    "powerpoint github gitlab playstation chatgpt blackfriday starline homeassistant macbook whatsapp youtube \
    paypal linkedin javascript typescript woocommerce wordpress openoffice libreoffice facetime airpods \
    airdrop onedrive dropbox sharepoint onenote photoshop coreldraw autocad aliexpress wildberries doordash \
    onlyfans snapchat wechat duckduckgo postgresql bitcoin blackberry oneplus mastercard moneygram kitchenaid \
    dewalt blackdecker thinkpad chromebook nintendo geforce bluetooth fastapi graphql mongodb mysql opencart \
    taxfree hotspot lightroom soundcloud webmoney airbaltic turkishairlines realme deepseek openai \
    mcdonalds burgerking redbull newyorker tripadvisor couchsurfing blablacar letudiant",
);
/// Beginnings of names of offices and companies.
const OFFICES: &Stems =
    &Stems::heads("рос гос сбер мега укр яндекс тех вкус мос газ канон canon apple google");

/// The humps of the word at token `n` when it is written in CamelCase and is no known brand, else 0: two of
/// `LucBricole`. At least two humps of two letters and seven letters in all.
#[inline(never)]
pub fn humps(scene: &Scene<'_>, n: usize) -> usize {
    const LETTERS_MIN: usize = 7;
    if scene.text(n).len() < LETTERS_MIN || !scene.camel() || !scene.capital(n) {
        return 0;
    }
    let (mut humps, mut letters, mut length) = (0, 0, 0);
    for c in scene.written(n).chars() {
        length = if lower(c) == c { length + 1 } else { 1 };
        humps += usize::from(length == 2);
        letters += 1;
    }
    let known = || scene.among(n, BRANDS) || scene.begins(n, OFFICES);
    if humps > 1 && letters >= LETTERS_MIN && !known() { humps } else { 0 }
}

/// The name in CamelCase at token `n` behind a platform.
pub fn behind_platform(
    scene: &Scene<'_>,
    term: &Term,
    evidence: &Evidence,
    n: usize,
) -> Option<Candidate> {
    let humps = humps(scene, n);
    // `insta same as my shop OddSockOrchard`
    let unknown = evidence.unknown > 0 && scene.bits & SAME == 0;
    if humps == 0 || unknown || evidence.broken || evidence.has(NEGATION) {
        return None;
    }
    let platform = term.platform?;
    let page = scene.among(n.wrapping_sub(2), PAGES) && !platform.is(TELEGRAM);
    let own = evidence.has(MINE | NICK | CALL | CALL_LOOSE | CALL_LAST) || evidence.led || page;
    let weak = platform.strength == Strength::Weak && term.signs == 0;
    let alone = !scene.gap(n + 1) && scene.terms.len() < 5;
    let free = !weak && !evidence.has(WORK) && (alone && !scene.work || humps > 2);
    name(scene, n).filter(|_| own && !platform.is(OK) || free)
}

/// The word at token `n` as a name that is neither in a link nor in code.
fn name(scene: &Scene<'_>, n: usize) -> Option<Candidate> {
    read(scene, n).filter(|c| c.to == n + 1 && !code(scene, c) && !in_url(scene, c))
}
