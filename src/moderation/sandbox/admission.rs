//! The look at a plugin's bytes before anything is compiled: what it asks for, what it brings, what it
//! claims to be. Runs nothing; says in one sentence why a file may not run.

use wasmparser::{
    Encoding, MemoryType, Parser, Payload, TableType, TypeRef, ValidPayload, Validator,
    WasmFeatures,
};

use super::world::FILTER;
use crate::moderation::{
    settings::Limits,
    trouble::{Trouble, TroubleKind, quoted},
};

const PACKAGE: &str = "parlour:moderation/";
/// Interfaces of the package that a plugin may import, `types` for the shapes only.
const IMPORTS: [&str; 3] = ["log", "text", "types"];
const PAGE_BYTES: u64 = 64 << 10;

/// What kind of file was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Component,
    /// A core module that describes its world in a custom section.
    CoreModule,
}

impl Form {
    /// Looks at a file's bytes.
    ///
    /// # Errors
    /// One sentence for the administrator, without the file's name.
    pub fn of(bytes: &[u8], wasi_traps: bool, limits: &Limits) -> Result<Self, Trouble> {
        admit(bytes, wasi_traps, limits)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::CoreModule => "core module",
        }
    }
}

fn admit(bytes: &[u8], wasi_traps: bool, limits: &Limits) -> Result<Form, Trouble> {
    magic(bytes)?;
    let mut look =
        Look { wasi_traps, limits, memories: 0, described: false, filter: Found::Nothing };
    let form = look.over(bytes)?;
    match (form, &look.filter) {
        (Form::CoreModule, _) if !look.described => refuse(
            "is a core module without a component-type section; build it with wit-bindgen for \
             the world parlour:moderation/plugin, or turn it into a component",
        ),
        (Form::Component, Found::Nothing) => refuse(format!("does not export {FILTER}")),
        (Form::Component, Found::Other(name)) => Err(other_version(name)),
        _ => Ok(form),
    }
}

/// The component that a file holds, or that its core module becomes.
///
/// # Errors
/// The module's description of its world does not fit the module.
pub fn component_of(bytes: &[u8], form: Form) -> Result<Vec<u8>, Trouble> {
    if form == Form::Component {
        return Ok(bytes.to_vec());
    }
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(bytes)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|cause| {
            let cause = quoted(&format!("{cause:#}"));
            let sentence = format!("is a core module that does not make a component: {cause}");
            Trouble::new(TroubleKind::File, sentence)
        })
}

fn magic(bytes: &[u8]) -> Result<(), Trouble> {
    match bytes {
        [] => refuse("is empty"),
        [b'\0', b'a', b's', b'm', ..] => Ok(()),
        [b'(', ..] => refuse("is WebAssembly text; plugins are binary, compile it first"),
        _ => refuse("is not WebAssembly"),
    }
}

fn refuse<T>(sentence: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::new(TroubleKind::File, sentence))
}

fn other_version(name: &str) -> Trouble {
    let sentence =
        format!("was built for {}, this server speaks parlour:moderation@1.1.0", quoted(name));
    Trouble::new(TroubleKind::Api, sentence)
}

enum Found {
    Nothing,
    Ours,
    Other(String),
}

struct Look<'a> {
    wasi_traps: bool,
    limits: &'a Limits,
    memories: u32,
    /// Whether a component-type section was seen.
    described: bool,
    filter: Found,
}

