//! The bindings of `wit/moderation.wit` and the translation to and from the plain types. Knows no
//! plugin: [`export!`] ties one to it.

use std::cell::{Cell, OnceCell};

use crate::heap;
use crate::{
    Context, Conversation, Counts, Earlier, Finding, Folded, Json, Message, Parts, Plugin, Sender,
};

#[allow(missing_docs, unsafe_code, clippy::all, clippy::pedantic, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/moderation.wit",
        world: "plugin",
        pub_export_macro: true,
        default_bindings_module: "parlour_guest::abi",
        export_macro_name: "export_world",
    });
}

pub use bindings::exports::parlour::moderation::filter::Guest;
pub use bindings::*;

use bindings::parlour::moderation::{log, text, types};
pub use types::{Context as WireContext, Finding as WireFinding, Message as WireMessage, Metadata};

/// One plugin's state between `configure` and `check` of one instance.
pub struct Slot<P> {
    plugin: OnceCell<P>,
    /// Whether a check left something in memory that is not the plugin: findings under way to the
    /// host, or what a static of the plugin's author holds since then.
    keeps: Cell<bool>,
}

impl<P: Plugin> Slot<P> {
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a const constructor for statics")]
    pub const fn new() -> Self {
        Self { plugin: OnceCell::new(), keeps: Cell::new(false) }
    }

    /// Reads the configuration and keeps the plugin it makes. A second call in one instance is
    /// refused, because a fresh instance is the only way to a fresh plugin.
    ///
    /// # Errors
    /// The plugin's own sentences, or where the JSON ends to be JSON.
    pub fn configure(&self, json: &str) -> Result<(), Vec<String>> {
        heap::state(|| self.make(json))
    }

    fn make(&self, json: &str) -> Result<(), Vec<String>> {
        let settings = if json.trim().is_empty() {
            Json::Null
        } else {
            Json::read(json).map_err(|e| vec![["configuration: ", &e.sentence()].concat()])?
        };
        let plugin = P::configure(&settings)?;
        self.plugin.set(plugin).map_err(|_| vec!["already configured".to_owned()])
    }

    /// # Errors
    /// The plugin's own sentence.
    pub fn check(
        &self,
        message: types::Message,
        context: types::Context,
    ) -> Result<Vec<types::Finding>, String> {
        if self.plugin.get().is_none() {
            self.configure("").map_err(|e| e.join("; "))?;
        }
        let plugin = self.plugin.get().ok_or("not configured")?;
        let (message, context) = (hear(message), hear_context(context));
        let before = heap::live();
        let answer = plugin.check(&message, &context, fold);
        if heap::live() != before {
            self.keeps.set(true);
        }
        let findings = answer?;
        if findings.is_empty() && !self.keeps.get() {
            // As after most messages: nothing needs to be given back piece by piece.
            std::mem::forget((message, context));
            heap::clear();
            return Ok(Vec::new());
        }
        Ok(crate::bounded(findings).into_iter().map(say).collect())
    }
}

/// The host's view of a text.
#[must_use]
pub fn fold(s: &str) -> Folded {
    let view = text::view(s);
    let counts = view.counts;
    Folded::of(Parts {
        text: view.text,
        map: view.map,
        starts: view.starts,
        classes: view.classes,
        digits: view.digits,
        signs: view.signs,
        counts: Counts {
            invisible: counts.invisible,
            combining: counts.combining,
            lookalikes: counts.lookalikes,
            odd_digits: counts.odd_digits,
            styled: counts.styled,
            digit_letters: counts.digit_letters,
            spread: counts.spread,
            mixed_words: counts.mixed_words,
        },
        ascii: view.ascii.into(),
    })
}

/// A line in the administrator's log. Never called by the built-in plugins on the way of a message.
pub fn write_log(level: &str, line: &str) {
    log::write(level, line);
}

#[must_use]
pub fn describe<P: Plugin>() -> types::Metadata {
    types::Metadata {
        id: P::ID.to_owned(),
        version: P::VERSION.to_owned(),
        manifest: P::MANIFEST.to_owned(),
    }
}

fn hear(m: types::Message) -> Message {
    Message { id: m.id, text: m.text, origin: m.origin, languages: m.languages, extra: m.extra }
}

fn hear_context(c: types::Context) -> Context {
    Context {
        sender: Sender {
            id: c.sender.id,
            role: c.sender.role,
            account_age_days: c.sender.account_age_days,
            messages_in_conversation: c.sender.messages_in_conversation,
            violations_last_30d: c.sender.violations_last_30d,
            extra: c.sender.extra,
        },
        conversation: Conversation {
            id: c.conversation.id,
            kind: c.conversation.kind,
            members: c.conversation.members,
            default_region: c.conversation.default_region,
            allowed_hosts: c.conversation.allowed_hosts,
            extra: c.conversation.extra,
        },
        history: c
            .history
            .into_iter()
            .map(|e| Earlier {
                id: e.id,
                age_seconds: e.age_seconds,
                same_sender: e.same_sender,
                text: e.text,
            })
            .collect(),
    }
}

fn say(f: Finding) -> types::Finding {
    types::Finding {
        category: f.category,
        rule: f.rule,
        spans: f
            .spans
            .into_iter()
            .map(|(n, s)| (n, types::Span { start: s.start, end: s.end }))
            .collect(),
        severity: f.severity.word().to_owned(),
        confidence: f.confidence,
        suggested: f.suggested.word().to_owned(),
        extra: f.extra,
    }
}
