//! Asking moderation about a text in its context, and what follows for the message. The policy itself
//! is the domain's.

mod past;

use std::sync::Arc;

use super::{Chat, admission::Author, lane::Lane};
use crate::{
    auth::Admin,
    domain::{
        id::{Kind, Seq, UserId},
        message::Message,
        moderation::{Afterwards, Finding, Flag, Inquiry, Outcome, Verdict},
        redact::{self, Notice},
        refusal::Refusal,
        time::Millis,
    },
    store::records::{Original, Standing},
};
use past::Past;

/// A text that may go on.
pub(super) enum Checked {
    Deliver(Box<Clean>),
    Hold { category: String, findings: Vec<Finding> },
}

/// What readers will see, and what only administrators may.
#[derive(Default)]
pub(super) struct Clean {
    pub text: String,
    pub flags: Vec<Flag>,
    pub altered: bool,
    pub findings: Vec<Finding>,
    /// Plugins that could not answer: the text has to be checked again.
    pub unanswered: Vec<String>,
    /// Earlier messages that this one gave away.
    pub earlier: Vec<Masked>,
    /// What the sender is told about it.
    pub notice: Option<Notice>,
    /// The last message that the plugins saw or could have seen, if they want to see any.
    pub seen: Option<Seq>,
    /// What is known of its writer now, if that is something new.
    pub standing: Option<(UserId, Standing)>,
}

/// What would become of a text.
pub struct Rehearsal {
    pub verdict: Verdict,
    pub outcome: Outcome,
    pub notice: Option<Notice>,
}

/// The text of a message that is there, and what moderation left of it.
pub(super) struct Masked {
    pub of: Seq,
    /// What was checked. If it reads otherwise by now, this says nothing about it.
    pub checked: String,
    pub text: String,
    pub flags: Vec<Flag>,
    pub findings: Vec<Finding>,
}

impl Clean {
    /// What administrators may see besides what everybody sees; `None` if there is nothing more.
    pub fn original(&self, text: &str) -> Option<Original> {
        (self.altered || !self.findings.is_empty())
            .then(|| Original { text: text.to_owned(), findings: self.findings.clone() })
    }
}

impl Chat {
    /// Asks every plugin of the conversation's kind about a text.
    ///
    /// # Errors
    /// [`Refusal::ModerationRejected`] and [`Refusal::ModerationUnavailable`].
    pub(super) async fn check(
        &self,
        lane: &Arc<Lane>,
        author: &Author,
        text: &str,
        (id, edited): (&str, Option<Seq>),
        now: Millis,
    ) -> Result<Checked, Refusal> {
        if text.is_empty() {
            return Ok(Checked::Deliver(Box::default()));
        }
        let settings = self.settings();
        let Past { history, seqs, last, state } = self.past(lane, author, edited, now);
        let standing = self.standing(author);
        let known = standing.clone().unwrap_or_else(|| Standing::new(now));
        let own = history.iter().filter(|earlier| earlier.same_sender).count();
        let inquiry = Inquiry {
            message_id: id.to_owned(),
            text: text.to_owned(),
            edit: edited.is_some(),
            languages: settings.languages.clone(),
            sender: author.user.clone(),
            sender_role: author.role.clone(),
            account_age_days: known.age_days(now),
            violations_30d: known.violations(now),
            messages_in_conversation: u32::try_from(own).unwrap_or(u32::MAX),
            conversation: lane.id.to_string(),
            kind: lane.id.kind(),
            state,
            members: u32::try_from(lane.channel.listeners()).unwrap_or(u32::MAX),
            default_region: settings.default_region.clone(),
            allowed_hosts: settings.allowed_hosts.clone(),
            history,
        };
        let mut verdict = self.shared.moderator.check(inquiry.clone()).await;
        let (table, strip) = (&settings.moderation, &settings.strip_words);
        let decision = redact::decide(table, &inquiry, &mut verdict, strip);
        if !verdict.findings.is_empty() {
            self.shared.moderator.decided(&verdict.findings);
        }
        let earlier = decision.earlier.into_iter();
        let earlier = earlier.filter_map(|of| masked(of, &inquiry, &seqs)).collect();
        let Verdict { findings, unanswered } = verdict;
        let blamed = is_blamed(&decision.outcome, &findings);
        let standing = renewed(author, (standing, known), blamed, now);
        let refused = match decision.outcome {
            Outcome::Deliver { text, flags, altered } => {
                let until = table.closed_until(inquiry.kind, inquiry.state.as_deref());
                let about = (until, |category: &str| table.is_contact(category));
                let notice = Notice::of(&flags, about, (&inquiry.languages, &inquiry.text));
                let unanswered = unanswered.into_iter().map(|un| un.plugin).collect();
                let (seen, findings) = (last, findings);
                return Ok(Checked::Deliver(Box::new(Clean {
                    text,
                    flags,
                    altered,
                    findings,
                    unanswered,
                    earlier,
                    notice,
                    seen,
                    standing,
                })));
            }
            Outcome::Hold { category } => Ok(Checked::Hold { category, findings }),
            Outcome::Reject { category } => Err(Refusal::ModerationRejected { category }),
            Outcome::Unavailable => Err(Refusal::ModerationUnavailable),
        };
        if let Some((user, standing)) = standing {
            self.keep(&user, &standing);
        }
        // Its readers have them already, whatever becomes of this one.
        for masked in earlier {
            self.mask(lane, &mut lane.state(), masked);
        }
        refused
    }

