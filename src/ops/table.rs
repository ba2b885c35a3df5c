//! Answers for people: a list of objects as columns, one object as lines of name and value.

use serde_json::{Map, Value};

/// Lays out an answer; ends with a line feed.
pub fn table(answer: &Value) -> String {
    match answer {
        Value::Array(rows) if rows.is_empty() => String::from("none\n"),
        Value::Array(rows) => columns(rows),
        Value::Object(members) => lines(members, 0),
        other => format!("{}\n", plain(other)),
    }
}

fn columns(rows: &[Value]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for member in rows.iter().filter_map(Value::as_object).flat_map(Map::keys) {
        if !names.contains(&member.as_str()) {
            names.push(member);
        }
    }
    let cell = |row: &Value, name: &str| row.get(name).map_or_else(String::new, plain);
    let mut lines: Vec<Vec<String>> = vec![names.iter().map(|name| (*name).to_owned()).collect()];
    lines.extend(rows.iter().map(|row| names.iter().map(|name| cell(row, name)).collect()));
    let widths: Vec<usize> = (0..names.len())
        .map(|at| {
            lines
                .iter()
                .filter_map(|line| line.get(at))
                .map(|text| text.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for line in lines {
        let padded = line.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}"));
        out.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn lines(members: &Map<String, Value>, depth: usize) -> String {
    let width = members.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    let indent = "  ".repeat(depth);
    members
        .iter()
        .map(|(name, value)| match value {
            Value::Object(inner) if !inner.is_empty() => {
                format!("{indent}{name}\n{}", lines(inner, depth + 1))
            }
            value => format!("{indent}{name:<width$}  {}\n", plain(value)),
        })
        .collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::from("-"),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => String::from("-"),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(answer: &Value, expected: &str) {
        assert_eq!(table(answer), expected);
    }

    #[test]
    fn answers_are_laid_out() {
        check(&json!([]), "none\n");
        check(&json!({ "ok": true, "problems": [] }), "ok        true\nproblems  -\n");
        let rows =
            json!([{ "id": "a", "scopes": ["sms", "admin"] }, { "id": "bcd", "reason": null }]);
        check(&rows, "id   scopes      reason\na    sms, admin\nbcd              -\n");
        check(&json!({ "moderation": { "engine": "jit" } }), "moderation\n  engine  jit\n");
    }
}
