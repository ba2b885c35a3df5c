//! Contacts of every kind, by what was learned from labelled messages: the words and signs around a
//! contact are much the same whoever writes it, and rules know only those that somebody thought of. Knows
//! no platform, no provider and no language; what becomes of a finding is the host's policy.
//!
//! A linear chain over the tokens of a sender's last messages (conditional random field, Lafferty,
//! `McCallum` and Pereira 2001): the evidence of what is seen around a token is added up, and the likeliest
//! row of contacts and other words is read off. `plugins/trial/src/bin/train.rs` learns the weights.

pub mod decode;
pub mod kinds;
pub mod model;
pub mod reading;
#[cfg(test)]
mod tests;

use std::ops::Range;

use parlour_guest::scan::Kind;
use parlour_guest::{
    Action, Context, Finding, Fold, Json, Message, Plugin, Severity, Span, bounded,
};

use crate::decode::{Stretch, margins, stretches};
use crate::kinds::Kinds;
use crate::model::KINDS;
use crate::reading::{Atom, Row, around, seen_alone, seen_near};

/// Evidence, as a logit, from which a contact of each kind is told, and what `sensitivity` adds to it.
const ENOUGH: [i32; 5] = [4, 4, 4, 4, 2];
const LOW: i32 = 3;
const HIGH: i32 = -2;

/// Evidence of an atom alone, in units of a weight, from which it and so many atoms around it are looked at
/// closely; what the others are taken for at most. Of the contacts that closer looks at everything find,
/// three in a thousand are lost, and most messages are looked at closely in a few places or none.
const WARM: i32 = 3;
const CLOSE: usize = 5;
const COLD: i32 = -10;

/// Fewest digits of a telephone number, and fewest words of one that is spelled.
const DIGITS_MIN: usize = 7;
const WORDS_MIN: usize = 4;

/// The plugin: how much evidence more or less is enough, and kinds that are left to others.
pub struct Contacts {
    more: i32,
    ignored: Vec<String>,
}

/// A contact: its place in the row, its kind by number, and the evidence as a logit.
#[derive(Clone, Debug)]
pub struct Contact {
    pub atoms: Range<usize>,
    pub kind: usize,
    pub logit: i32,
}

// === impl Contact ===

impl Contact {
    fn is(&self, kind: &str) -> bool {
        KINDS.get(self.kind) == Some(&kind)
    }
}

impl Plugin for Contacts {
    const ID: &'static str = "contacts";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["sensitivity", "ignore"]);
        let more = match settings.get("sensitivity").map(Json::text) {
            None | Some(Some("normal")) => 0,
            Some(Some("low")) => LOW,
            Some(Some("high")) => HIGH,
            Some(_) => {
                errors.push("sensitivity: low, normal or high is expected".to_owned());
                0
            }
        };
        let ignored = settings.texts("ignore").unwrap_or_else(|sentence| {
            errors.push(sentence);
            Vec::new()
        });
        let unknown = ignored.iter().filter(|kind| !KINDS.contains(&kind.as_str()));
        errors.extend(
            unknown
                .map(|kind| ["ignore: ", kind, " is unknown; known: ", &KINDS.join(" ")].concat()),
        );
        if errors.is_empty() { Ok(Self { more, ignored }) } else { Err(errors) }
    }

    fn check(
        &self,
        message: &Message,
        context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        // An edited message is not the one before it.
        let history: Vec<_> = context
            .history
            .iter()
            .map(|earlier| {
                let own = !message.id.is_empty() && earlier.id == message.id;
                parlour_guest::Earlier {
                    same_sender: earlier.same_sender && !own,
                    ..earlier.clone()
                }
            })
            .collect();
        let row = Row::of(&message.text, &history, fold);
        let mut contacts = contacts(&row);
        contacts.retain(|contact| {
            let kind = contact.kind;
            let enough = ENOUGH.get(kind).copied().unwrap_or(0) + self.more;
            contact.logit >= enough && !self.ignored.iter().any(|ignored| contact.is(ignored))
        });
        let text_of = |n: u32| match (n as usize).checked_sub(1) {
            None => message.text.as_str(),
            Some(n) => history.get(n).map_or("", |earlier| earlier.text.as_str()),
        };
        let hosts = &context.conversation.allowed_hosts;
        let findings = contacts.iter().filter_map(|contact| {
            let (of, span) = place(&row, &contact.atoms)?;
            let told = text_of(of).get(span.start as usize..span.end as usize)?.to_lowercase();
            let elsewhere = |c: &Contact| c.kind == contact.kind && message_of(&row, c) != Some(of);
            let plain = is_plain(&told) && !contacts.iter().any(elsewhere);
            let link = contact.is("link");
            let allowed = link && hosts.iter().any(|host| names(&told, host));
            let mailbox = told.trim_matches('@').contains('@');
            let left = plain && (link || mailbox || contact.is("email")) || allowed;
            (!left).then(|| finding(contact, of, span))
        });
        Ok(bounded(findings.collect()))
    }
}

