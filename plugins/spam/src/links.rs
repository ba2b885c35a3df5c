//! Links in bursts: many in one message, or one a message over and over. Knows what a link looks like
//! when nobody hides it; the plugin `links` finds the others.

use parlour_guest::Earlier;

use crate::reading::{lowered, mix};
use crate::{Sign, Thresholds};

/// Seconds in which a handful of different links is a burst.
const BURST_S: u32 = 180;

/// Top-level domains of plain links without a scheme or path.
const TOP: &[&str] = &[
    "com", "ru", "рф", "su", "net", "org", "info", "biz", "ua", "укр", "by", "kz", "kg", "uz",
    "fr", "uk", "de", "eu", "be", "ca", "ch", "pl", "us", "io", "co", "me", "tv", "cc", "gg", "ly",
    "to", "pro", "xyz", "top", "online", "site", "store", "shop", "club", "link", "live", "app",
    "dev", "space", "website", "life", "world", "win", "bet", "vip", "casino", "example",
];

/// The links of a text and how much of it they are.
#[derive(Clone, Debug, Default)]
pub struct Links<'a> {
    /// Of each link the hash of its host and that of the whole.
    pub all: Vec<(u64, u64)>,
    /// Bytes of links.
    bytes: usize,
    text: &'a str,
}

/// Whether a character parts one link from the next.
fn parts(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '|' | '<' | '>' | '(' | ')')
}

impl<'a> Links<'a> {
    /// The links that do not lead to `allowed` hosts.
    #[must_use]
    pub fn of(text: &'a str, allowed: &[String]) -> Self {
        let mut links = Self { text, ..Self::default() };
        let mut free = 0;
        // Without a dot there is no host.
        while let Some((head, rest)) = text.get(free..).and_then(|rest| rest.split_once('.')) {
            let before = head.rsplit(parts).next().unwrap_or_default().len();
            let after = rest.split(parts).next().unwrap_or_default().len();
            let (from, to) = (free + head.len() - before, free + head.len() + 1 + after);
            free = to;
            let chunk = text.get(from..to).unwrap_or_default();
            if let Some(host) = host(chunk) {
                links.bytes += chunk.len();
                if !allowed.iter().any(|own| is_within(host, own)) {
                    links.all.push((hash(host), hash(chunk)));
                }
            }
        }
        links
    }

    /// Share of the text, white space not counted, that is links; in percent.
    fn share(&self) -> usize {
        let text: usize = self.text.split(parts).map(str::len).sum();
        self.bytes * 100 / text.max(1)
    }

    fn hosts(&self) -> impl Iterator<Item = u64> + '_ {
        self.all.iter().map(|link| link.0)
    }
}

/// The strongest sign that links give.
#[must_use]
pub fn burst(
    now: &Links<'_>,
    own: &[&Earlier],
    allowed: &[String],
    thresholds: &Thresholds,
) -> Option<Sign> {
    let count = now.all.len();
    if count == 0 {
        return None;
    }
    let hosts = distinct(now.hosts().collect());
    if count > 2 * thresholds.links || (count > thresholds.links && now.share() >= 50) {
        return Some(Sign::new("many-links", if count > 3 * thresholds.links { 80 } else { 65 }));
    }
    // Hardly any words around links to several places.
    let bare = hosts == count && now.share() >= 75 || hosts > 2 && now.share() >= 80;
    if bare && count + usize::from(hosts == count) >= thresholds.links {
        return Some(Sign::new("many-links", 60));
    }
    let mut with_links = 0;
    let mut same = 0;
    let mut recent = 0;
    let mut seen: Vec<u64> = now.hosts().collect();
    for earlier in own {
        let then = Links::of(&earlier.text, allowed);
        if then.all.is_empty() {
            continue;
        }
        with_links += 1;
        same += usize::from(then.all.iter().any(|link| now.all.contains(link)));
        if earlier.age_seconds <= BURST_S && then.share() >= 60 {
            recent += 1;
            seen.extend(then.hosts());
        }
    }
    if same >= 3 {
        return Some(Sign::new("link-again", 70));
    }
    if with_links >= thresholds.link_messages {
        return Some(Sign::new("link-after-link", 65));
    }
    let quick = recent + 1 >= thresholds.link_messages && distinct(seen) >= 3 && now.share() >= 60;
    quick.then(|| Sign::new("link-after-link", 60))
}

fn distinct(mut hashes: Vec<u64>) -> usize {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.len()
}

fn hash(text: &str) -> u64 {
    text.chars().map(|c| u32::from(lowered(c))).fold(0x811c_9dc5, mix).into()
}

/// The host of a piece of text that is a link.
fn host(chunk: &str) -> Option<&str> {
    let schemed = chunk.split_once("://").map(|(_, rest)| rest);
    let marks = |c: char| !c.is_alphanumeric();
    let bare = schemed.unwrap_or(chunk).trim_start_matches(marks);
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_end_matches(marks);
    if host.contains('@') {
        return None;
    }
    if schemed.is_some() || host.get(..4).is_some_and(|w| w.eq_ignore_ascii_case("www.")) {
        return (!host.is_empty()).then_some(host);
    }
    let (before, last) = host.rsplit_once('.')?;
    let plain = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let path = bare.len() > host.len() + 1;
    // A sentence without a space after its full stop has a capital letter there.
    let lower = !last.starts_with(char::is_uppercase);
    let same = |top: &&str| top.chars().eq(last.chars().map(lowered));
    let known = TOP.iter().any(same)
        || (path && last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic()));
    (plain
        && lower
        && known
        && (path || before.chars().filter(|c| c.is_alphanumeric()).count() >= 2))
        .then_some(host)
}

/// Whether a host is the allowed one or lies below it.
fn is_within(host: &str, allowed: &str) -> bool {
    let allowed = allowed.trim_start_matches("*.").trim_matches('.');
    let mut left = host.chars().rev().map(lowered);
    let ends = allowed.chars().rev().map(lowered).all(|c| left.next() == Some(c));
    !allowed.is_empty() && ends && matches!(left.next(), None | Some('.'))
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn links_are_counted_where_they_are_plain() {
        for (text, expected) in [
            ("http://a.ru http://b.ru/x?y=1, https://c.com", 3),
            ("www.a.example и site.com/offer", 2),
            ("t.me/abc", 1),
            ("ок.Хорошо. И т.д. readme.md 10.30 ivan@mail.ru", 0),
            ("https://shop.example/1 https://www.shop.example/2", 0),
        ] {
            let links = Links::of(text, &["shop.example".to_owned()]);
            assert_eq!(links.all.len(), expected, "{text}");
        }
    }
}
