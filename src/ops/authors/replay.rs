//! `parlour plugin replay`: what candidate plugins would say about the texts that are stored, against what
//! was found in them when they came. Changes nothing.

use std::{
    collections::{BTreeSet, VecDeque},
    fmt::Write as _,
};

use serde_json::{Value, json};

use super::{Trouble, stored::Bookmark};
use crate::{
    domain::{
        id::{Kind, UserId},
        moderation::{Earlier, Inquiry},
    },
    moderation::workbench::{Chain, Surroundings, inquiry_of},
    ops::{
        cli::{Exit, ReplayAsked},
        terminal::{complain, print},
    },
};

const HISTORY_MAX: usize = 20;
const SHOWN_MAX: usize = 100;

/// What is found in a text: category and spans.
type Found = BTreeSet<(String, Vec<(u64, u64, u64)>)>;

/// Gives the page after a bookmark.
pub type Pages<'a> = dyn FnMut(Bookmark) -> Result<Value, Trouble> + 'a;

/// Runs the texts of all pages through the candidates and prints the difference.
///
/// # Errors
/// A page cannot be had.
pub fn run(
    asked: &ReplayAsked,
    chain: &Chain,
    around: &Surroundings,
    pages: &mut Pages<'_>,
    json: bool,
) -> Result<Exit, Trouble> {
    let ids: BTreeSet<String> = chain.ids().map(str::to_owned).collect();
    let mut tally = Tally { show: asked.show, ..Tally::default() };
    let mut past = Past::default();
    let mut next = Some(Bookmark { conversation: 1, seq: 0 });
    'pages: while let Some(after) = next {
        let page = pages(after)?;
        for item in page.get("items").and_then(Value::as_array).into_iter().flatten() {
            if tally.messages >= asked.limit {
                tally.stopped = true;
                break 'pages;
            }
            let Some(text) = Stored::read(item) else { continue };
            tally.messages += 1;
            let before = text.found(&ids);
            let inquiry = past.inquiry(&text, around);
            match candidates(chain, &inquiry) {
                Ok(now) => tally.compare(&text, &before, &now),
                Err(sentence) => tally.fail(&text, &sentence),
            }
            past.remember(&text);
        }
        next = page.get("next").and_then(|next| {
            Some(Bookmark { conversation: next.get(0)?.as_u64()?, seq: next.get(1)?.as_u64()? })
        });
    }
    print(&if json { tally.json() } else { tally.human() });
    for sentence in &tally.failures {
        complain(sentence);
    }
    Ok(if tally.failed == 0 { Exit::Done } else { Exit::Failed })
}

fn candidates(chain: &Chain, inquiry: &Inquiry) -> Result<Found, String> {
    let mut found = Found::new();
    for checked in chain.check(inquiry).answers {
        for finding in checked.findings? {
            let spans = finding.spans.iter();
            let spans = spans.map(|(n, s)| (*n as u64, s.start as u64, s.end as u64)).collect();
            found.insert((finding.category, spans));
        }
    }
    Ok(found)
}

/// One item of a page.
struct Stored<'a> {
    item: &'a Value,
    place: String,
    conversation: &'a str,
    text: &'a str,
    shown: &'a str,
    sender: &'a str,
    at: u64,
}

impl<'a> Stored<'a> {
    fn read(item: &'a Value) -> Option<Self> {
        let word = |key: &str| item.get(key)?.as_str();
        let conversation = word("conversation")?;
        Some(Self {
            item,
            place: format!("{conversation} {}", item.get("seq")?),
            conversation,
            text: word("text")?,
            shown: word("shown")?,
            sender: word("sender")?,
            at: item.get("at")?.as_u64()?,
        })
    }

    fn word(&self, key: &str) -> Option<&'a str> {
        self.item.get(key)?.as_str()
    }

    /// What these plugins found when it came.
    fn found(&self, plugins: &BTreeSet<String>) -> Found {
        let findings = self.item.get("found").and_then(Value::as_array).into_iter().flatten();
        let own = findings.filter(|finding| {
            let plugin = finding.get("plugin").and_then(Value::as_str);
            plugin.is_some_and(|plugin| plugins.contains(plugin))
        });
        let one = |finding: &Value| {
            let number =
                |span: &Value, at: usize| span.get(at).and_then(Value::as_u64).unwrap_or(0);
            let spans = finding.get("spans")?.as_array()?.iter();
            let spans = spans.map(|s| (number(s, 0), number(s, 1), number(s, 2))).collect();
            Some((finding.get("category")?.as_str()?.to_owned(), spans))
        };
        own.filter_map(one).collect()
    }
}

/// The latest texts of the conversation that is being read, as its readers see them.
#[derive(Default)]
struct Past {
    conversation: String,
    texts: VecDeque<Seen>,
}

struct Seen {
    at: u64,
    sender: String,
    role: String,
    shown: String,
}

