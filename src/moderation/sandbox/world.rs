//! The two sides of the WIT world: what plugins export, and the two imports the host gives them. Knows
//! no policy; the shapes come from `wit/moderation.wit`.

use std::sync::Arc;

use wasmtime::{
    ResourceLimiter, StoreContextMut, Trap,
    component::{Component, Linker},
};

use super::views::{SharedFold, WireView};
use super::{
    deadline::Deadline,
    log::{LogBudget, Phase},
};
use crate::moderation::settings::Limits;

pub mod bindings {
    //! Generated from the WIT file, which thereby is checked against this host at compile time.
    #![allow(clippy::all, clippy::pedantic, unused_qualifications, reason = "generated code")]

    wasmtime::component::bindgen!({
        path: "wit/moderation.wit",
        world: "plugin",
    });
}

pub use bindings::{Plugin as Exports, PluginPre as ExportsPre};

pub mod shapes {
    //! The records of the WIT file.
    #[cfg(test)]
    pub use super::bindings::parlour::moderation::types::Span;
    pub use super::bindings::{
        exports::parlour::moderation::filter::{Context, Finding, Message, Metadata},
        parlour::moderation::types::{Conversation, Earlier, Sender},
    };
}

/// The interface that every plugin exports, with the version this host speaks.
///
/// The engine matches versions of one major number, so that a plugin of 1.0.0 fits as well.
pub const FILTER: &str = "parlour:moderation/filter@1.1.0";
const LOG: &str = "parlour:moderation/log@1.1.0";
const TEXT: &str = "parlour:moderation/text@1.1.0";

/// What `text.fold` and `text.view` cost, in fuel: their work is the host's and must not be free. The
/// same whether another plugin of the chain has asked before, so that verdicts do not depend on it.
const FOLD_FUEL: u64 = 1_000;
const FOLD_FUEL_PER_BYTE: u64 = 50;

/// What a store holds for one instance.
pub struct Guest {
    pub meter: Meter,
    pub log: Arc<LogBudget>,
    pub phase: Phase,
    pub shared: SharedFold,
    pub deadline: Deadline,
}

/// Counts memory and says no in time; what a pool allows is never enough by itself.
#[derive(Debug)]
pub struct Meter {
    memory_max: usize,
    table_max: usize,
    tables_max: usize,
    pub memory_peak: usize,
    /// Whether more was asked for than is allowed.
    pub refused: bool,
}

impl Meter {
    pub fn new(limits: &Limits) -> Self {
        Self {
            memory_max: limits.memory_max_bytes,
            table_max: limits.table_elements_max,
            tables_max: limits.tables_max as usize,
            memory_peak: 0,
            refused: false,
        }
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let granted = desired <= self.memory_max;
        if granted {
            self.memory_peak = self.memory_peak.max(desired);
        } else {
            self.refused = true;
        }
        Ok(granted)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let granted = desired <= self.table_max;
        self.refused |= !granted;
        Ok(granted)
    }

    fn instances(&self) -> usize {
        32
    }

    fn tables(&self) -> usize {
        self.tables_max
    }

    fn memories(&self) -> usize {
        1
    }
}

/// The host's functions, and traps in place of WASI where the administrator allows that.
///
/// # Errors
/// The component asks for something that nobody offers.
pub fn link(component: &Component, wasi_traps: bool) -> wasmtime::Result<ExportsPre<Guest>> {
    let mut linker = Linker::<Guest>::new(component.engine());
    linker.instance(LOG)?.func_wrap("write", write)?;
    let mut text = linker.instance(TEXT)?;
    text.func_wrap("fold", fold_text)?;
    text.func_wrap("view", view_text)?;
    if wasi_traps {
        linker.define_unknown_imports_as_traps(component)?;
    }
    ExportsPre::new(linker.instantiate_pre(component)?)
}

#[expect(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "the shape that the linker asks for"
)]
fn write(
    store: StoreContextMut<'_, Guest>,
    (level, text): (String, String),
) -> wasmtime::Result<()> {
    let guest = store.data();
    guest.log.write(guest.phase, &level, &text);
    Ok(())
}

/// Takes the price of a look at a text.
fn pay(store: &mut StoreContextMut<'_, Guest>, text: &str) -> wasmtime::Result<()> {
    let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let cost = bytes.saturating_mul(FOLD_FUEL_PER_BYTE).saturating_add(FOLD_FUEL);
    let Some(left) = store.get_fuel()?.checked_sub(cost) else {
        return Err(Trap::OutOfFuel.into());
    };
    store.set_fuel(left)
}

fn fold_text(
    mut store: StoreContextMut<'_, Guest>,
    (text,): (String,),
) -> wasmtime::Result<(bindings::parlour::moderation::text::Folded,)> {
    pay(&mut store, &text)?;
    let view = store.data().shared.view(&text);
    Ok((bindings::parlour::moderation::text::Folded {
        text: view.text.clone(),
        map: view.whole_map(),
    },))
}

fn view_text(
    mut store: StoreContextMut<'_, Guest>,
    (text,): (String,),
) -> wasmtime::Result<(Arc<WireView>,)> {
    pay(&mut store, &text)?;
    Ok((store.data().shared.view(&text),))
}
