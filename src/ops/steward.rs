//! What the command line asks of a running server, and of a store that no server holds: keys, plugins,
//! backup, the messages that moderation holds. Prints nothing.

use serde_json::{Value, json};

use super::{
    authors::{self, Bookmark},
    control::{Answer, Handle, Request},
    explain::{self, plugins},
    metrics::Metrics,
};
use crate::{
    auth::{Admin, Auth, Fault, NewAccount},
    chat::Chat,
    domain::{
        command::Done,
        id::{ConversationId, UserId},
        time::Millis,
    },
    moderation::Moderator,
    runtime::{Clock, blocking},
    store::{KeyRecord, Store, backup, records::Held},
};

/// The parts of a running server that can be asked.
#[derive(Clone)]
pub struct Steward {
    pub store: Store,
    pub auth: Auth,
    pub moderator: Moderator,
    pub chat: Chat,
    pub clock: Clock,
    /// What the server tells about itself.
    pub status: std::sync::Arc<dyn Fn() -> Value + Send + Sync>,
    pub metrics: Metrics,
}

impl Handle for Steward {
    async fn handle(&self, request: Request) -> Answer {
        match request {
            Request::Status => Ok((self.status)()),
            Request::Metrics => {
                let page = self.metrics.page().await;
                page.map(|page| page.json()).ok_or_else(|| BROKE_OFF.to_owned())
            }
            Request::PluginList => Ok(plugins::list(&self.moderator.plugins())),
            Request::PluginReload => {
                self.moderator.reload().await;
                Ok(plugins::list(&self.moderator.plugins()))
            }
            Request::PluginRules => Ok(plugins::rules(&self.moderator.plugins())),
            Request::PluginShow { id } => plugins::show(&self.moderator.plugins(), &id),
            Request::PluginSwitch { id, on } => {
                let changed = self.moderator.switch(&id, on).await?;
                Ok(plugins::switched(&id, on, changed))
            }
            Request::AllowList => Ok(plugins::allowed(&self.moderator.allowed())),
            Request::Allow { text, may } => {
                let changed = self.moderator.allow(&text, may).await?;
                plugins::allow(&self.moderator.allowed(), &text, (may, changed))
            }
            Request::State { conversation, state } => self.state(&conversation, state).await,
            Request::ExplainText { text, kind, state } => {
                explain::text(&self.chat, &text, (&kind, state)).await
            }
            Request::PluginApprove { file } => {
                let known = self.moderator.approve(&file).await;
                decided(known, &file, "approved")
            }
            Request::PluginRevoke { file } => {
                let known = self.moderator.revoke(&file).await;
                decided(known, &file, "revoked")
            }
            Request::HeldRelease { number } => {
                let done = self.chat.release(&Admin::of_the_machine(), number).await;
                match done.map_err(|error| error.to_string())? {
                    Done::Stored { seq, delivered, .. } => {
                        Ok(json!({ "released": number, "seq": seq.0, "delivered": delivered }))
                    }
                    Done::Held { category, .. } => Err(format!("it is still held: {category}")),
                }
            }
            // These walk over everything that is stored, while the others go on being served.
            other => {
                let (store, auth, now) = (self.store.clone(), self.auth.clone(), self.clock.now());
                let done = blocking(move || kept(&store, &auth, &other, now)).await;
                done.unwrap_or_else(|| Err(BROKE_OFF.to_owned()))
            }
        }
    }
}

impl Steward {
    async fn state(&self, conversation: &str, state: Option<String>) -> Answer {
        let id = ConversationId::parse(conversation);
        let id = id.ok_or_else(|| format!("`{conversation}` is no conversation's name"))?;
        if let Some(word) = state {
            let done = self.chat.set_state(&Admin::of_the_machine(), &id, &word).await;
            done.map_err(|error| error.to_string())?;
        }
        let state = self.chat.state_of(&id).map_err(|error| error.to_string())?;
        Ok(json!({ "conversation": id.to_string(), "state": state }))
    }
}

const BROKE_OFF: &str = "it broke off; the log says more";
/// What the command line says where only a running server could answer.
pub const NO_SERVER: &str = "no server runs here; start it with `parlour serve`";

/// Whether only a running server can answer.
pub fn needs_server(request: &Request) -> bool {
    matches!(
        request,
        Request::Status
            | Request::Metrics
            | Request::PluginList
            | Request::PluginReload
            | Request::PluginApprove { .. }
            | Request::PluginRevoke { .. }
            | Request::HeldRelease { .. }
            | Request::PluginRules
            | Request::PluginShow { .. }
            | Request::State { state: Some(_), .. }
            | Request::ExplainText { .. }
    )
}

