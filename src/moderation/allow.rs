//! What may be written although a plugin finds it: the administrator's list, matched against the words
//! that a finding covers. Knows no plugin and no file.
//!
//! Two texts are the same if they are so in the way that counts for the finding's category: telephone
//! numbers by their digits, links by their host (hosts below it included), everything else by its
//! folded text. Hosts are compared as they are written, but for case: a look-alike letter makes another
//! host.

use std::collections::BTreeSet;

use super::fold::fold;

/// The list, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Allow {
    entries: Vec<Allowed>,
    digits: BTreeSet<String>,
    hosts: BTreeSet<String>,
    texts: BTreeSet<String>,
}

/// One entry for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    pub text: String,
    /// Whether it stands in the configuration, so that only an edit of that takes it out.
    pub configured: bool,
}

impl Allow {
    /// The list of what the configuration and the administrator's commands say.
    #[must_use]
    pub fn new(configured: &[String], commanded: &[String]) -> Self {
        let mut allow = Self::default();
        for (texts, configured) in [(configured, true), (commanded, false)] {
            for text in texts {
                allow.add(text);
                allow.entries.push(Allowed { text: text.clone(), configured });
            }
        }
        allow
    }

    fn add(&mut self, text: &str) {
        if !text.chars().any(char::is_alphabetic) {
            let digits = digits(text);
            if !digits.is_empty() {
                self.digits.insert(digits);
            }
        }
        if !text.contains('@')
            && let Some(host) = host(text)
        {
            self.hosts.insert(host);
        }
        let plain = plain(text);
        if !plain.is_empty() {
            self.texts.insert(plain);
        }
    }

    pub fn entries(&self) -> &[Allowed] {
        &self.entries
    }

    /// Whether a finding of this category about these words has no effect. `parts` are the words under
    /// its spans in the order in which they were written.
    #[must_use]
    pub fn covers(&self, category: &str, parts: &[&str]) -> bool {
        if self.entries.is_empty() || parts.is_empty() {
            return false;
        }
        match category {
            "phone" => {
                let found: String = parts.iter().map(|part| digits(part)).collect();
                self.digits.contains(&found) || self.all(parts, |part| self.has_text(part))
            }
            "link" => self.all(parts, |part| host(part).is_some_and(|host| self.has_host(&host))),
            "email" => self.all(parts, |part| {
                let domain = plain(part).rsplit_once('@').map(|(_, domain)| format!("@{domain}"));
                self.has_text(part) || domain.is_some_and(|domain| self.texts.contains(&domain))
            }),
            _ => self.all(parts, |part| self.has_text(part)),
        }
    }

    fn all(&self, parts: &[&str], covered: impl Fn(&str) -> bool) -> bool {
        parts.iter().all(|part| covered(part)) || self.has_text(&parts.join(" "))
    }

    fn has_text(&self, part: &str) -> bool {
        let plain = plain(part);
        let bare = plain.trim_start_matches('@');
        !plain.is_empty() && (self.texts.contains(&plain) || self.texts.contains(bare))
    }

    fn has_host(&self, host: &str) -> bool {
        let below = host.match_indices('.').filter_map(|(at, _)| host.get(at + 1..));
        std::iter::once(host).chain(below).any(|host| self.hosts.contains(host))
    }
}

/// Whether an entry could ever match something.
#[must_use]
pub fn says_something(text: &str) -> bool {
    !plain(text).is_empty()
}

fn digits(text: &str) -> String {
    fold(text).text.chars().filter(char::is_ascii_digit).collect()
}

/// Folded, with single spaces, without marks at its ends.
fn plain(text: &str) -> String {
    let folded = fold(text).text;
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.join(" ").trim_matches(|c: char| !c.is_alphanumeric() && c != '@').to_owned()
}

/// The host of a plainly written link; `None` for what a browser might read otherwise.
fn host(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => rest,
        Some(_) => return None,
        None => text.trim_start_matches("//"),
    };
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let after_user = authority.rsplit('@').next()?;
    let named = match after_user.rsplit_once(':') {
        Some((named, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => named,
        Some(_) => return None,
        None => after_user,
    };
    let named = named.strip_suffix('.').unwrap_or(named);
    let labels = named.split('.');
    let sound = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    (labels.clone().count() >= 2 && labels.clone().all(sound)).then(|| named.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entries: &[&str], category: &str, parts: &[&str], covered: bool) {
        let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        let allow = Allow::new(&entries, &[]);
        assert_eq!(allow.covers(category, parts), covered, "{entries:?} {category} {parts:?}");
    }

    #[test]
    fn numbers_count_by_their_digits() {
        let line = ["8 (800) 555-35-35"];
        check(&line, "phone", &["8 800 555 35 35"], true);
        check(&line, "phone", &["8-800-555-3535"], true);
        check(&line, "phone", &["８８００５５５３５３５"], true);
        check(&line, "phone", &["8 800", "555 35 35"], true);
        check(&line, "phone", &["8 800 555 35 36"], false);
        check(&line, "phone", &["8 800 555 35 35", "916 123 45 67"], false);
        check(&line, "phone", &["восемь"], false);
        check(&["дом 12345"], "phone", &["12345"], false);
        check(&["1"], "phone", &["1 1"], false);
    }

    #[test]
    fn links_count_by_their_host() {
        let ours = ["https://Example.com/help"];
        for link in [
            "example.com",
            "EXAMPLE.com/x",
            "http://example.com:8080/?q",
            "shop.example.com#a",
            "https://user@example.com/",
            "example.com.",
        ] {
            check(&ours, "link", &[link], true);
        }
        for link in [
            "example.com.evil.org",
            "notexample.com",
            "evil.org/example.com",
            "https://example.com@evil.org",
            "https://evil.org\\@example.com",
            "https://evil.org?example.com",
            "exаmple.com",
            "example . com",
            "example[.]com",
            "javascript:example.com",
            "com",
        ] {
            check(&ours, "link", &[link], false);
        }
        check(&ours, "link", &["example.com", "evil.org"], false);
        check(&["ivan@example.com"], "link", &["example.com"], false);
    }

    #[test]
    fn words_count_by_their_folded_text() {
        check(&["Дура́к"], "insult", &["дурак"], true);
        check(&["дурак"], "insult", &["ДУРАК!"], true);
        check(&["дурак"], "insult", &["дурака"], false);
        check(&["old  fool"], "insult", &["Old", "Fool"], true);
        check(&["support_bot"], "messenger", &["@Support_Bot"], true);
        check(&["@support_bot"], "messenger", &["support_bot_2"], false);
        check(&["Help@Example.com"], "email", &["help@example.com"], true);
        check(&["@example.com"], "email", &["anna@example.com"], true);
        check(&["@example.com"], "email", &["anna@sub.example.com"], false);
        check(&["example.com"], "email", &["anna@example.com"], false);
        check(&["..."], "insult", &["..."], false);
        check(&[], "insult", &["дурак"], false);
        check(&["дурак"], "insult", &[], false);
        assert!(says_something("ы") && !says_something(" ... "));
    }
}
