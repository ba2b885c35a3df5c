//! `parlour-pack module.wasm component.wasm`: turns a core module with the world's custom section
//! into a component. `--world FILE.wit` gives the section to a module that other compilers than rustc made
//! and that has none. `--start NAME` first makes the exported function NAME the module's start
//! function and leaves it a core module, which only a hostile fixture wants. Knows no plugin.

use std::path::PathBuf;
use std::process::ExitCode;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

mod section;
mod start;
mod strip;

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
    let start = option(&mut args, "--start");
    let world = option(&mut args, "--world");
    let [from, to] = args.as_slice() else {
        return Err(
            "usage: parlour-pack [--start NAME | --world FILE.wit] module.wasm component.wasm"
                .to_owned(),
        );
    };
    let (from, to) = (PathBuf::from(from), PathBuf::from(to));
    let mut module = std::fs::read(&from).map_err(|e| format!("{}: {e}", from.display()))?;
    if let Some(world) = world {
        describe(&mut module, &world).map_err(|e| format!("{world}: {e}"))?;
    }
    let packed = match start {
        Some(name) => start::with_start(&module, &name)?,
        None => encode(&module).map_err(|e| format!("{}: {e}", from.display()))?,
    };
    std::fs::write(&to, packed).map_err(|e| format!("{}: {e}", to.display()))
}

/// Takes an option and its value out of the arguments.
fn option(args: &mut Vec<String>, name: &str) -> Option<String> {
    let at = args.iter().position(|a| a == name).filter(|at| at + 1 < args.len())?;
    args.remove(at);
    Some(args.remove(at))
}

/// Writes the custom section that says which world a module is made for: the only one of the file.
fn describe(module: &mut Vec<u8>, world: &str) -> Result<(), String> {
    let mut resolve = Resolve::default();
    let package = resolve.push_path(world).map_err(|e| format!("{e:?}"))?.0;
    let world = resolve.select_world(&[package], None).map_err(|e| format!("{e:?}"))?;
    embed_component_metadata(module, &resolve, world, StringEncoding::UTF8)
        .map_err(|e| format!("{e:?}"))
}

/// The component of a core module, checked for validity, without what nothing reads.
fn encode(module: &[u8]) -> Result<Vec<u8>, String> {
    let say = |e: &dyn std::fmt::Debug| format!("{e:?}");
    let component = ComponentEncoder::default()
        .module(module)
        .map_err(|e| say(&e))?
        .validate(true)
        .encode()
        .map_err(|e| say(&e))?;
    strip::without_custom(&component).ok_or_else(|| "the encoder made no component".to_owned())
}
