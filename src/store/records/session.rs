//! Records of live sessions that can be taken up again after a break. Knows the digest of a session's
//! secret only.

use serde::{Deserialize, Serialize};

use super::codec::{self, Decode, Encode, Nothing, Shape, wrong};
use crate::{
    domain::{
        event::{Entrance, Position},
        id::{ConversationId, Seq, UserId},
        time::Millis,
    },
    store::{Fault, keys},
};

/// A live session: whose it is and what it listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub user: UserId,
    /// Where the protocol keeps sessions apart, else empty.
    pub namespace: String,
    /// The life of the database that the seqs belong to.
    pub epoch: u64,
    /// When this was written last.
    pub at: Millis,
    /// What it listens to, and where it joined.
    pub rooms: Vec<(ConversationId, Entrance)>,
}

#[derive(Serialize, Deserialize)]
struct SessionV1 {
    /// `None`: a visitor, who has no name of its own.
    user: Option<String>,
    namespace: String,
    epoch: u64,
    at: u64,
    rooms: Vec<(u8, String, u64, u64)>,
}

impl Shape for SessionV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Session {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        let room = |(room, entrance): &(ConversationId, Entrance)| {
            let Entrance { since, position } = entrance;
            (keys::kind_byte(room.kind()), room.name().to_owned(), since.0, position.0)
        };
        codec::write(&SessionV1 {
            user: (!self.user.is_visitor()).then(|| self.user.to_string()),
            namespace: self.namespace.clone(),
            epoch: self.epoch,
            at: self.at.0,
            rooms: self.rooms.iter().map(room).collect(),
        })
    }
}

impl Decode for Session {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let v: SessionV1 = codec::read(place, bytes)?;
        let user = v.user.map_or_else(|| Some(UserId::visitor()), |user| UserId::new(&user));
        let room = |(kind, name, since, position): (u8, String, u64, u64)| {
            let kind = keys::kind_of(kind).ok_or_else(|| wrong(place, "kind of a room"))?;
            let room = ConversationId::new(kind, &name);
            let entrance = Entrance { since: Seq(since), position: Position(position) };
            Ok((room.ok_or_else(|| wrong(place, "name of a room"))?, entrance))
        };
        Ok(Self {
            user: user.ok_or_else(|| wrong(place, "user"))?,
            namespace: v.namespace,
            epoch: v.epoch,
            at: Millis(v.at),
            rooms: v.rooms.into_iter().map(room).collect::<Result<_, Fault>>()?,
        })
    }
}