/// Requests that a store alone can answer.
///
/// # Errors
/// A sentence for the administrator.
pub fn kept(store: &Store, auth: &Auth, request: &Request, now: Millis) -> Answer {
    let said = |fault: Fault| fault.to_string();
    match request {
        Request::KeyCreate { name, scopes } => {
            let (text, record) = auth.create_key(name, scopes).map_err(said)?;
            Ok(
                json!({ "id": record.id, "key": text, "name": record.name, "scopes": record.scopes }),
            )
        }
        Request::KeyList => {
            let keys = auth.keys().map_err(said)?;
            Ok(Value::Array(keys.iter().map(key).collect()))
        }
        Request::KeyRevoke { id } => {
            if auth.revoke_key(id).map_err(said)? {
                Ok(json!({ "id": id, "revoked_at": now.to_string() }))
            } else {
                Err(format!("there is no service key `{id}`, or it is revoked already"))
            }
        }
        Request::Backup { file, originals } => {
            if file.exists() {
                return Err(format!(
                    "{} is there already; a backup overwrites nothing",
                    file.display()
                ));
            }
            let written =
                backup::write(store, file, !*originals, now).map_err(|fault| fault.to_string())?;
            Ok(json!({
                "file": file,
                "rows": written.rows,
                "attachments": written.attachments,
                "originals": originals,
            }))
        }
        Request::Check => checked(store),
        Request::HeldList => held(store),
        Request::HeldDrop { number } => {
            if store.held_at(*number).map_err(|fault| fault.to_string())?.is_none() {
                return Err(format!("there is no held message {number}"));
            }
            let mut batch = store.batch();
            let written = batch.unhold(*number).and_then(|()| store.write(batch));
            written.map_err(|fault| fault.to_string())?;
            Ok(json!({ "dropped": number }))
        }
        Request::Written { conversation, seq, since } => {
            let after = Bookmark { conversation: *conversation, seq: *seq };
            authors::page(store, after, Millis(*since))
        }
        Request::Explain { conversation, message } => {
            explain::message(store, conversation, message)
        }
        Request::ExplainHeld { number } => explain::held(store, *number),
        Request::State { conversation, .. } => {
            let id = ConversationId::parse(conversation);
            let id = id.ok_or_else(|| format!("`{conversation}` is no conversation's name"))?;
            let known = store.conversation(&id).map_err(|fault| fault.to_string())?;
            let state = known.and_then(|known| known.state);
            Ok(json!({ "conversation": id.to_string(), "state": state }))
        }
        _ => Err(NO_SERVER.to_owned()),
    }
}

fn decided(known: bool, file: &str, word: &str) -> Answer {
    if known {
        Ok(json!({ "file": file, "state": word }))
    } else {
        Err(format!("there is no plugin file `{file}`"))
    }
}

/// How many held messages are listed at a time; the oldest come first.
const HELD_MAX: usize = 200;

fn held(store: &Store) -> Answer {
    let held = store.held(0, HELD_MAX).map_err(|fault| fault.to_string())?;
    let one = |(number, held): &(u64, Held)| {
        json!({
            "number": number,
            "at": held.at.to_string(),
            "conversation": held.conversation.to_string(),
            "sender": held.sender.as_str(),
            "category": held.category,
            "text": held.content.text,
        })
    };
    Ok(Value::Array(held.iter().map(one).collect()))
}

fn checked(store: &Store) -> Answer {
    let report = store.check().map_err(|fault| fault.to_string())?;
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    Ok(json!({ "ok": problems.is_empty(), "problems": problems }))
}

fn key(record: &KeyRecord) -> Value {
    json!({
        "id": record.id,
        "name": record.name,
        "scopes": record.scopes,
        "created_at": record.created_at.to_string(),
        "last_used": record.last_used.map(|at| at.to_string()),
        "revoked_at": record.revoked_at.map(|at| at.to_string()),
    })
}

/// Makes the credentials of the first start.
pub struct Keeper<'a>(pub &'a Auth);

impl super::first::Credentials for Keeper<'_> {
    fn has_key(&self) -> Result<bool, Box<dyn std::error::Error>> {
        Ok(!self.0.keys()?.is_empty())
    }

    fn create_key(&self, name: &str) -> Result<String, Box<dyn std::error::Error>> {
        Ok(self.0.create_key(name, &[String::from("sms")])?.0)
    }

    fn has_account(&self, user: &str) -> Result<bool, Box<dyn std::error::Error>> {
        Ok(self.0.has_account(&user_id(user)?)?)
    }

    fn create_admin(&self, user: &str, password: &str) -> Result<(), Box<dyn std::error::Error>> {
        let user = user_id(user)?;
        let new = NewAccount { user: &user, name: "Administrator", role: "admin", password };
        Ok(self.0.create_account(new)?)
    }

    fn mint(
        &self,
        user: &str,
        room: &str,
        ttl_s: u64,
    ) -> Result<String, Box<dyn std::error::Error>> {
        let user = user_id(user)?;
        let what = crate::auth::Mint { user: &user, rooms: room, role: "user", name: None, ttl_s };
        Ok(self.0.mint(&what)?)
    }
}

fn user_id(user: &str) -> Result<UserId, String> {
    UserId::new(user)
        .ok_or_else(|| String::from("a user's name has 1 to 200 bytes and no control characters"))
}
