//! What plugins are shown of a conversation's past, and which later messages a change of the past may
//! concern.

use super::super::{
    Chat,
    admission::Author,
    lane::{Lane, LaneState, Recent},
};
use crate::domain::{id::Seq, moderation::Earlier, time::Millis};

/// How many messages after a changed one are checked again.
const AFFECTED_MAX: usize = 4;

/// What the plugins are shown of the past.
#[derive(Default)]
pub(super) struct Past {
    /// Newest first.
    pub history: Vec<Earlier>,
    /// Where each of them stands.
    pub seqs: Vec<Seq>,
    pub last: Option<Seq>,
    /// The conversation's own word.
    pub state: Option<String>,
}

impl Chat {
    /// The newest messages as the manifest's needs ask for them. An edit is seen with what stands
    /// before it.
    pub(super) fn past(
        &self,
        lane: &Lane,
        author: &Author,
        edited: Option<Seq>,
        now: Millis,
    ) -> Past {
        let needs = self.shared.moderator.needs(lane.id.kind());
        let mut past = Past::default();
        let mut bytes = 0;
        let state = lane.state();
        past.state = state.stored.as_ref().and_then(|stored| stored.state.clone());
        if needs.messages == 0 {
            return past;
        }
        past.last = Some(state.decided);
        let before = edited.filter(|edited| edited.0 > 0);
        let stands_before = |recent: &&Recent| before.is_none_or(|edited| recent.seq < edited);
        for recent in state.recent.iter().rev().filter(stands_before) {
            let age_ms = now.since(recent.at);
            if age_ms > u64::from(needs.window_s) * 1000 || recent.text.is_empty() {
                continue;
            }
            bytes += recent.text.len();
            if past.history.len() >= size(needs.messages) || bytes > size(needs.bytes) {
                break;
            }
            past.history.push(Earlier {
                id: recent.seq.to_string(),
                age_seconds: u32::try_from(age_ms / 1000).unwrap_or(u32::MAX),
                same_sender: author.wrote(recent),
                role: recent.role.clone(),
                text: recent.text.clone(),
            });
            past.seqs.push(recent.seq);
        }
        past
    }

    /// The messages that a change of what stands before them may have made part of something: the
    /// next few of the same sender. They are to be checked again.
    pub(in crate::chat) fn affected(
        &self,
        lane: &Lane,
        state: &LaneState,
        (changed, now): (Seq, Millis),
    ) -> Vec<Seq> {
        let needs = self.shared.moderator.needs(lane.id.kind());
        let Some(own) = state.recent.iter().find(|recent| recent.seq == changed) else {
            return Vec::new();
        };
        let author =
            Author { user: own.sender.clone(), role: own.role.clone(), scope: String::new() };
        let near = |recent: &&Recent| {
            recent.seq > changed
                && author.wrote(recent)
                && now.since(recent.at) <= u64::from(needs.window_s) * 1000
        };
        let wanted = if needs.messages == 0 { 0 } else { AFFECTED_MAX };
        state.recent.iter().filter(near).take(wanted).map(|recent| recent.seq).collect()
    }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
