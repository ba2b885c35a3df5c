//! `parlour plugin new`: a plugin project that needs nothing but Rust. The template, the guest face and the
//! interface are those of this very version, compiled into the program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::Trouble;
use crate::{
    moderation::workbench::is_plugin_id,
    ops::{
        cli::{Exit, NewAsked},
        table::table,
        terminal::print,
    },
};

const TEMPLATE: &str = include_str!("../../../plugins/template/src/lib.rs");
const MANIFEST: &str = include_str!("../../../plugins/template/manifest.json");
const INTERFACE: &str = include_str!("../../../wit/moderation.wit");

macro_rules! guest {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../plugins/guest/", $path)))),*]
    };
}

/// The guest face, file by file.
const GUEST: &[(&str, &str)] = guest!(
    "Cargo.toml"
    "src/abi.rs"
    "src/amount.rs"
    "src/face.rs"
    "src/folded.rs"
    "src/heap.rs"
    "src/host.rs"
    "src/host/path.rs"
    "src/json.rs"
    "src/lib.rs"
    "src/list.rs"
    "src/list/row.rs"
    "src/mailbox.rs"
    "src/mailbox/apart.rs"
    "src/mailbox/atless.rs"
    "src/mailbox/domain.rs"
    "src/mailbox/joined.rs"
    "src/mailbox/local.rs"
    "src/mailbox/split.rs"
    "src/mailbox/told.rs"
    "src/mailbox/words.rs"
    "src/pieces.rs"
    "src/scan.rs"
    "src/scan/cut.rs"
    "src/spelling.rs"
    "src/tld.rs"
    "src/unveil.rs"
    "src/unveil/drawn.rs"
    "src/unveil/ending.rs"
    "src/unveil/label.rs"
    "src/unveil/parted.rs"
    "src/unveil/reversed.rs"
);

/// What the template says about itself and a project does not.
const COPYING: &str = "Copy this folder, give the package, `ID` and manifest names of your own, and change `check`. A plugin\n//! is";
const CATEGORY: &str = "listed-word";

/// Makes the project.
///
/// # Errors
/// The id is none, there is something already, or it cannot be written.
pub fn run(asked: &NewAsked, json: bool) -> Result<Exit, Trouble> {
    let id = asked.id.as_str();
    if !is_plugin_id(id) {
        let id = id.escape_debug();
        return Err(format!(
            "`{id}` is no id for a plugin: a-z, 0-9 and -, from a letter on, at most 32 characters"
        )
        .into());
    }
    let dir = asked.dir.clone().unwrap_or_else(|| PathBuf::from(id));
    if fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_some()) || dir.is_file() {
        return Err(format!("{} is there already and not empty", dir.display()).into());
    }
    let files = files(id);
    for (path, text) in &files {
        write(&dir.join(path), text)?;
    }
    if json {
        let paths: Vec<&String> = files.iter().map(|(path, _)| path).collect();
        print(&format!("{}\n", json!({ "id": id, "dir": dir, "files": paths })));
    } else {
        print(&table(&json!({
            "id": id, "dir": dir, "next": format!("change {}/src/lib.rs, then parlour plugin build {0}", dir.display()),
        })));
    }
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    let wrong = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(wrong)?;
    }
    Ok(fs::write(path, text).map_err(wrong)?)
}

fn files(id: &str) -> Vec<(String, String)> {
    let own = |text: &str| {
        text.replace(COPYING, "Change `check` and the manifest. A plugin\n//! is")
            .replace("template-word", CATEGORY)
            .replace(
                "const ID: &'static str = \"template\"",
                &format!("const ID: &'static str = \"{id}\""),
            )
            .replace("\"title\": \"Template\"", &format!("\"title\": \"{id}\""))
            .replace("\"author\": \"Parlour\"", "\"author\": \"\"")
    };
    let mut files = vec![
        ("Cargo.toml".to_owned(), cargo(id)),
        (".cargo/config.toml".to_owned(), CONFIG.to_owned()),
        (".gitignore".to_owned(), "target\n".to_owned()),
        ("README.md".to_owned(), README.replace("{id}", id)),
        ("cases.jsonl".to_owned(), CASES.replace("{category}", CATEGORY)),
        ("manifest.json".to_owned(), own(MANIFEST)),
        ("src/lib.rs".to_owned(), own(TEMPLATE)),
        ("wit/moderation.wit".to_owned(), INTERFACE.to_owned()),
    ];
    // The face looks for the interface at ../../wit, as it does where it comes from.
    let guest = GUEST.iter();
    files.extend(
        guest.map(|(path, text)| (format!("vendor/parlour-guest/{path}"), (*text).to_owned())),
    );
    files
}

