//! Judges the plugins natively. The host's fold, the labelled messages and the counting are linked from
//! their own files, so that what is judged here is what runs there.

pub mod embed;
#[path = "../../../src/moderation/fold.rs"]
mod fold;
pub mod judge;
pub mod mail;
#[path = "../../../src/domain/redact/naming.rs"]
mod naming;
#[path = "../../../src/moderation/quality/mod.rs"]
pub mod quality;
pub mod sets;
pub mod summary;

use std::cell::RefCell;

use parlour_guest::{Context, Counts, Finding, Folded, Json, Message, Parts, Plugin};

thread_local! {
    /// The last text that was asked for, as the host keeps it for the plugins of a chain.
    static LAST: RefCell<(String, Folded)> = RefCell::default();
}

/// The host's view with the face that plugins see, made once for all plugins asked in turn.
#[must_use]
pub fn fold(text: &str) -> Folded {
    LAST.with_borrow_mut(|(original, folded)| {
        if original != text {
            text.clone_into(original);
            *folded = look(text);
        }
        folded.clone()
    })
}

fn look(text: &str) -> Folded {
    let fold::View { text, map, signs, starts, classes, digits, counts, ascii } = fold::view(text);
    let counts = Counts {
        invisible: counts.invisible,
        combining: counts.combining,
        lookalikes: counts.lookalikes,
        odd_digits: counts.odd_digits,
        styled: counts.styled,
        digit_letters: counts.digit_letters,
        spread: counts.spread,
        mixed_words: counts.mixed_words,
    };
    Folded::of(Parts { text, map, starts, classes, digits, signs, counts, ascii })
}

type Check = Box<dyn Fn(&Message, &Context) -> Vec<Finding>>;

/// A built-in plugin with a configuration.
pub struct Judge {
    pub id: &'static str,
    pub manifest: &'static str,
    needs: judge::Needs,
    configured: fn(&Json) -> Check,
    check: Check,
}

impl Judge {
    /// The plugin with its default configuration.
    ///
    /// # Panics
    /// When the plugin does not take that.
    #[must_use]
    pub fn of<P: Plugin>() -> Self {
        Self {
            id: P::ID,
            manifest: P::MANIFEST,
            needs: judge::Needs::of(P::MANIFEST),
            configured: configured::<P>,
            check: configured::<P>(&Json::Null),
        }
    }

    /// The same plugin with another configuration.
    ///
    /// # Panics
    /// When the plugin does not take it.
    #[must_use]
    pub fn with(&self, settings: &Json) -> Self {
        Self { needs: judge::Needs::of(self.manifest), check: (self.configured)(settings), ..*self }
    }

    /// What the plugin finds.
    ///
    /// # Panics
    /// When the plugin cannot judge the message; no built-in plugin has a reason to.
    #[must_use]
    pub fn check(&self, message: &Message, context: &Context) -> Vec<Finding> {
        (self.check)(message, context)
    }
}

fn configured<P: Plugin>(settings: &Json) -> Check {
    let plugin = P::configure(settings).unwrap_or_else(|e| panic!("{}: {e:?}", P::ID));
    Box::new(move |message, context| {
        plugin.check(message, context, fold).unwrap_or_else(|e| panic!("{}: {e}", P::ID))
    })
}

/// Every built-in plugin, as the appliance runs them.
#[must_use]
pub fn builtin() -> Vec<Judge> {
    vec![
        Judge::of::<email::Email>(),
        Judge::of::<links::Links>(),
        Judge::of::<phone::Phone>(),
        Judge::of::<handles::Handles>(),
        Judge::of::<contacts::Contacts>(),
        Judge::of::<profanity::Profanity>(),
        Judge::of::<threats::Threats>(),
        Judge::of::<spam::Spam>(),
        Judge::of::<rules::Rules>(),
    ]
}
