//! What the host does around a plugin when it asks about a message, done natively. Counts nothing.

use parlour_guest::{Context, Conversation, Earlier, Finding, Message};

use crate::naming::{CONTACTS, names};
use crate::quality::{CONFIDENCE_MIN, CaseSet, LabelledCase, Said, Score};
use crate::{Judge, builtin};

/// What the appliance is configured to expect unless its administrator says otherwise.
const LANGUAGES: [&str; 4] = ["ru", "uk", "en", "fr"];
const HISTORY_MAX_BYTES: u64 = 8 << 10;
const HISTORY_MAX_MESSAGES: u64 = 20;
const HISTORY_MAX_WINDOW_S: u64 = 900;

/// How much of the past a plugin asked for, within the host's limits.
pub(crate) struct Needs {
    messages: usize,
    bytes: u64,
    window_s: u64,
}

impl Needs {
    pub(crate) fn of(manifest: &str) -> Self {
        let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap_or_default();
        let need = |key: &str, most: u64| manifest["needs"][key].as_u64().unwrap_or(most).min(most);
        let asked = manifest["needs"]["history"].as_u64().unwrap_or(0);
        Self {
            messages: usize::try_from(asked.min(HISTORY_MAX_MESSAGES)).unwrap_or(0),
            bytes: need("bytes", HISTORY_MAX_BYTES),
            window_s: need("window_s", HISTORY_MAX_WINDOW_S),
        }
    }
}

/// What one plugin says about a case: an order between two people, as the host asks.
#[must_use]
pub fn ask(judge: &Judge, case: &LabelledCase) -> Vec<Finding> {
    let message = Message {
        id: "case".to_owned(),
        text: case.text.clone(),
        origin: "create".to_owned(),
        languages: LANGUAGES.map(str::to_owned).to_vec(),
        ..Message::default()
    };
    let mut bytes = 0;
    let past = case.history.iter().take(judge.needs.messages);
    let past = past.take_while(|past| {
        bytes += past.text.len() as u64;
        bytes <= judge.needs.bytes && u64::from(past.age_seconds) <= judge.needs.window_s
    });
    let history = past.map(|past| Earlier {
        id: String::new(),
        age_seconds: past.age_seconds,
        same_sender: past.same_sender,
        text: past.text.clone(),
    });
    let context = Context {
        conversation: Conversation {
            id: "order:case".to_owned(),
            kind: "order".to_owned(),
            members: 2,
            ..Conversation::default()
        },
        history: history.collect(),
        ..Context::default()
    };
    judge.check(&message, &context)
}

/// What all of them find, as far as the default policy acts on it.
#[must_use]
pub fn judge_all(judges: &[Judge], case: &LabelledCase) -> Vec<Said> {
    let findings = judges.iter().flat_map(|judge| ask(judge, case));
    let sure = findings.filter(|finding| finding.confidence >= CONFIDENCE_MIN);
    let spans = |finding: &Finding| {
        let spans = finding.spans.iter();
        spans.map(|(n, span)| (*n as usize, span.start as usize..span.end as usize)).collect()
    };
    let said = sure.map(|finding| Said { spans: spans(&finding), category: finding.category });
    Said::named(said.collect(), &CONTACTS, names)
}

/// Scores the built-in plugins over a set.
#[must_use]
pub fn judge_set(set: &CaseSet) -> Score {
    let judges = builtin();
    let mut score = Score::default();
    for case in &set.cases {
        score.count(case, &judge_all(&judges, case));
    }
    score
}