    /// What is known of a writer. A back end that speaks for itself is nobody.
    fn standing(&self, author: &Author) -> Option<Standing> {
        if author.is_service() {
            return None;
        }
        self.shared.store.standing(&author.user).unwrap_or_else(|fault| {
            tracing::error!(%fault, "what is known of a writer could not be read");
            None
        })
    }

    /// Nobody waits for it.
    fn keep(&self, user: &UserId, standing: &Standing) {
        let mut batch = self.shared.store.batch();
        match batch.standing(user, standing) {
            Ok(()) => self.shared.store.submit(batch, |_| ()),
            Err(fault) => tracing::error!(%fault, "what is known of a writer could not be kept"),
        }
    }

    /// What would become of a text that somebody wrote into a conversation of this kind and state.
    pub async fn rehearse(
        &self,
        _admin: &Admin,
        kind: Kind,
        state: Option<String>,
        text: &str,
    ) -> Rehearsal {
        let settings = self.settings();
        let inquiry = Inquiry {
            message_id: String::new(),
            text: text.to_owned(),
            edit: false,
            languages: settings.languages.clone(),
            sender: UserId::visitor(),
            sender_role: "user".to_owned(),
            account_age_days: 0,
            violations_30d: 0,
            messages_in_conversation: 0,
            conversation: String::new(),
            kind,
            state,
            members: 2,
            default_region: settings.default_region.clone(),
            allowed_hosts: settings.allowed_hosts.clone(),
            history: Vec::new(),
        };
        let mut verdict = self.shared.moderator.check(inquiry.clone()).await;
        let table = &settings.moderation;
        let decision = redact::decide(table, &inquiry, &mut verdict, &settings.strip_words);
        let notice = match &decision.outcome {
            Outcome::Deliver { flags, .. } => {
                let until = table.closed_until(kind, inquiry.state.as_deref());
                let about = (until, |category: &str| table.is_contact(category));
                Notice::of(flags, about, (&inquiry.languages, text))
            }
            _ => None,
        };
        Rehearsal { verdict, outcome: decision.outcome, notice }
    }

    /// What a sender is told about a message that stands there with these flags.
    pub(super) fn notice(
        &self,
        lane: &Lane,
        state: Option<&str>,
        message: &Message,
    ) -> Option<Notice> {
        let settings = self.settings();
        let table = &settings.moderation;
        let until = table.closed_until(lane.id.kind(), state);
        let about = (until, |category: &str| table.is_contact(category));
        Notice::of(&message.flags, about, (&settings.languages, &message.content.text))
    }
}

fn masked(of: Afterwards, inquiry: &Inquiry, seqs: &[Seq]) -> Option<Masked> {
    let Afterwards { index, text, flags, findings } = of;
    let checked = inquiry.history.get(index)?.text.clone();
    Some(Masked { of: *seqs.get(index)?, checked, text, flags, findings })
}

/// Whether moderation stepped in because of what was written.
fn is_blamed(outcome: &Outcome, findings: &[Finding]) -> bool {
    match outcome {
        Outcome::Deliver { altered, .. } => *altered,
        Outcome::Hold { .. } | Outcome::Reject { .. } => !findings.is_empty(),
        Outcome::Unavailable => false,
    }
}

/// What is to be kept of a writer from now on; `None` if that is what is kept already.
fn renewed(
    author: &Author,
    (before, mut known): (Option<Standing>, Standing),
    blamed: bool,
    now: Millis,
) -> Option<(UserId, Standing)> {
    let changed = blamed && known.violated(now);
    let new = before.is_none() && !author.is_service();
    (new || (changed && !author.is_service())).then(|| (author.user.clone(), known))
}
