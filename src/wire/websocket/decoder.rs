//! From a client's bytes to its whole messages: fragments put together under one cap, control frames
//! between them, text checked as it arrives. Never holds more than what has really arrived.

use std::borrow::Cow;

use super::{
    CloseCode, Opcode, Violation, close,
    header::{self, Header},
    utf8::Utf8,
};

/// The state of one connection's incoming side. Between messages it owns no memory.
#[derive(Debug)]
pub struct Decoder {
    message_max_bytes: u32,
    /// Apart, for nearly always a message comes in one piece.
    partial: Option<Box<Partial>>,
}

/// What has arrived in part.
#[derive(Debug, Default)]
struct Partial {
    /// The frame whose payload is arriving, and how much of that was seen.
    open: Option<(Header, u64)>,
    /// The message whose fragments are arriving.
    message: Option<Message>,
    control: Vec<u8>,
}

#[derive(Debug)]
struct Message {
    text: bool,
    bytes: Vec<u8>,
    utf8: Utf8,
}

/// What a peer said.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    Text(Cow<'a, str>),
    Binary(Cow<'a, [u8]>),
    Ping(Cow<'a, [u8]>),
    Pong,
    /// The peer closes; a close frame with this code answers it. No message may follow.
    Close(Option<CloseCode>),
}

/// What became of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// How many of them are done with. With 0 and nothing said, more bytes are needed.
    pub used: usize,
    pub said: Option<Incoming<'a>>,
}

// === impl Decoder ===

impl Decoder {
    /// `message_max_bytes` bounds a whole message, all of its fragments together.
    #[must_use]
    pub fn new(message_max_bytes: u32) -> Self {
        Self { message_max_bytes, partial: None }
    }

    /// Whether everything that was said is complete, so that nothing is held.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.partial
            .as_ref()
            .is_none_or(|partial| partial.open.is_none() && partial.message.is_none())
    }

    /// What it holds of unfinished messages at the moment.
    #[cfg(test)]
    pub(super) fn held_bytes(&self) -> usize {
        let Some(partial) = &self.partial else { return 0 };
        let message = partial.message.as_ref().map_or(0, |message| message.bytes.capacity());
        message.saturating_add(partial.control.capacity())
    }

    /// Reads on in `input`, which begins where the last step ended. A payload that is not yet whole
    /// is taken as far as it goes; half a header is left. `unmask` XORs bytes with a repeated key;
    /// it is the caller's, who has a faster one than a pure codec may have.
    ///
    /// # Errors
    /// A [`Violation`] as soon as it can be seen; the decoder is not to be used any more then.
    pub fn step<'a>(
        &mut self,
        input: &'a mut [u8],
        unmask: fn(&mut [u8], [u8; 4]),
    ) -> Result<Step<'a>, Violation> {
        let open = self.partial.as_mut().and_then(|partial| partial.open.take());
        let (header, seen, begin) = if let Some((header, seen)) = open {
            (header, seen, 0)
        } else {
            let Some((header, used)) = header::parse(input)? else {
                return Ok(Step { used: 0, said: None });
            };
            self.admit(&header)?;
            (header, 0, used)
        };
        let payload = input.get_mut(begin..).unwrap_or_default();
        let missing = usize::try_from(header.len.saturating_sub(seen)).unwrap_or(usize::MAX);
        let count = payload.len().min(missing);
        let chunk = payload.get_mut(..count).unwrap_or_default();
        unmask(chunk, rotated(header.mask, seen));

        let whole = count == missing;
        let seen = seen.saturating_add(count as u64);
        let said = if header.is_control() {
            self.control(header.opcode, chunk, whole)?
        } else {
            self.data(&header, chunk, whole)?
        };
        if !whole {
            self.partial().open = Some((header, seen));
        } else if self.partial.is_some() && self.is_idle() {
            self.partial = None;
        }
        Ok(Step { used: begin.saturating_add(count), said })
    }

    /// Whether a frame with this header may come now.
    fn admit(&mut self, header: &Header) -> Result<(), Violation> {
        if header.is_control() {
            return Ok(());
        }
        let message = self.partial.as_ref().and_then(|partial| partial.message.as_ref());
        let before = match (header.opcode, message) {
            (Opcode::Continuation, Some(message)) => message.bytes.len() as u64,
            (Opcode::Continuation, None) => {
                return Err(Violation::protocol("a continuation of nothing"));
            }
            (_, Some(_)) => {
                return Err(Violation::protocol("a new message inside of a fragmented one"));
            }
            (_, None) => 0,
        };
        if before.saturating_add(header.len) > u64::from(self.message_max_bytes) {
            return Err(Violation { code: CloseCode::TOO_BIG, why: "the message is too big" });
        }
        Ok(())
    }

    fn control<'a>(
        &mut self,
        opcode: Opcode,
        chunk: &'a [u8],
        whole: bool,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        if !whole {
            self.partial().control.extend_from_slice(chunk);
            return Ok(None);
        }
        let begun = self.partial.as_mut().map(|partial| std::mem::take(&mut partial.control));
        let payload = match begun.filter(|begun| !begun.is_empty()) {
            None => Cow::Borrowed(chunk),
            Some(mut begun) => {
                begun.extend_from_slice(chunk);
                Cow::Owned(begun)
            }
        };
        Ok(Some(match opcode {
            Opcode::Close => Incoming::Close(close::parse(&payload)?),
            Opcode::Ping => Incoming::Ping(payload),
            _ => Incoming::Pong,
        }))
    }

    fn data<'a>(
        &mut self,
        header: &Header,
        chunk: &'a [u8],
        whole: bool,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        let begun = self.partial.as_ref().is_some_and(|partial| partial.message.is_some());
        if !begun && whole && header.fin {
            return in_one_piece(header.opcode, chunk).map(Some);
        }
        let partial = self.partial();
        let message = partial.message.get_or_insert_with(|| Message {
            text: header.opcode == Opcode::Text,
            bytes: Vec::new(),
            utf8: Utf8::default(),
        });
        if message.text {
            message.utf8.feed(chunk).map_err(|_| Violation::utf8())?;
        }
        message.bytes.extend_from_slice(chunk);
        if !(whole && header.fin) {
            return Ok(None);
        }
        let Some(Message { text, bytes, utf8 }) = partial.message.take() else { return Ok(None) };
        if !text {
            return Ok(Some(Incoming::Binary(bytes.into())));
        }
        if !utf8.is_whole() {
            return Err(Violation::utf8());
        }
        let text = String::from_utf8(bytes).map_err(|_| Violation::utf8())?;
        Ok(Some(Incoming::Text(text.into())))
    }

    fn partial(&mut self) -> &mut Partial {
        self.partial.get_or_insert_default()
    }
}

/// A message that is one frame and was read at once: nothing is copied.
fn in_one_piece(opcode: Opcode, payload: &[u8]) -> Result<Incoming<'_>, Violation> {
    if opcode == Opcode::Binary {
        return Ok(Incoming::Binary(payload.into()));
    }
    let text = std::str::from_utf8(payload).map_err(|_| Violation::utf8())?;
    Ok(Incoming::Text(text.into()))
}

/// The key as it applies from the `seen`-th byte on.
fn rotated(mut mask: [u8; 4], seen: u64) -> [u8; 4] {
    mask.rotate_left(usize::try_from(seen & 3).unwrap_or(0));
    mask
}
