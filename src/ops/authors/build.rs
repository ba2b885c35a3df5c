//! `parlour plugin build`: finds a Rust toolchain that can make WebAssembly, builds a plugin project with
//! it and turns the module into a component.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::Trouble;
use crate::moderation::Workbench;

const TARGET: &str = "wasm32-unknown-unknown";
const MODULE_MAX_BYTES: u64 = 64 << 20;

/// What `cargo build` is called with.
struct Toolchain {
    cargo: PathBuf,
    /// Debian's compiler builds the standard library too: cargo's flag and the environment for that.
    from_source: Option<[(&'static str, PathBuf); 2]>,
}

/// Builds the project and writes `ID.wasm` into its directory; the path of that.
///
/// # Errors
/// A sentence: no project, no toolchain, it does not build, or no server would take what was built.
pub fn run(dir: &Path, search: Option<&OsStr>, bench: &Workbench) -> Result<PathBuf, Trouble> {
    if !dir.join("Cargo.toml").is_file() {
        return Err(format!(
            "{}: has no Cargo.toml; `parlour plugin new ID` makes a project",
            dir.display()
        )
        .into());
    }
    let toolchain = Toolchain::find(dir, search)?;
    let module = toolchain.build(dir)?;
    let about = fs::metadata(&module).map_err(|e| format!("{}: {e}", module.display()))?;
    if about.len() > MODULE_MAX_BYTES {
        return Err(format!("{}: has {} MiB", module.display(), about.len() >> 20).into());
    }
    let bytes = fs::read(&module).map_err(|e| format!("{}: {e}", module.display()))?;
    let component = bench.component(&bytes).map_err(|e| format!("{}: {e}", module.display()))?;
    // Its id is known only when it was loaded once.
    let fresh = dir.join(".fresh.wasm");
    fs::write(&fresh, component).map_err(|e| format!("{}: {e}", fresh.display()))?;
    let checked = bench.check_file(&fresh);
    let place = checked.and_then(|report| {
        let place = dir.join(format!("{}.wasm", report.id));
        fs::rename(&fresh, &place).map_err(|e| format!("{}: {e}", place.display()))?;
        Ok(place)
    });
    if place.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    Ok(place.map_err(|said| said.replace(&fresh.display().to_string(), "what was built"))?)
}

// === impl Toolchain ===

impl Toolchain {
    fn find(dir: &Path, search: Option<&OsStr>) -> Result<Self, Trouble> {
        let found = |name: &str| {
            let folders = std::env::split_paths(search.unwrap_or_default());
            folders
                .map(|folder| folder.join(name))
                .filter(|path| path.is_file())
                .collect::<Vec<_>>()
        };
        let (compilers, cargos) = (found("rustc"), found("cargo"));
        let (Some(compiler), Some(cargo)) = (compilers.first(), cargos.first()) else {
            return Err(
                "there is no `cargo` and `rustc` in PATH; https://rustup.rs installs them".into()
            );
        };
        let library = asked(compiler, dir, &["--print", "target-libdir", "--target", TARGET]);
        if library.as_deref().is_some_and(has_core) {
            return Ok(Self { cargo: cargo.clone(), from_source: None });
        }
        // Debian's compiler comes without the target's library, but with its source.
        for compiler in &compilers {
            let Some(root) = asked(compiler, dir, &["--print", "sysroot"]) else { continue };
            let source = root.join("lib/rustlib/src/rust/library/std").is_dir();
            let cargo = cargos.iter().find(|cargo| cargo.parent() == compiler.parent());
            let (true, Some(cargo)) = (source, cargo) else { continue };
            let mut roots = compilers.iter().filter_map(|c| asked(c, dir, &["--print", "sysroot"]));
            let linker = roots.find_map(|root| linker_of(&root));
            let Some(linker) = linker.or_else(|| found("wasm-ld").first().cloned()) else {
                return Err(format!(
                    "rustc can build for {TARGET}, but there is no linker: install lld"
                )
                .into());
            };
            let environment = [
                ("RUSTC", compiler.clone()),
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker),
            ];
            return Ok(Self { cargo: cargo.clone(), from_source: Some(environment) });
        }
        Err(format!(
            "the Rust here cannot build for {TARGET}. Either\n  rustup target add {TARGET}\nor, on Debian,\n  \
             apt-get install rustc-web cargo-web rust-web-src"
        )
        .into())
    }

    /// The module that the project's library became.
    fn build(&self, dir: &Path) -> Result<PathBuf, Trouble> {
        let mut command = Command::new(&self.cargo);
        command.args(["build", "--release", "--target", TARGET]);
        command.arg("--message-format=json-render-diagnostics");
        if let Some(environment) = &self.from_source {
            command.arg("-Zbuild-std=std,panic_abort").env("RUSTC_BOOTSTRAP", "1");
            command.envs(environment.iter().map(|(name, value)| (name, value)));
        }
        let built = command
            .current_dir(dir)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|e| format!("{}: {e}", self.cargo.display()))?;
        if !built.status.success() {
            return Err("cargo could not build it; what it says is above".into());
        }
        let mut lines = built.stdout.rsplit(|byte| *byte == b'\n');
        let module = lines.find_map(|line| module_of(&serde_json::from_slice(line).ok()?));
        Ok(module.ok_or("it built no .wasm; Cargo.toml needs [lib] crate-type = [\"cdylib\"]")?)
    }
}