impl Past {
    fn inquiry(&self, text: &Stored<'_>, around: &Surroundings) -> Inquiry {
        let same = self.conversation == text.conversation;
        let earlier = self.texts.iter().rev().filter(|_| same).enumerate();
        let history = earlier.map(|(n, seen)| Earlier {
            id: format!("earlier-{}", n + 1),
            age_seconds: u32::try_from(text.at.saturating_sub(seen.at) / 1000).unwrap_or(u32::MAX),
            same_sender: seen.sender == text.sender,
            role: seen.role.clone(),
            text: seen.shown.clone(),
        });
        let mut inquiry = Inquiry {
            edit: text.item.get("edit") == Some(&Value::Bool(true)),
            languages: around.languages.clone(),
            default_region: around.default_region.clone(),
            allowed_hosts: around.allowed_hosts.clone(),
            conversation: text.conversation.to_owned(),
            sender_role: text.word("role").unwrap_or("user").to_owned(),
            history: history.collect(),
            ..inquiry_of(text.text.to_owned())
        };
        if let Some(sender) = UserId::new(text.sender) {
            inquiry.sender = sender;
        }
        if let Some(kind) = text.word("kind").and_then(Kind::from_word) {
            inquiry.kind = kind;
        }
        inquiry
    }

    fn remember(&mut self, text: &Stored<'_>) {
        if self.conversation != text.conversation {
            self.texts.clear();
            text.conversation.clone_into(&mut self.conversation);
        }
        if self.texts.len() == HISTORY_MAX {
            self.texts.pop_front();
        }
        self.texts.push_back(Seen {
            at: text.at,
            sender: text.sender.to_owned(),
            role: text.word("role").unwrap_or("user").to_owned(),
            shown: text.shown.to_owned(),
        });
    }
}

/// The differences so far.
#[derive(Default)]
struct Tally {
    show: bool,
    messages: u64,
    same: u64,
    newly: u64,
    no_longer: u64,
    spans: u64,
    failed: u64,
    stopped: bool,
    lines: Vec<Value>,
    failures: Vec<String>,
}

impl Tally {
    fn compare(&mut self, text: &Stored<'_>, before: &Found, now: &Found) {
        let categories = |found: &Found| {
            found.iter().map(|(category, _)| category.clone()).collect::<BTreeSet<String>>()
        };
        let (old, new) = (categories(before), categories(now));
        let mut changed = false;
        for category in new.difference(&old) {
            self.newly += 1;
            changed = true;
            self.line("newly flagged", category, text, now);
        }
        for category in old.difference(&new) {
            self.no_longer += 1;
            changed = true;
            self.line("no longer flagged", category, text, before);
        }
        for category in old.intersection(&new) {
            let of = |found: &Found| -> Found {
                found.iter().filter(|(c, _)| c == category).cloned().collect()
            };
            if of(before) != of(now) {
                self.spans += 1;
                changed = true;
                self.line("changed spans", category, text, now);
            }
        }
        self.same += u64::from(!changed);
    }

    fn line(&mut self, what: &str, category: &str, text: &Stored<'_>, found: &Found) {
        if self.lines.len() >= SHOWN_MAX {
            return;
        }
        let own = found.iter().filter(|(c, _)| c == category);
        let spans: Vec<Value> =
            own.flat_map(|(_, spans)| spans).map(|s| json!([s.0, s.1, s.2])).collect();
        let shown = self.show.then(|| text.text.to_owned());
        self.lines.push(json!({
            "change": what, "category": category, "place": text.place, "spans": spans, "text": shown,
        }));
    }

    fn fail(&mut self, text: &Stored<'_>, sentence: &str) {
        self.failed += 1;
        if self.failures.len() < 10 {
            self.failures.push(format!("{}: {sentence}", text.place));
        }
    }

    fn json(&self) -> String {
        let value = json!({
            "messages": self.messages, "same": self.same, "newly_flagged": self.newly,
            "no_longer_flagged": self.no_longer, "changed_spans": self.spans, "failed": self.failed,
            "stopped_at_limit": self.stopped, "changes": self.lines,
        });
        format!("{value}\n")
    }

    fn human(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            let word = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default();
            let (change, category) = (word("change"), word("category"));
            let _ = write!(out, "{change}: {category} at {}", word("place"));
            if self.show {
                let _ = write!(out, " \"{}\" {}", word("text").escape_debug(), line["spans"]);
            }
            out.push('\n');
        }
        let more = if self.stopped { "; stopped at the limit" } else { "" };
        let Self { messages, same, newly, no_longer, spans, failed, .. } = self;
        let _ = writeln!(
            out,
            "{messages} texts: {same} as before, {newly} newly flagged, {no_longer} no longer flagged, \
             {spans} with other spans, {failed} failed{more}"
        );
        out
    }
}