/// The contacts in a row, however little speaks for them.
#[must_use]
pub fn contacts(row: &Row) -> Vec<Contact> {
    // Who counts, or tells prices, sends one number after the other without a word.
    if !row.atoms.iter().any(|atom| atom.kind == Kind::Word) {
        return Vec::new();
    }
    let numbers = model::numbers();
    let margins = margins(&evidence(row), numbers.after);
    let inner = row.inner();
    let between = |n: usize| row.atoms.get(inner.start + n).is_none_or(|a| a.message.is_none());
    let apart = |n: usize| between(n) || n > 0 && between(n - 1);
    let found = stretches(&margins, apart);
    if found.is_empty() {
        return Vec::new();
    }
    let kinds = Kinds::of(&row.atoms);
    let mut found: Vec<Contact> = found
        .into_iter()
        .filter(|stretch| !between(stretch.atoms.start))
        .map(|Stretch { atoms, margin }| {
            let atoms = atoms.start + inner.start..atoms.end + inner.start;
            let logit = margin / numbers.unit;
            Contact { kind: kinds.kind(&atoms), logit, atoms }
        })
        // Nothing was learned of other scripts.
        .filter(|c| row.atoms.get(c.atoms.clone()).is_some_and(|a| !a.iter().any(Atom::is_foreign)))
        .collect();
    if !is_number(row, &found) {
        found.retain(|contact| !contact.is("phone"));
    }
    found
}

/// How much speaks for each atom in the row being part of a contact.
fn evidence(row: &Row) -> Vec<i32> {
    // What is seen from afar is the same for all who see it: its sum moves along.
    let mut sums = Vec::with_capacity(row.atoms.len() + 1);
    let mut sum = (0, 0);
    sums.push(sum);
    for atom in &row.atoms {
        if let Some((before, behind)) = atom.seen_far() {
            sum = (sum.0 + model::weight(before), sum.1 + model::weight(behind));
        }
        sums.push(sum);
    }
    let upto = |n: usize| sums.get(n).copied().unwrap_or(sum);
    let evidence = |n: usize| {
        let (before, behind) = around(n, row.atoms.len());
        let mut sum = upto(before.end).0 - upto(before.start).0;
        sum += upto(behind.end).1 - upto(behind.start).1;
        if let Some(atom) = row.atoms.get(n) {
            seen_alone(atom, |what| sum += model::weight(what));
        }
        sum
    };
    let mut all: Vec<i32> = row.inner().map(evidence).collect();
    look_closely(row, &mut all);
    all
}

/// Adds what is seen near atoms where some evidence is, and takes the others for no contact.
fn look_closely(row: &Row, evidence: &mut [i32]) {
    let mut warm = vec![false; evidence.len()];
    for (n, sum) in evidence.iter().enumerate() {
        if *sum >= WARM {
            let range = n.saturating_sub(CLOSE)..evidence.len().min(n + CLOSE + 1);
            warm.get_mut(range).unwrap_or_default().fill(true);
        }
    }
    for ((sum, warm), n) in evidence.iter_mut().zip(&warm).zip(row.inner()) {
        if *warm {
            seen_near(&row.atoms, n, |what| *sum += model::weight(what));
        } else {
            *sum = (*sum).min(COLD);
        }
    }
}

/// Whether a host stands in a text as it is.
fn names(told: &str, host: &str) -> bool {
    told.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').any(|word| word == host)
}

/// Whether this is an address of a page or a mailbox as programs read it: rules know those better.
fn is_plain(told: &str) -> bool {
    let is_of_one = |byte: u8| byte.is_ascii_alphanumeric() || b".-/:_?=&%#~+@".contains(&byte);
    told.contains('.') && told.bytes().all(is_of_one)
}

/// Whether what is taken for telephone numbers has the digits or the words of one, all pieces together,
/// and is no number in digits within one message, which rules know better.
fn is_number(row: &Row, found: &[Contact]) -> bool {
    let phones = found.iter().filter(|contact| contact.is("phone"));
    let atoms = phones.flat_map(|c| row.atoms.get(c.atoms.clone()).unwrap_or_default());
    let (mut digits, mut words, mut messages) = (0, 0, Vec::new());
    for atom in atoms {
        digits += atom.digits as usize;
        words += usize::from(atom.kind == Kind::Word);
        if !messages.contains(&atom.message) {
            messages.push(atom.message);
        }
    }
    (words > 0 || messages.len() > 1) && (digits + words >= DIGITS_MIN || words >= WORDS_MIN)
}

fn message_of(row: &Row, contact: &Contact) -> Option<u32> {
    row.atoms.get(contact.atoms.start)?.message
}

/// The message that neighbouring atoms lie in, and where in it.
fn place(row: &Row, atoms: &Range<usize>) -> Option<(u32, Span)> {
    let atoms = row.atoms.get(atoms.clone())?;
    let (first, last) = (atoms.first()?, atoms.last()?);
    Some((first.message?, Span { start: first.span.start, end: last.span.end }))
}

fn finding(contact: &Contact, of: u32, span: Span) -> Finding {
    let sure = u8::try_from(contact.logit.clamp(0, 10) * 4).unwrap_or(0);
    Finding {
        category: KINDS.get(contact.kind).copied().unwrap_or("messenger").to_owned(),
        rule: "learned".to_owned(),
        spans: vec![(of, span)],
        severity: Severity::Medium,
        confidence: 55 + sure,
        suggested: Action::Mask,
        extra: Vec::new(),
    }
}

parlour_guest::export!(crate::Contacts);
