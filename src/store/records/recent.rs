//! Answers that are remembered for a time only: many of them lie in one row, in the order in which
//! they were given, so that remembering and forgetting cost next to nothing.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Repeat,
    codec::{self, Nothing, Shape},
};
use crate::{
    domain::{id::Seq, time::Millis},
    store::Fault,
};

/// Half a SHA-256: enough that nobody finds two requests with the same one.
pub type Digest128 = (u64, u64);

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentAnswer {
    /// Which request, see [`RecentAnswer::digest_of`].
    pub digest: Digest128,
    /// Number of the conversation.
    pub number: u64,
    pub forgotten_at: Millis,
    pub repeat: Repeat,
}

#[derive(Serialize, Deserialize)]
struct AnswerShape(u64, u64, u64, u64, u64, u64, u64, Option<String>);

#[derive(Serialize, Deserialize)]
struct RowV1(Vec<AnswerShape>);

impl Shape for RowV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl RecentAnswer {
    /// The digest of what makes a request the same one.
    pub fn digest_of(number: u64, verb: &str, sender: &str, request: &str) -> Digest128 {
        let mut hash = Sha256::new();
        hash.update(number.to_be_bytes());
        // The request comes last, because it may hold any character; the others hold no zero.
        for part in [verb, "\0", sender, "\0", request] {
            hash.update(part.as_bytes());
        }
        let hash = hash.finalize();
        let half = |at| crate::store::keys::number_at(&hash, at).unwrap_or(0);
        (half(0), half(8))
    }

    /// A row of answers.
    pub fn encode_row(answers: &[Self]) -> Result<Vec<u8>, Fault> {
        let shape = |a: &Self| {
            let Repeat { seq, at, delivered, held } = &a.repeat;
            let held = held.clone();
            AnswerShape(
                a.digest.0,
                a.digest.1,
                a.number,
                a.forgotten_at.0,
                seq.0,
                at.0,
                *delivered,
                held,
            )
        };
        codec::write(&RowV1(answers.iter().map(shape).collect()))
    }

    /// The answers of a row.
    pub fn decode_row(bytes: &[u8]) -> Result<Vec<Self>, Fault> {
        let RowV1(shapes) = codec::read("recent answers", bytes)?;
        let answer = |AnswerShape(d0, d1, number, forgotten, seq, at, delivered, held)| Self {
            digest: (d0, d1),
            number,
            forgotten_at: Millis(forgotten),
            repeat: Repeat { seq: Seq(seq), at: Millis(at), delivered, held },
        };
        Ok(shapes.into_iter().map(answer).collect())
    }
}
