//! Where frames are shown: over each other on a terminal, one after another elsewhere. Leaves the
//! terminal as it found it.

use std::io::{self, IsTerminal as _, Write as _};

use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};

/// Another page of the terminal, without the cursor; and back again.
const ENTER: &str = "\x1b[?1049h\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";
/// Goes to the top; ends a line; clears what is below.
const HOME: &str = "\x1b[H";
const LINE_END: &str = "\x1b[K\r\n";
const BELOW: &str = "\x1b[J";
/// A special character that is switched off (`_POSIX_VDISABLE` of termios(3)).
const OFF: u8 = 0;

/// Standard output.
#[derive(Debug)]
pub struct Screen {
    terminal: bool,
    /// How the keyboard was.
    keyboard: Option<Termios>,
}

impl Screen {
    /// Takes the terminal, if there is one and `plain` does not forbid it.
    pub fn open(plain: bool) -> Self {
        let terminal = !plain && io::stdout().is_terminal();
        let mut screen = Self { terminal, keyboard: None };
        if terminal {
            screen.keyboard = silence();
            let _ = write(ENTER);
        }
        screen
    }

    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Shows a text, cut to the size of the terminal.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn show(&mut self, text: &str) -> io::Result<()> {
        if !self.terminal {
            return write(text);
        }
        let size = tcgetwinsize(io::stdout()).ok();
        // Some terminals do not know their size and say zero.
        let or = |told: Option<u16>, usual: usize| {
            told.map(usize::from).filter(|told| *told > 0).unwrap_or(usual)
        };
        let rows = or(size.map(|size| size.ws_row), 24);
        let columns = or(size.map(|size| size.ws_col), 80);
        write(&drawn(text, rows, columns))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.terminal {
            let _ = write(LEAVE);
        }
        if let Some(keyboard) = &self.keyboard {
            // What was typed meanwhile is not for the shell.
            let _ = tcsetattr(io::stdin(), OptionalActions::Flush, keyboard);
        }
    }
}

/// Keys are not shown, and Ctrl-Z does not leave the terminal as it is now. Returns how it was.
fn silence() -> Option<Termios> {
    let before = tcgetattr(io::stdin()).ok()?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
    silent.special_codes[SpecialCodeIndex::VSUSP] = OFF;
    tcsetattr(io::stdin(), OptionalActions::Flush, &silent).ok()?;
    Some(before)
}

/// The text as it goes to a terminal of this size.
fn drawn(text: &str, rows: usize, columns: usize) -> String {
    let mut out = HOME.to_owned();
    for (at, line) in text.lines().take(rows).enumerate() {
        if at > 0 {
            out.push_str(LINE_END);
        }
        out.extend(line.chars().filter(|c| !c.is_control()).take(columns));
    }
    // The rest of the last line, and what is below it.
    out.push_str("\x1b[K");
    out.push_str(BELOW);
    out
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_fit_the_terminal() {
        assert_eq!(drawn("ab\ncd\nef\n", 2, 80), "\x1b[Hab\x1b[K\r\ncd\x1b[K\x1b[J");
        assert_eq!(drawn("abc\x1b[31md", 9, 4), "\x1b[Habc[\x1b[K\x1b[J");
        assert_eq!(drawn("", 9, 4), "\x1b[H\x1b[K\x1b[J");
    }
}