fn module_of(line: &Value) -> Option<PathBuf> {
    let kinds = line.get("target")?.get("kind")?.as_array()?;
    if !kinds.iter().any(|kind| kind == "cdylib") {
        return None;
    }
    let files = line.get("filenames")?.as_array()?.iter().filter_map(Value::as_str);
    files.map(PathBuf::from).find(|file| file.extension() == Some(OsStr::new("wasm")))
}

/// A path that a compiler prints, as it is for the project's directory.
fn asked(compiler: &Path, dir: &Path, words: &[&str]) -> Option<PathBuf> {
    let said = Command::new(compiler)
        .args(words)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|said| said.status.success())?;
    Some(PathBuf::from(str::from_utf8(&said.stdout).ok()?.trim()))
}

fn has_core(library: &Path) -> bool {
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names = fs::read_dir(library).into_iter().flatten().flatten().map(name);
    names.any(|name| name.starts_with("libcore-"))
}

fn linker_of(root: &Path) -> Option<PathBuf> {
    let targets = fs::read_dir(root.join("lib/rustlib")).ok()?;
    targets.flatten().map(|entry| entry.path().join("bin/rust-lld")).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::ops::scratch::Scratch;

    #[track_caller]
    fn check(programs: &[(&str, &str)], said: &str) {
        let scratch = Scratch::new("toolchain");
        for (name, script) in programs {
            let path = scratch.path().join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
        }
        let search = scratch.path().as_os_str();
        let error = Toolchain::find(scratch.path(), Some(search)).err().expect("no toolchain");
        assert!(error.to_string().contains(said), "{error}");
    }

    #[test]
    fn a_missing_toolchain_is_explained() {
        check(&[], "https://rustup.rs");
        check(&[("rustc", "exit 0")], "https://rustup.rs");
        check(&[("rustc", "echo /nonexistent"), ("cargo", "exit 0")], "rustup target add wasm32");
        check(&[("rustc", "exit 1"), ("cargo", "exit 0")], "rustup target add wasm32");
        assert!(Toolchain::find(Path::new("/"), None).is_err());
    }

    #[test]
    fn the_module_is_found_in_what_cargo_says() {
        let line = |kind: &str, file: &str| serde_json::json!({ "reason": "compiler-artifact", "target": { "kind": [kind] }, "filenames": [file] });
        assert_eq!(module_of(&line("cdylib", "/a/b.wasm")), Some(PathBuf::from("/a/b.wasm")));
        assert_eq!(module_of(&line("lib", "/a/b.wasm")), None);
        assert_eq!(module_of(&line("cdylib", "/a/b.so")), None);
        assert_eq!(module_of(&serde_json::json!({ "reason": "build-finished" })), None);
    }
}
