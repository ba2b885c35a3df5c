//! Contacts in messengers and social networks, and invitations to go on there. Knows platforms, how
//! people name them and how they write handles; what becomes of a finding is the host's policy.

#[macro_use]
mod lexicon;

mod alone;
mod candidate;
mod contact;
mod moving;
mod naming;
mod parting;
mod platform;
mod reference;
mod scene;
mod split;
#[cfg(test)]
mod tests;
mod weigh;
mod words;

use parlour_guest::scan::{Kind, drawn_together};
use parlour_guest::{Context, Finding, Fold, Json, Message, Plugin, Severity, Span};

use crate::lexicon::ascii_only;
use crate::platform::Platform;
use scene::{Scene, may_hold};

/// What a bare `@name` is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mentions {
    /// A contact by its shape and by what stands around it.
    #[default]
    Auto,
    /// Always a contact.
    Flag,
    /// Somebody in the conversation, unless a platform is named.
    Ignore,
}

/// Most earlier messages that are read.
const HISTORY_MAX: usize = 6;

/// The plugin: platforms whose contacts stay, and what a mention is.
pub struct Handles {
    ignored: Vec<String>,
    mentions: Mentions,
    invitations: bool,
}

impl Plugin for Handles {
    const ID: &'static str = "handles";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["ignore_platforms", "mentions", "invitations"]);
        let ignored = settings.texts("ignore_platforms").unwrap_or_else(|sentence| {
            errors.push(sentence);
            Vec::new()
        });
        let unknown = ignored.iter().filter(|name| !platform::NAMES.contains(&name.as_str()));
        errors.extend(unknown.map(|name| {
            let mut sentence = "ignore_platforms: ".to_owned();
            sentence.push_str(name);
            sentence.push_str(" is unknown; known:");
            for known in platform::NAMES {
                sentence.push(' ');
                sentence.push_str(known);
            }
            sentence
        }));
        let mentions = match settings.get("mentions").map(Json::text) {
            None | Some(Some("auto")) => Mentions::Auto,
            Some(Some("flag")) => Mentions::Flag,
            Some(Some("ignore")) => Mentions::Ignore,
            Some(_) => {
                errors.push("mentions: auto, flag or ignore is expected".to_owned());
                Mentions::Auto
            }
        };
        let invitations = settings.get("invitations").map_or(Some(true), Json::truth);
        if invitations.is_none() {
            errors.push("invitations: true or false is expected".to_owned());
        }
        if errors.is_empty() {
            Ok(Self { ignored, mentions, invitations: invitations.unwrap_or(true) })
        } else {
            Err(errors)
        }
    }

    fn check(
        &self,
        message: &Message,
        context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        let folded = fold(&message.text);
        // A piece of a name tells nothing by itself.
        let alone = context.history.is_empty() || message.text.len() > split::PIECE_MAX;
        let tokens = folded.tokens();
        if alone && !may_hold(&folded, &tokens) {
            return Ok(Vec::new());
        }
        let drawn = drawn_together(&folded);
        let scene = match &drawn {
            Some(drawn) => Scene::new(&message.text, drawn),
            None => Scene::of(&message.text, &folded, tokens),
        };
        Ok(self.findings(&scene, context, fold))
    }
}

impl Handles {
    fn findings(&self, scene: &Scene<'_>, context: &Context, fold: Fold) -> Vec<Finding> {
        let mut contacts = contact::detect(scene, self.mentions);
        // A platform that was named before says whose a name is, and other pieces belong to it.
        let split = if contacts.len() < 2 || contacts.iter().all(|c| c.platform.is_none()) {
            split::detect(scene, &contacts, &context.history, fold)
        } else {
            None
        };
        if let Some(split) = &split
            && (split.spans.len() > 1 || contacts.iter().all(|c| c.platform.is_none()))
            && !(split.platform.is_none() && split.spans.len() < 2)
        {
            contacts.clear();
        }
        let asked =
            context.history.first().filter(|h| !h.same_sender && h.text.len() <= split::PIECE_MAX);
        if contacts.is_empty()
            && split.is_none()
            && let Some(question) = asked
            && scene.has_shape()
        {
            let folded = fold(&question.text);
            let question = Scene::new(&question.text, &folded);
            let platform = question.named().filter(|_| !question.work).and_then(|t| t.platform);
            contacts.extend(platform.and_then(|p| contact::answer(scene, p)));
        }
        let silent = contacts.is_empty() && split.is_none();
        let mut moves = if silent { moving::detect(scene) } else { Vec::new() };
        moves.retain(|m| !host_follows(scene, m.to));
        // `пиши в дс`, and a name elsewhere
        if let Some(to) = moves.iter().find_map(|m| m.platform).filter(|_| scene.has_shape()) {
            let named = contact::answer(scene, to);
            contacts
                .extend(named.filter(|c| moves.iter().all(|m| m.to <= c.from || c.to <= m.from)));
        }
        let mut found = Vec::new();
        let here = |from, to| vec![(0, scene.span(from, to))];
        for c in &contacts {
            self.add(&mut found, c.rule, here(c.from, c.to), c.confidence, c.platform);
        }
        if contacts.is_empty()
            && let Some(s) = split
        {
            self.add(&mut found, "split", s.spans, s.confidence, s.platform);
        }
        if contacts.is_empty() && found.is_empty() && self.invitations {
            for m in &moves {
                self.add(&mut found, m.rule, here(m.from, m.to), m.confidence, m.platform);
            }
            for one in &mut found {
                one.severity = Severity::Low;
            }
        }
        found
    }

    /// Adds a finding, unless its platform is ignored.
    #[inline(never)]
    fn add(
        &self,
        found: &mut Vec<Finding>,
        rule: &str,
        spans: Vec<(u32, Span)>,
        confidence: u8,
        platform: Option<Platform>,
    ) {
        let name = platform.map_or("", Platform::name);
        if self.ignored.iter().any(|ignored| ignored == name) {
            return;
        }
        let mut one = Finding::here(
            Platform::category(platform),
            rule,
            Span { start: 0, end: 0 },
            confidence,
        );
        one.spans = spans;
        if platform.is_some() {
            one.extra.push(("platform".to_owned(), name.to_owned()));
        }
        found.push(one);
    }
}

/// Whether an address follows an invitation, which another plugin finds.
fn host_follows(scene: &Scene<'_>, to: usize) -> bool {
    let latin = |n: usize| {
        scene
            .token(n)
            .is_some_and(|t| t.kind == Kind::Word && ascii_only(t.text) && t.text.len() > 1)
    };
    let glued = |n: usize| scene.kind_is(n, Kind::Word) && !scene.capital(n);
    let said = (to..to + 6)
        .any(|n| scene.meaning(n) & words::DOT != 0 && scene.latin(n - 2) && scene.latin(n + 2));
    said || scene.among(to + 1, row!("gg me"))
        || scene.is(to, ".") && glued(to + 1)
        || (to..to + 6).any(|n| {
            scene.is(n, ".")
                && latin(n + 1)
                && scene.before(n).is_some_and(|t| ascii_only(t.text) && t.kind == Kind::Word)
                || scene.is(n, "/") && scene.is(n + 1, "/")
        })
}

parlour_guest::export!(crate::Handles);
