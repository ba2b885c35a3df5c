//! Checking text for UTF-8 while it arrives in pieces that may cut a character. Fails at the first
//! byte that no continuation could make valid.

/// What is known about the pieces so far: the beginning of a character that was cut.
#[derive(Debug, Default)]
pub(super) struct Utf8 {
    cut: [u8; 4],
    len: u8,
}

/// Some byte is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Invalid;

impl Utf8 {
    /// Checks the next piece.
    pub(super) fn feed(&mut self, piece: &[u8]) -> Result<(), Invalid> {
        let mut rest = piece;
        while self.len > 0 {
            let Some((&byte, tail)) = rest.split_first() else { return Ok(()) };
            rest = tail;
            self.push(byte)?;
            let cut = self.cut.get(..usize::from(self.len)).ok_or(Invalid)?;
            match std::str::from_utf8(cut) {
                Ok(_) => self.len = 0,
                Err(error) if error.error_len().is_some() => return Err(Invalid),
                Err(_) => {}
            }
        }
        match std::str::from_utf8(rest) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_some() => Err(Invalid),
            Err(error) => {
                for &byte in rest.get(error.valid_up_to()..).unwrap_or_default() {
                    self.push(byte)?;
                }
                Ok(())
            }
        }
    }

    /// Whether the text may end here.
    pub(super) fn is_whole(&self) -> bool {
        self.len == 0
    }

    fn push(&mut self, byte: u8) -> Result<(), Invalid> {
        *self.cut.get_mut(usize::from(self.len)).ok_or(Invalid)? = byte;
        self.len = self.len.saturating_add(1);
        Ok(())
    }
}
