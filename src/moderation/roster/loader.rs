//! From a file's bytes to a plugin that is ready to be asked: scan, compile under a watchdog, describe,
//! configure, samples. Knows no directory and decides nothing about approval.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::{
    moderation::{
        plugin::{self, Plugin, Setup},
        sandbox::{self, CodeCache, Component, Form, Sandbox},
        settings::{Limits, ModerationSettings, PluginSettings},
        trouble::{Trouble, TroubleKind},
    },
    runtime::Clock,
};

/// What loading needs; the same for all files.
#[derive(Clone)]
pub struct Loader {
    pub sandbox: Sandbox,
    /// `None`: every load compiles.
    pub cache: Option<CodeCache>,
    pub clock: Clock,
}

/// A plugin and what it was configured with.
pub struct Ready {
    pub plugin: Plugin,
    pub settings: PluginSettings,
    pub form: Form,
}

/// Why a file does not run.
#[derive(Debug)]
pub enum Rejected {
    /// The administrator switched it off.
    Off { id: String },
    Trouble {
        /// Known if it got as far as to say it.
        id: Option<String>,
        trouble: Trouble,
    },
}

impl From<Trouble> for Rejected {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble { id: None, trouble }
    }
}

impl Loader {
    /// Loads a plugin, with a configuration instead of that of the settings if one is given. `taken`
    /// tells which file already provides an id.
    ///
    /// # Errors
    /// [`Rejected`], with the sentence for the administrator.
    pub fn load(
        &self,
        bytes: &[u8],
        sha: &str,
        settings: &ModerationSettings,
        config: Option<&str>,
        taken: impl Fn(&str) -> Option<String>,
    ) -> Result<Ready, Rejected> {
        let limits = &settings.limits;
        let form = Form::of(bytes, settings.allow_wasi_traps, limits)?;
        let component = self.compiled(bytes, sha, form, limits)?;
        let setup =
            Setup { sha, wasi_traps: settings.allow_wasi_traps, limits, clock: &self.clock };
        let described = plugin::describe(&self.sandbox, &component, &setup)?;
        let id = described.id.clone();
        let own = settings.plugins.get(&id).cloned().unwrap_or_default();
        if !own.enabled {
            return Err(Rejected::Off { id });
        }
        if let Some(file) = taken(&id) {
            let sentence = format!("is the plugin {id}, which {file} provides already");
            let trouble = Trouble::new(TroubleKind::File, sentence);
            return Err(Rejected::Trouble { id: None, trouble });
        }
        match described.ready(config.unwrap_or(&own.config), own.warm, &setup) {
            Ok(plugin) => Ok(Ready { plugin, settings: own, form }),
            Err(trouble) => Err(Rejected::Trouble { id: Some(id), trouble }),
        }
    }

    fn compiled(
        &self,
        bytes: &[u8],
        sha: &str,
        form: Form,
        limits: &Limits,
    ) -> Result<Component, Trouble> {
        if let Some(component) = self.cache.as_ref().and_then(|c| c.load(&self.sandbox, sha)) {
            return Ok(component);
        }
        let component = self.compile(bytes, form, limits)?;
        if let Some(cache) = &self.cache {
            cache.store(&self.sandbox, sha, &component);
        }
        Ok(component)
    }

    /// Compiles on a thread of its own. A compilation cannot be stopped from outside: one that takes
    /// too long is left to end by itself and its result is thrown away.
    fn compile(&self, bytes: &[u8], form: Form, limits: &Limits) -> Result<Component, Trouble> {
        let (done, result) = mpsc::sync_channel(1);
        let (engine, bytes) = (self.sandbox.engine().clone(), bytes.to_vec());
        let thread = thread::Builder::new().name("parlour-compile".to_owned()).spawn(move || {
            let _ = done.send(sandbox::compile(&engine, &bytes, form));
        });
        if let Err(cause) = thread {
            let sentence = format!("cannot be compiled, no thread for it: {cause}");
            return Err(Trouble::new(TroubleKind::Host, sentence));
        }
        let ms = limits.compile_deadline_ms;
        result.recv_timeout(Duration::from_millis(ms)).unwrap_or_else(|cause| {
            Err(match cause {
                RecvTimeoutError::Timeout => Trouble::new(
                    TroubleKind::Deadline,
                    format!("takes longer than {} s to compile", ms.div_ceil(1000)),
                ),
                RecvTimeoutError::Disconnected => {
                    Trouble::new(TroubleKind::Host, "brings the compiler to fall")
                }
            })
        })
    }
}
