//! Messages that moderation held back: kept apart, without a seq, until an administrator lets them go
//! or drops them.

use super::{Chat, Error, admission::Author, moderate::Clean, post::Fresh};
use crate::{
    auth::Admin,
    domain::{
        command::{Done, Once},
        moderation::{Action, Flag},
        refusal::Refusal,
    },
};

impl Chat {
    /// Delivers a held message as it was written, flagged with what it was held for.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], or a fault of the server.
    pub async fn release(&self, _admin: &Admin, number: u64) -> Result<Done, Error> {
        let held = self.shared.store.held_at(number)?.ok_or_else(gone)?;
        let lane = self.shared.lanes.open(&held.conversation)?;
        let clean = Clean {
            text: held.content.text.clone(),
            flags: vec![Flag { category: held.category, action: Action::Hold }],
            findings: held.findings,
            ..Clean::default()
        };
        let fresh = Fresh {
            author: Author { user: held.sender, role: held.role, scope: String::new() },
            id: Some(held.id),
            content: held.content,
            reply_to: held.reply_to,
            once: Once { key: held.request, window_ms: None, verb: "release" },
        };
        let ticket = {
            let mut state = lane.state();
            // Whoever asked for the same a moment earlier has it in hand.
            if self.shared.store.held_at(number)?.is_none() {
                return Err(gone().into());
            }
            let mut draft = self.draft(&lane, &mut state)?;
            draft.batch.unhold(number)?;
            self.place(&lane, &mut state, (draft, fresh), clean, None)?
        };
        ticket.done().await
    }
}

fn gone() -> Refusal {
    Refusal::NotFound(String::from("no such held message"))
}
