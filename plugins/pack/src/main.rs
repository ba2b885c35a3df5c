//! `parlour-pack module.wasm component.wasm`: turns a core module with the world's custom section
//! into a component. `--start NAME` first makes the exported function NAME the module's start
//! function and leaves it a core module, which only a hostile fixture wants. Knows no plugin.

use std::path::PathBuf;
use std::process::ExitCode;

use wit_component::ComponentEncoder;

mod start;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("parlour-pack: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let start = match args.iter().position(|a| a == "--start") {
        Some(at) if at + 1 < args.len() => {
            args.remove(at);
            Some(args.remove(at))
        }
        _ => None,
    };
    let [from, to] = args.as_slice() else {
        return Err("usage: parlour-pack [--start NAME] module.wasm component.wasm".to_owned());
    };
    let (from, to) = (PathBuf::from(from), PathBuf::from(to));
    let module = std::fs::read(&from).map_err(|e| format!("{}: {e}", from.display()))?;
    let packed = match start {
        Some(name) => start::with_start(&module, &name)?,
        None => encode(&module).map_err(|e| format!("{}: {e}", from.display()))?,
    };
    std::fs::write(&to, packed).map_err(|e| format!("{}: {e}", to.display()))
}

/// The component of a core module, checked for validity.
fn encode(module: &[u8]) -> Result<Vec<u8>, String> {
    let say = |e: &dyn std::fmt::Debug| format!("{e:?}");
    ComponentEncoder::default()
        .module(module)
        .map_err(|e| say(&e))?
        .validate(true)
        .encode()
        .map_err(|e| say(&e))
}
