//! The face of a moderation plugin: plain Rust types, one trait, one macro.
//!
//! A plugin implements [`Plugin`] and calls [`export!`]. Nothing here knows a category, a language or a
//! policy; nothing here can reach a clock, a file or a network, because the world does not offer them.
//! Compiled for anything but `wasm32` the bindings are absent and a plugin is a library like any other,
//! which is how its tests run.

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod abi;
mod amount;
mod face;
mod folded;
#[cfg(target_arch = "wasm32")]
mod heap;
pub mod host;
mod json;
pub mod list;
pub mod mailbox;
pub mod pieces;
pub mod scan;
pub mod spelling;
pub mod tld;
pub mod unveil;

pub use amount::{FINDINGS_MAX, SPANS_MAX, bounded};
pub use face::{
    Action, Context, Conversation, Earlier, Finding, Fold, Message, Plugin, Sender, Severity, Span,
};
pub use folded::{Counts, Folded, Parts, Script};
pub use json::{Json, Unreadable, first};

/// Exports a [`Plugin`] to the host. Expands to nothing where there is no host.
#[macro_export]
macro_rules! export {
    ($plugin:ty) => {
        #[cfg(target_arch = "wasm32")]
        mod exported {
            use parlour_guest::abi;

            struct World;

            std::thread_local! {
                static SLOT: abi::Slot<super::Exported> = const { abi::Slot::new() };
            }

            impl abi::Guest for World {
                fn describe() -> abi::Metadata {
                    abi::describe::<super::Exported>()
                }
                fn configure(json: String) -> Result<(), Vec<String>> {
                    SLOT.with(|slot| slot.configure(&json))
                }
                fn check(
                    message: abi::WireMessage,
                    context: abi::WireContext,
                ) -> Result<Vec<abi::WireFinding>, String> {
                    SLOT.with(|slot| slot.check(message, context))
                }
            }

            abi::export_world!(World with_types_in parlour_guest::abi);
        }
        #[cfg(target_arch = "wasm32")]
        type Exported = $plugin;
    };
}
