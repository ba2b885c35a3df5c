//! An explanation for people: each text with carets under what was found in it. Reads the answer that
//! programs get.

use std::fmt::Write as _;

use serde_json::Value;

/// Lays an explanation out; ends with a line feed.
pub fn human(answer: &Value) -> String {
    let mut out = String::new();
    for name in ["conversation", "kind", "state", "seq", "held", "id", "sender", "role", "text"] {
        line(&mut out, name, answer);
    }
    for name in ["flags", "outcome", "notice", "unanswered"] {
        line(&mut out, name, answer);
    }
    for check in items(answer, "checks") {
        tell(&mut out, check);
    }
    for version in items(answer, "earlier_versions") {
        let (number, at) = (word(version, "version"), word(version, "at"));
        let _ = writeln!(out, "\nversion {number} of {at}\n  {}", one_line(&word(version, "text")));
    }
    out
}

fn tell(out: &mut String, check: &Value) {
    let seq = check.get("seq").and_then(Value::as_u64).filter(|seq| *seq > 0);
    let seq = seq.map(|seq| format!("seq {seq}, ")).unwrap_or_default();
    let at = word(check, "at");
    let at = if at.is_empty() { at } else { format!(" at {at}") };
    let _ = writeln!(out, "\n{seq}{}{at}", word(check, "what"));
    let findings = items(check, "findings");
    if findings.is_empty() {
        out.push_str("  nothing found\n");
        return;
    }
    let text = word(check, "before_moderation");
    for finding in findings {
        let _ = writeln!(out, "  {}", one_line(&text));
        let carets = carets(&text, finding);
        if !carets.is_empty() {
            let _ = writeln!(out, "  {carets}");
        }
        let _ = writeln!(
            out,
            "  {} ({}), {}, confidence {}{}",
            word(finding, "category"),
            word(finding, "rule"),
            word(finding, "severity"),
            word(finding, "confidence"),
            elsewhere(finding),
        );
        let _ = writeln!(out, "  {}", effect(finding));
        let _ = writeln!(
            out,
            "  plugin {} {} ({}), generation {}",
            word(finding, "plugin"),
            word(finding, "version"),
            word(finding, "sha"),
            word(finding, "generation"),
        );
    }
}

fn effect(finding: &Value) -> String {
    let (action, because) = (word(finding, "action"), word(finding, "because"));
    match word(finding, "mark").as_str() {
        _ if action.is_empty() => "what was done is not known any more".to_owned(),
        "dry-run" => format!("dry-run: no effect; it would be {action}, by {because}"),
        "allowed" => format!("allowed: no effect; it would be {action}, by {because}"),
        _ => format!("{action}, by {because}"),
    }
}

fn elsewhere(finding: &Value) -> String {
    match finding.get("in_earlier_messages").and_then(Value::as_u64) {
        None | Some(0) => String::new(),
        Some(1) => ", with a part in an earlier message".to_owned(),
        Some(more) => format!(", with {more} parts in earlier messages"),
    }
}

/// A caret under each character of the text that a finding is about.
fn carets(text: &str, finding: &Value) -> String {
    let spans: Vec<(u64, u64)> = items(finding, "spans")
        .iter()
        .filter_map(|span| Some((span.get(0)?.as_u64()?, span.get(1)?.as_u64()?)))
        .collect();
    let marked = |at: usize| {
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        spans.iter().any(|(start, end)| (*start..*end).contains(&at))
    };
    let line: String =
        text.char_indices().map(|(at, _)| if marked(at) { '^' } else { ' ' }).collect();
    line.trim_end().to_owned()
}

fn line(out: &mut String, name: &str, answer: &Value) {
    let said = match answer.get(name) {
        None | Some(Value::Null) => return,
        Some(Value::Array(all)) if all.is_empty() => return,
        Some(Value::Array(all)) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
        Some(value) => plain(value),
    };
    let _ = writeln!(out, "{name:<12}  {}", one_line(&said));
}

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word(value: &Value, name: &str) -> String {
    value.get(name).map(plain).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// As many characters, so that carets stay in place.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn findings_have_carets_and_reasons() {
        let finding = |mark: Option<&str>| {
            json!({
                "category": "phone", "rule": "plain", "words": ["123 45"], "spans": [[7, 13]],
                "in_earlier_messages": 1, "severity": "high", "confidence": 90, "plugin": "phone",
                "version": "1.2.0", "sha": "0123456789ab", "generation": 3, "mark": mark,
                "action": "mask", "because": "moderation.order.phone",
            })
        };
        let answer = json!({
            "conversation": "order:7", "seq": 3, "text": "тел ***", "flags": ["phone: mask"],
            "checks": [
                { "seq": 3, "what": "posted", "at": "now", "before_moderation": "тел 123 45",
                  "findings": [finding(None), finding(Some("dry-run"))] },
                { "seq": 4, "what": "edited", "at": "then", "before_moderation": null, "findings": [] },
            ],
            "earlier_versions": [],
        });
        let said = human(&answer);
        let expected = "\
conversation  order:7
seq           3
text          тел ***
flags         phone: mask

seq 3, posted at now
  тел 123 45
      ^^^^^^
  phone (plain), high, confidence 90, with a part in an earlier message
  mask, by moderation.order.phone
  plugin phone 1.2.0 (0123456789ab), generation 3
  тел 123 45
      ^^^^^^
  phone (plain), high, confidence 90, with a part in an earlier message
  dry-run: no effect; it would be mask, by moderation.order.phone
  plugin phone 1.2.0 (0123456789ab), generation 3

seq 4, edited at then
  nothing found
";
        assert_eq!(said, expected);
    }
}
