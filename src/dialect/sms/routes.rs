//! The routes of the bridge and the names of what comes out of them.

use crate::dialect::Route;

/// What is behind a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Post(Verb),
    Batch,
    /// A word about a whole conversation.
    State,
    History,
}

/// The six things a back end can post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    New,
    Edit,
    Reply,
    Update,
    Delete,
    Status,
}

const fn post(path: &'static str, verb: Verb, doc: &'static str) -> Route<Endpoint> {
    Route { method: "POST", path, endpoint: Endpoint::Post(verb), doc }
}

pub const ROUTES: [Route<Endpoint>; 9] = [
    post("/api/sms/new-message", Verb::New, "a new message for a room"),
    post("/api/sms/edit-message", Verb::Edit, "new words for a message"),
    post("/api/sms/reply-message", Verb::Reply, "a message that answers another"),
    post("/api/sms/update-message", Verb::Update, "a message's object brought up to date"),
    post("/api/sms/delete-message", Verb::Delete, "takes a message away"),
    post("/api/sms/status-update", Verb::Status, "a word about a message, such as `delivered`"),
    Route {
        method: "POST",
        path: "/api/sms/batch",
        endpoint: Endpoint::Batch,
        doc: "up to 100 of the above, each with its own answer",
    },
    Route {
        method: "POST",
        path: "/api/sms/state-update",
        endpoint: Endpoint::State,
        doc: "a word about a whole conversation, such as `accepted`",
    },
    Route {
        method: "GET",
        path: "/api/sms/rooms/{room}/messages",
        endpoint: Endpoint::History,
        doc: "the history of a room (`after`, `before`, `limit`)",
    },
];

impl Verb {
    pub const ALL: [Self; 6] =
        [Self::New, Self::Edit, Self::Reply, Self::Update, Self::Delete, Self::Status];

    /// The last part of its path, and its `type` in a batch.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new-message",
            Self::Edit => "edit-message",
            Self::Reply => "reply-message",
            Self::Update => "update-message",
            Self::Delete => "delete-message",
            Self::Status => "status-update",
        }
    }

    /// The name of the event that clients receive.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::New => "new_message",
            Self::Edit => "edit_message",
            Self::Reply => "reply_message",
            Self::Update => "update_message",
            Self::Delete => "delete_message",
            Self::Status => "status_update",
        }
    }
}
