//! The sandbox: WebAssembly components in and out of wasmtime, under limits. Sole folder that names the
//! engine; knows no policy, no directory and no message queue.

mod admission;
mod cache;
mod deadline;
mod engine;
mod log;
mod program;
mod reserve;
mod views;
mod world;

pub use wasmtime::component::Component;

pub use admission::{Form, component_of};
pub use cache::{CodeCache, hex};
pub use engine::{EngineFault, Sandbox, compile};
pub use program::{Answer, Program, Question};
pub use views::SharedFold;
pub use world::shapes;
