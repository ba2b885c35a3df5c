//! What the doctor found, for people and for programs. Looks at nothing itself.

use std::fmt::Write as _;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Ok,
    /// The server works, but less well than it could.
    Warn,
    /// The server will not work, or not safely.
    Fail,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable, for programs.
    pub check: &'static str,
    pub level: Level,
    /// One sentence, with what to do about it unless all is well.
    pub said: String,
}

/// All results, in the order of the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
}

// === impl Level ===

impl Level {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

// === impl Report ===

impl Report {
    pub(super) fn add(&mut self, check: &'static str, level: Level, said: impl Into<String>) {
        self.findings.push(Finding { check, level, said: said.into() });
    }

    /// Whether anything fails; then the exit code is 1.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Fail)
    }

    /// A table for people.
    #[must_use]
    pub fn human(&self) -> String {
        let mut text = String::new();
        for Finding { check, level, said } in &self.findings {
            let _ = writeln!(text, "{:<5} {check:<12} {said}", level.word());
        }
        text
    }

    /// `{"ok": bool, "checks": [{"check", "level", "said"}]}` without a line break.
    #[must_use]
    pub fn json(&self) -> String {
        let checks: Vec<_> = self
            .findings
            .iter()
            .map(|Finding { check, level, said }| {
                serde_json::json!({ "check": check, "level": level.word(), "said": said })
            })
            .collect();
        serde_json::json!({ "ok": !self.failed(), "checks": checks }).to_string()
    }
}