impl Look<'_> {
    fn over(&mut self, bytes: &[u8]) -> Result<Form, Trouble> {
        let mut validator = Validator::new_with_features(features());
        let mut form = None;
        // The encodings of the nested modules and components that are open.
        let mut nesting = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(|cause| invalid(&cause))?;
            if let Payload::Version { encoding, .. } = &payload {
                form.get_or_insert(match encoding {
                    Encoding::Module => Form::CoreModule,
                    Encoding::Component => Form::Component,
                });
                nesting.push(*encoding);
            }
            self.at(&payload, &nesting)?;
            if let Payload::End(_) = payload {
                nesting.pop();
            }
            if let ValidPayload::Func(function, body) =
                validator.payload(&payload).map_err(|cause| invalid(&cause))?
            {
                let mut function =
                    function.into_validator(wasmparser::FuncValidatorAllocations::default());
                function.validate(&body).map_err(|cause| invalid(&cause))?;
            }
        }
        form.map_or_else(|| refuse("is cut off"), Ok)
    }

    fn at(&mut self, payload: &Payload<'_>, nesting: &[Encoding]) -> Result<(), Trouble> {
        match payload {
            Payload::ComponentImportSection(section) if nesting.len() == 1 => {
                for import in section.clone() {
                    self.import(import.map_err(|cause| invalid(&cause))?.name.name)?;
                }
            }
            Payload::ComponentExportSection(section) if nesting.len() == 1 => {
                for export in section.clone() {
                    self.export(export.map_err(|cause| invalid(&cause))?.name.name);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    let import = import.map_err(|cause| invalid(&cause))?;
                    // Within a component the imports of a module are what the component gives it.
                    if nesting.len() == 1 {
                        self.import(import.module)?;
                    }
                    match import.ty {
                        TypeRef::Memory(memory) => self.memory(&memory, false)?,
                        TypeRef::Table(table) => self.table(&table)?,
                        _ => {}
                    }
                }
            }
            Payload::MemorySection(section) => {
                for memory in section.clone() {
                    self.memory(&memory.map_err(|cause| invalid(&cause))?, true)?;
                }
            }
            Payload::TableSection(section) => {
                for table in section.clone() {
                    self.table(&table.map_err(|cause| invalid(&cause))?.ty)?;
                }
            }
            Payload::StartSection { .. } | Payload::ComponentStartSection { .. } => {
                return refuse("has a start function, which would run before it is asked anything");
            }
            Payload::CustomSection(section) if nesting.len() == 1 => {
                self.described |= section.name().starts_with("component-type");
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&self, name: &str) -> Result<(), Trouble> {
        if let Some(interface) = name.strip_prefix(PACKAGE) {
            let (interface, version) = interface.split_once('@').unwrap_or((interface, ""));
            if version.split('.').next() != Some("1") {
                return Err(other_version(name));
            }
            if IMPORTS.contains(&interface) {
                return Ok(());
            }
        }
        let name = quoted(name);
        if name.starts_with("wasi:") || name.starts_with("wasi_") {
            if self.wasi_traps {
                return Ok(());
            }
            return refuse(format!(
                "asks for {name}; plugins have no WASI (build for wasm32-unknown-unknown, or set \
                 allow_wasi_traps if it never really calls it)"
            ));
        }
        refuse(format!("asks for {name}, which no plugin gets"))
    }

    fn export(&mut self, name: &str) {
        let ours = name.split_once('@').zip(FILTER.split_once('@'));
        // Another minor version fits; whether all its shapes do is seen when it is linked.
        if ours.is_some_and(|((name, version), (filter, own))| {
            name == filter && version.split('.').next() == own.split('.').next()
        }) {
            self.filter = Found::Ours;
        } else if name.starts_with(PACKAGE) && matches!(self.filter, Found::Nothing) {
            self.filter = Found::Other(name.to_owned());
        }
    }

    fn memory(&mut self, memory: &MemoryType, own: bool) -> Result<(), Trouble> {
        let max_mib = self.limits.memory_max_bytes >> 20;
        self.memories = self.memories.saturating_add(u32::from(own));
        if memory.shared {
            refuse("uses shared memory, which is for threads; plugins have none")
        } else if memory.memory64 {
            refuse("uses a 64-bit memory; build it for wasm32")
        } else if self.memories > 1 {
            refuse("has more than one memory")
        } else if memory.initial.saturating_mul(PAGE_BYTES) > self.limits.memory_max_bytes as u64 {
            refuse(format!("wants more than {max_mib} MiB of memory from the start"))
        } else {
            Ok(())
        }
    }

    fn table(&self, table: &TableType) -> Result<(), Trouble> {
        let max = self.limits.table_elements_max;
        if table.initial > max as u64 {
            return refuse(format!("has a table of more than {max} elements"));
        }
        Ok(())
    }
}

/// What today's compilers emit for plain wasm32, and components; nothing that costs more than it gives.
fn features() -> WasmFeatures {
    WasmFeatures::WASM1
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::CALL_INDIRECT_OVERLONG
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::BULK_MEMORY_OPT
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::COMPONENT_MODEL
}

fn invalid(cause: &wasmparser::BinaryReaderError) -> Trouble {
    let message = cause.message();
    let sentence = if message.contains("SIMD") || message.contains("simd") {
        "uses SIMD instructions, which are off for plugins; build it without -C \
         target-feature=+simd128"
            .to_owned()
    } else if message.contains("threads") || message.contains("atomic") {
        "uses threads or atomic instructions; plugins have none".to_owned()
    } else if message.contains("multi-memory") || message.contains("multiple memories") {
        "has more than one memory".to_owned()
    } else if message.contains("shared") {
        "uses shared memory, which is for threads; plugins have none".to_owned()
    } else if message.contains("unexpected end") {
        "is cut off".to_owned()
    } else {
        format!("is not a valid plugin: {} (at byte {})", quoted(message), cause.offset())
    };
    Trouble::new(TroubleKind::File, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A core module of these sections.
    fn module(sections: &[&[u8]]) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        bytes.extend(sections.iter().copied().flatten());
        bytes
    }

    #[track_caller]
    fn check(bytes: &[u8], wasi_traps: bool, expected: &str) {
        let limits = Limits::default();
        let trouble = admit(bytes, wasi_traps, &limits).expect_err("must be refused");
        assert!(trouble.sentence.contains(expected), "{:?}", trouble.sentence);
    }

    #[test]
    fn foreign_files_are_named() {
        check(b"", false, "is empty");
        check(b"MZ\x90\0", false, "is not WebAssembly");
        check(b"(module)", false, "is WebAssembly text");
        check(b"\0asm", false, "is cut off");
        check(b"\0asm\x07\0\0\0", false, "is not a valid plugin");
        check(&module(&[]), false, "without a component-type section");
        check(b"\0asm\x0d\0\x01\0", false, "does not export parlour:moderation/filter@1.1.0");
    }

    #[test]
    fn what_plugins_may_not_have_is_named() {
        let types: &[u8] = &[1, 4, 1, 0x60, 0, 0];
        let function: &[u8] = &[3, 2, 1, 0];
        let body: &[u8] = &[10, 4, 1, 2, 0, 0x0b];
        check(&module(&[types, function, &[8, 1, 0], body]), false, "start function");
        check(&module(&[&[5, 4, 1, 3, 1, 2]]), false, "shared memory");
        check(&module(&[&[5, 5, 2, 0, 1, 0, 1]]), false, "more than one memory");
        check(&module(&[&[5, 4, 1, 0, 0x81, 0x02]]), false, "more than 16 MiB");
        check(&module(&[&[4, 6, 1, 0x70, 0, 0x91, 0xce, 0]]), false, "more than 10000 elements");
        let simd: &[u8] = &[
            10, 24, 1, 22, 0, 0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a,
            0x0b,
        ];
        check(&module(&[types, function, simd]), false, "SIMD");
        let import = |name: &[u8]| {
            let mut section = vec![2, u8::try_from(name.len()).expect("short") + 6, 1];
            section.push(u8::try_from(name.len()).expect("short"));
            section.extend_from_slice(name);
            section.extend_from_slice(&[1, b'f', 0, 0]);
            module(&[types, &section])
        };
        check(&import(b"env"), false, "asks for env, which no plugin gets");
        check(&import(b"wasi_snapshot_preview1"), false, "plugins have no WASI");
        check(&import(b"wasi_snapshot_preview1"), true, "without a component-type section");
        check(&import(b"parlour:moderation/log@2.0.0"), false, "was built for");
        check(&import(b"parlour:moderation/disk@1.0.0"), false, "which no plugin gets");
    }

    #[test]
    fn any_bytes_get_an_answer() {
        let limits = Limits::default();
        let good = module(&[&[1, 4, 1, 0x60, 0, 0], &[3, 2, 1, 0], &[10, 4, 1, 2, 0, 0x0b]]);
        for cut in 0..good.len() {
            for flip in 0..=255u8 {
                let mut bytes = good.clone();
                bytes[cut] = flip;
                let _ = admit(&bytes, flip % 2 == 0, &limits);
                assert!(admit(&bytes[..cut], false, &limits).is_err());
            }
        }
    }
}
