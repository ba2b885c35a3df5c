//! Who this store is: written into the database and beside it, so that either notices when the other
//! is gone.

use serde::{Deserialize, Serialize};

use super::codec::{self, Decode, Encode, Nothing, Shape};
use crate::store::Fault;

/// The identity of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ident {
    /// Random, for life.
    pub store: u64,
    /// Random, another one after every restore.
    pub epoch: u64,
    /// The format of the keys and values.
    pub format: u32,
}

#[derive(Serialize, Deserialize)]
struct V1(u64, u64, u32);

impl Shape for V1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for Ident {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&V1(self.store, self.epoch, self.format))
    }
}

impl Decode for Ident {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let V1(store, epoch, format) = codec::read(place, bytes)?;
        Ok(Self { store, epoch, format })
    }
}

impl Ident {
    /// The file beside the database: a line for each part.
    pub fn to_text(self) -> String {
        let Self { store, epoch, format } = self;
        format!("parlour store\nformat {format}\nstore {store:016x}\nepoch {epoch:016x}\n")
    }

    /// Reads that file.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        (lines.next()? == "parlour store").then_some(())?;
        let format = lines.next()?.strip_prefix("format ")?.parse().ok()?;
        let hex = |line: &str, word| u64::from_str_radix(line.strip_prefix(word)?, 16).ok();
        let store = hex(lines.next()?, "store ")?;
        let epoch = hex(lines.next()?, "epoch ")?;
        Some(Self { store, epoch, format })
    }

    /// The format that a file of any later program names in its second line.
    pub fn format_in(text: &str) -> Option<u32> {
        text.lines().nth(1)?.strip_prefix("format ")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let ident = Ident { store: 0xfeed, epoch: u64::MAX, format: 1 };
        assert_eq!(Ident::from_text(&ident.to_text()), Some(ident));
        assert_eq!(Ident::decode("ident", &ident.encode().expect("encodes")), Ok(ident));
        assert_eq!(Ident::format_in("parlour store\nformat 9\nnew words\n"), Some(9));
        assert_eq!(Ident::from_text("parlour store\nformat 9\nnew words\n"), None);
        assert_eq!(Ident::from_text(""), None);
    }
}