fn cargo(id: &str) -> String {
    let name = id.replace('-', "_");
    format!(
        "[package]\nname = \"{id}-plugin\"\nversion = \"1.0.0\"\nedition = \"2024\"\nrust-version = \"1.95\"\n\
         description = \"A moderation plugin for Parlour.\"\npublish = false\n\n\
         [lib]\nname = \"{name}_plugin\"\ncrate-type = [\"cdylib\", \"rlib\"]\n\n\
         [dependencies]\nparlour-guest = {{ path = \"vendor/parlour-guest\" }}\n\n\
         [profile.release]\nopt-level = \"s\"\nlto = true\ncodegen-units = 1\npanic = \"abort\"\nstrip = true\n\n\
         [workspace]\n"
    )
}

/// A small stack keeps the instances small that the server makes for each message.
const CONFIG: &str =
    "[target.wasm32-unknown-unknown]\nrustflags = [\"-C\", \"link-arg=-zstack-size=32768\"]\n";

const CASES: &str = r#"{"text":"Call me on the bananaphone","lang":"en","level":"plain","labels":[{"category":"{category}","start":15,"end":26}]}
{"text":"BANANAPHONE!","lang":"en","level":"plain","labels":[{"category":"{category}","start":0,"end":11}]}
{"text":"the ｂａｎａｎａｐｈｏｎｅ again","lang":"en","level":"obfuscated","labels":[{"category":"{category}","start":4,"end":37}]}
{"text":"A banana and a phone","lang":"en","level":"innocent","labels":[]}
{"text":"Nothing to see here","lang":"en","level":"innocent","labels":[]}
"#;

const README: &str = "# {id}, a moderation plugin for Parlour

A plugin is a pure function: a message and its context in, findings out (category, rule, spans, confidence). What
becomes of a message is the server's policy.

```sh
cargo test                                      # natively, without a server
rustup target add wasm32-unknown-unknown        # once
parlour plugin build                            # {id}.wasm
parlour plugin check {id}.wasm                  # would a server take it?
parlour plugin run {id}.wasm -t 'some text'     # carets under what is found
parlour plugin test {id}.wasm --cases cases.jsonl --wrong
parlour plugin bench {id}.wasm                  # microseconds, fuel, memory
```

To install it, copy `{id}.wasm` into the server's plugin directory; `parlour plugin list` says whether it runs.

- `src/lib.rs`: what it finds. `manifest.json`: what it is called, its categories, its configuration's schema, and
  samples that every server tries before it lets the plugin run.
- `cases.jsonl`: labelled messages, one a line. Offsets are UTF-8 bytes. Levels and languages are words of your own;
  `innocent` messages have no labels.
- `vendor/parlour-guest`, `wit`: the face of the server for plugins, Apache-2.0.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_guest_face_goes_along() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/guest");
        let mut there = vec!["Cargo.toml".to_owned()];
        let mut folders = vec![root.join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let path = path.strip_prefix(&root).expect("below");
                    there.push(path.to_string_lossy().into_owned());
                }
            }
        }
        there.sort();
        let mut embedded: Vec<_> = GUEST.iter().map(|(path, _)| (*path).to_owned()).collect();
        embedded.sort();
        assert_eq!(embedded, there, "the list in create.rs");
    }

    #[test]
    fn nothing_of_the_template_is_left() {
        for (path, text) in files("my-filter") {
            let own = !path.starts_with("vendor") && !path.starts_with("wit");
            assert!(!own || !text.contains("emplate"), "{path}: {text}");
            assert!(!text.contains("{id}") && !text.contains("{category}"), "{path}");
        }
    }
}
