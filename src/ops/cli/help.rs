//! Help texts, made from the list of commands.

use std::fmt::Write as _;

use super::commands::{GLOBAL, Opt, Spec, commands};

const HEAD: &str = "\
Parlour, a chat appliance: one program, one directory, one port.

usage: parlour [COMMAND] [OPTIONS]

Without a command it serves. The first start makes everything it needs and says how to use it.
";

const USAGE_MAX_CHARS: usize = 90;

/// Help on a command or a family of commands (`key`); on everything if `topic` is neither.
#[must_use]
pub fn help(topic: &str) -> String {
    let family = |spec: &&'static Spec| spec.words.split(' ').next() == Some(topic);
    let meant: Vec<&Spec> = match commands().find(|spec| spec.words == topic) {
        Some(spec) => vec![spec],
        None => commands().filter(family).collect(),
    };
    if meant.is_empty() {
        return overview();
    }
    let mut text = String::new();
    for spec in meant {
        if !text.is_empty() {
            text.push('\n');
        }
        one(&mut text, spec);
    }
    text
}

/// How a command is called, in lines of no more than a terminal's width.
#[must_use]
pub fn usage(spec: &Spec) -> String {
    let arguments = spec.arguments.iter().map(|argument| (*argument).to_owned());
    let options = spec.options.iter().map(|option| {
        let spelled = spell(option);
        if option.required { spelled } else { format!("[{spelled}]") }
    });
    let mut text = format!("parlour {}", spec.words);
    let mut width = text.len();
    for part in arguments.chain(options) {
        if width + part.len() > USAGE_MAX_CHARS {
            text.push_str("\n      ");
            width = 6;
        }
        let _ = write!(text, " {part}");
        width += part.len() + 1;
    }
    text
}

fn overview() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\ncommands:\n");
    for spec in commands() {
        let _ = writeln!(text, "  {:<18} {}", spec.words, spec.summary);
    }
    text.push_str("\noptions of every command:\n");
    options(&mut text, GLOBAL);
    text.push_str(
        "\n`parlour help COMMAND` explains one. Exit codes: 0 done, 1 failed, 2 wrong usage.\n",
    );
    text
}

fn one(text: &mut String, spec: &Spec) {
    let _ = writeln!(text, "usage: {}\n\n  {}", usage(spec), spec.summary);
    for line in folded(spec.more) {
        let _ = writeln!(text, "  {line}");
    }
    if !spec.options.is_empty() {
        text.push('\n');
        options(text, spec.options);
    }
}

fn options(text: &mut String, options: &[Opt]) {
    for option in options {
        let _ = writeln!(text, "  {:<24} {}", spell(option), option.doc);
    }
}

fn spell(option: &Opt) -> String {
    let short = option.short.map(|short| format!("{short}, ")).unwrap_or_default();
    let between = if option.value.is_empty() { "" } else { " " };
    format!("{short}{}{between}{}", option.name, option.value)
}

/// Lines of at most 76 characters.
fn folded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 76 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
