//! Asking moderation about a text in its context, and what follows for the message. The policy itself
//! is the domain's.

use super::{Chat, admission::Author, lane::Lane};
use crate::domain::{
    id::Seq,
    moderation::{Earlier, Finding, Flag, Inquiry, Outcome},
    redact,
    refusal::Refusal,
    time::Millis,
};
use crate::store::records::Original;

/// A text that may go on.
pub(super) enum Checked {
    Deliver(Clean),
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
        lane: &Lane,
        author: &Author,
        text: &str,
        (id, edited): (&str, Option<Seq>),
        now: Millis,
    ) -> Result<Checked, Refusal> {
        if text.is_empty() {
            return Ok(Checked::Deliver(Clean::default()));
        }
        let settings = self.settings();
        let (history, seqs) = self.context(lane, author, edited, now);
        let own = history.iter().filter(|earlier| earlier.same_sender).count();
        let inquiry = Inquiry {
            message_id: id.to_owned(),
            text: text.to_owned(),
            edit: edited.is_some(),
            languages: settings.languages.clone(),
            sender: author.user.clone(),
            sender_role: author.role.clone(),
            account_age_days: 0,
            messages_in_conversation: u32::try_from(own).unwrap_or(u32::MAX),
            conversation: lane.id.to_string(),
            kind: lane.id.kind(),
            members: u32::try_from(lane.channel.listeners()).unwrap_or(u32::MAX),
            default_region: settings.default_region.clone(),
            allowed_hosts: settings.allowed_hosts.clone(),
            history,
        };
        let verdict = self.shared.moderator.check(inquiry.clone()).await;
        match redact::decide(&settings.moderation, &inquiry, &verdict, &settings.strip_words) {
            Outcome::Deliver { text, flags, altered, earlier } => {
                let masked = |(at, text): (usize, String)| {
                    let (of, checked) = (*seqs.get(at)?, inquiry.history.get(at)?.text.clone());
                    Some(Masked { of, checked, text, flags: flags.clone(), findings: Vec::new() })
                };
                let earlier = earlier.into_iter().filter_map(masked).collect();
                let unanswered = verdict.unanswered.into_iter().map(|un| un.plugin).collect();
                let findings = verdict.findings;
                Ok(Checked::Deliver(Clean { text, flags, altered, findings, unanswered, earlier }))
            }
            Outcome::Hold { category } => {
                Ok(Checked::Hold { category, findings: verdict.findings })
            }
            Outcome::Reject { category } => Err(Refusal::ModerationRejected { category }),
            Outcome::Unavailable => Err(Refusal::ModerationUnavailable),
        }
    }

    /// The newest messages as the manifest's needs ask for them, newest first, and where they stand.
    fn context(
        &self,
        lane: &Lane,
        author: &Author,
        edited: Option<Seq>,
        now: Millis,
    ) -> (Vec<Earlier>, Vec<Seq>) {
        let needs = self.shared.moderator.needs(lane.id.kind());
        let (mut history, mut seqs, mut bytes) = (Vec::new(), Vec::new(), 0);
        let state = lane.state();
        for recent in state.recent.iter().rev().filter(|recent| Some(recent.seq) != edited) {
            let age_ms = now.since(recent.at);
            if age_ms > u64::from(needs.window_s) * 1000 {
                continue;
            }
            bytes += recent.text.len();
            if history.len() >= size(needs.messages) || bytes > size(needs.bytes) {
                break;
            }
            history.push(Earlier {
                id: recent.seq.to_string(),
                age_seconds: u32::try_from(age_ms / 1000).unwrap_or(u32::MAX),
                same_sender: recent.sender == author.user,
                text: recent.text.clone(),
            });
            seqs.push(recent.seq);
        }
        (history, seqs)
    }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
