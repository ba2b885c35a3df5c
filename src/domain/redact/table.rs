//! The policy table: what is done about which finding, where, by whom, and from which state of a
//! conversation on. Reads no configuration.

use std::collections::BTreeMap;

use super::naming::CONTACTS;
use crate::domain::{
    id::Kind,
    moderation::{Action, Finding, Treatment},
};

/// Stands for every category that the table does not list.
pub const ANY_CATEGORY: &str = "*";
/// The states that a conversation goes through, first to last.
pub const STATES: [&str; 4] = ["created", "accepted", "paid", "done"];

/// A finding less sure than this only annotates, until the table says otherwise.
const CONFIDENCE_MIN: u8 = 50;

/// Category x kind of conversation x sender's role -> action.
///
/// | | phone, email, messenger, social | link | profanity, insult | threat | spam |
/// |---|---|---|---|---|---|
/// | order | mask | strip | mask | reject | reject |
/// | room | phone, email mask; others annotate | annotate | mask | annotate | annotate |
/// | direct, group, support | annotate | annotate | mask | annotate | annotate |
///
/// A room belongs to a back end that decides for itself, so only what is surely unwanted in public is
/// changed there. A category that is not listed gets what the plugin suggests. Every role, also
/// `service`, is treated alike unless the table has a row for it. Contacts may be open from a state of
/// the conversation on; they are only annotated then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: BTreeMap<(Kind, String), Row>,
    confidence_min: u8,
    contacts: Vec<String>,
    phases: BTreeMap<Kind, Phases>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    everybody: Option<Action>,
    roles: BTreeMap<String, Action>,
}

/// The states of one kind of conversation, and from which on contacts are open; `None`: never.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Phases {
    states: Vec<String>,
    open_from: Option<usize>,
}

impl Default for Table {
    fn default() -> Self {
        use Action::{Annotate, Mask, Reject, Strip};
        let states: Vec<String> = STATES.map(str::to_owned).into();
        let phases = |kind| (kind, Phases { states: states.clone(), open_from: None });
        let mut table = Self {
            rows: BTreeMap::new(),
            confidence_min: CONFIDENCE_MIN,
            contacts: CONTACTS.map(str::to_owned).into(),
            phases: Kind::ALL.into_iter().map(phases).collect(),
        };
        for kind in Kind::ALL {
            let order = kind == Kind::Order;
            let contact = if order { Mask } else { Annotate };
            let direct_contact = if order || kind == Kind::Room { Mask } else { Annotate };
            let grave = if order { Reject } else { Annotate };
            for (category, action) in [
                ("phone", direct_contact),
                ("email", direct_contact),
                ("messenger", contact),
                ("social", contact),
                ("link", if order { Strip } else { Annotate }),
                ("profanity", Mask),
                ("insult", Mask),
                ("threat", grave),
                ("spam", grave),
            ] {
                table.set(kind, category, None, action);
            }
        }
        table
    }
}

impl Table {
    /// Changes one cell: for everybody, or for one role only. The category [`ANY_CATEGORY`] stands for
    /// all that have no row.
    pub fn set(&mut self, kind: Kind, category: &str, role: Option<&str>, action: Action) {
        let row = self.rows.entry((kind, category.to_owned())).or_default();
        match role {
            Some(role) => {
                row.roles.insert(role.to_owned(), action);
            }
            None => row.everybody = Some(action),
        }
    }

    /// From which confidence (0 to 100) on findings do more than annotate.
    pub fn set_confidence_min(&mut self, confidence: u8) {
        self.confidence_min = confidence.min(100);
    }

    /// Which categories are contacts.
    pub fn set_contacts(&mut self, categories: Vec<String>) {
        self.contacts = categories;
    }

    /// Names the states of a kind, first to last, and the one from which on contacts are open; false
    /// if that is none of them, and nothing is changed then.
    pub fn set_states(&mut self, kind: Kind, states: Vec<String>, open_from: Option<&str>) -> bool {
        let place = open_from.map(|word| states.iter().position(|state| state == word));
        if place == Some(None) {
            return false;
        }
        self.phases.insert(kind, Phases { states, open_from: place.flatten() });
        true
    }

    /// The states of a kind, first to last.
    #[must_use]
    pub fn states(&self, kind: Kind) -> &[String] {
        self.phases.get(&kind).map_or(&[], |phases| &phases.states)
    }

    #[must_use]
    pub fn is_contact(&self, category: &str) -> bool {
        self.contacts.iter().any(|contact| contact == category)
    }

    /// The state from which on contacts are open, while a conversation in `state` has not reached it.
    /// A word that is none of the states has reached nothing.
    #[must_use]
    pub fn closed_until(&self, kind: Kind, state: Option<&str>) -> Option<&str> {
        let phases = self.phases.get(&kind)?;
        let from = phases.open_from?;
        let reached = phases.states.iter().position(|word| Some(word.as_str()) == state);
        let closed = reached.is_none_or(|reached| reached < from);
        phases.states.get(from).filter(|_| closed).map(String::as_str)
    }

    fn is_open(&self, kind: Kind, state: Option<&str>) -> bool {
        let opens = self.phases.get(&kind).is_some_and(|phases| phases.open_from.is_some());
        opens && self.closed_until(kind, state).is_none()
    }

    /// Whether a finding is sure enough to change anything.
    pub fn is_sure(&self, finding: &Finding) -> bool {
        finding.confidence >= self.confidence_min
    }

    /// What to do about a finding in a conversation of this kind and state, and why.
    #[must_use]
    pub fn treat(
        &self,
        (kind, state): (Kind, Option<&str>),
        role: &str,
        finding: &Finding,
    ) -> Treatment {
        let because = |action, why: String| Treatment { action, why };
        let (word, category) = (kind.word(), finding.category.as_str());
        if !self.is_sure(finding) {
            return because(Action::Annotate, "moderation.confidence_min".to_owned());
        }
        if self.is_contact(category) && self.is_open(kind, state) {
            let why = format!("moderation.{word}.contacts_allowed_from");
            return because(Action::Annotate, why);
        }
        for category in [category, ANY_CATEGORY] {
            let Some(row) = self.rows.get(&(kind, category.to_owned())) else { continue };
            if let Some(action) = row.roles.get(role) {
                return because(*action, format!("moderation.{word}.{role}.{category}"));
            }
            if let Some(action) = row.everybody {
                return because(action, format!("moderation.{word}.{category}"));
            }
        }
        because(finding.suggested, "the plugin's suggestion".to_owned())
    }
}
