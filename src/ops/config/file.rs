//! Finding the configuration file and loading it. Knows where files lie, not what is in them.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use super::{
    environment::Environment,
    read::{Mistakes, Values, read},
    resolved::{Resolved, SECRET_MIN_BYTES, resolve},
};
use crate::auth::AuthSettings;

/// A configuration that was read.
#[derive(Debug)]
pub struct Loaded {
    pub resolved: Resolved,
    /// Every key with its origin, for `config --show`.
    pub values: Values,
    /// The file that was read, or that would be read if it existed.
    pub file: PathBuf,
    /// Whether that file exists.
    pub exists: bool,
}

/// Why there is no configuration.
#[derive(Debug)]
pub enum Fault {
    /// The file that was named cannot be read.
    Unreadable(PathBuf, io::Error),
    Wrong(Mistakes),
    /// Values that do not go together.
    Contrary(String),
    /// A file with a secret or a key.
    Secret(PathBuf, String),
}

/// The file's name in the data directory.
const NAME: &str = "parlour.toml";

/// Loads the configuration. The file is `named` (`--config`), else `$PARLOUR_CONFIG`, else
/// `parlour.toml` in the data directory; only the last may be missing. `data` is `--data`.
///
/// # Errors
/// [`Fault`], each with a sentence for the administrator.
pub fn load(
    named: Option<&Path>,
    data: Option<&Path>,
    environment: &Environment,
) -> Result<Loaded, Fault> {
    let (file, must_exist) = match named.or(environment.config_file.as_deref()) {
        Some(file) => (file.to_owned(), true),
        None => (usual_directory(data, environment).join(NAME), false),
    };
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if is_missing(&error) && !must_exist => None,
        Err(error) => return Err(Fault::Unreadable(file, error)),
    };
    let source = text.as_deref().map(|text| (file.as_path(), text));
    let values = read(source, environment).map_err(Fault::Wrong)?;
    let resolved = resolve(&values, environment, data).map_err(Fault::Contrary)?;
    Ok(Loaded { resolved, values, exists: text.is_some(), file })
}

/// A file in the way of the directory means a missing file too; making the directory says what is wrong.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn usual_directory(data: Option<&Path>, environment: &Environment) -> PathBuf {
    let set = environment.overrides.get("PARLOUR_DATA_DIR").filter(|path| !path.is_empty());
    data.map(Path::to_owned)
        .or_else(|| set.map(PathBuf::from))
        .or_else(|| environment.state_directory.clone())
        .unwrap_or_else(|| PathBuf::from("data"))
}

// === impl Resolved ===

impl Resolved {
    /// The secret that signs access tokens, from the configuration or its file.
    ///
    /// # Errors
    /// [`Fault::Secret`] if the file cannot be read or is too short.
    pub fn signing_secret(&self) -> Result<Vec<u8>, Fault> {
        if let Some(secret) = &self.auth.secret {
            return Ok(secret.clone().into_bytes());
        }
        let path = &self.auth.secret_file;
        let wrong = |said: String| Fault::Secret(path.clone(), said);
        let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let secret = bytes.trim_ascii();
        if secret.len() < SECRET_MIN_BYTES {
            return Err(wrong(format!("it holds fewer than {SECRET_MIN_BYTES} bytes")));
        }
        Ok(secret.to_vec())
    }

    /// The settings of auth, with the secret and the public keys read from their files. After
    /// [`crate::ops::first::prepare`], which makes the secret.
    ///
    /// # Errors
    /// [`Fault::Secret`] if a file cannot be read.
    pub fn auth_settings(&self) -> Result<AuthSettings, Fault> {
        let text = |path: &Option<PathBuf>| {
            let path = path.as_ref();
            path.map(|path| {
                std::fs::read_to_string(path)
                    .map_err(|error| Fault::Secret(path.clone(), error.to_string()))
            })
            .transpose()
        };
        Ok(AuthSettings {
            secret: self.signing_secret()?,
            public_keys: text(&self.auth.public_key_file)?.into_iter().collect(),
            jwks: text(&self.auth.jwks_file)?,
            algorithms: self.auth.algorithms.clone(),
            issuer: self.auth.issuer.clone(),
            audience: self.auth.audience.clone(),
            leeway_s: self.auth.leeway_s,
            token_ttl_s: self.auth.token_ttl_s,
        })
    }
}

// === impl Fault ===

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) => {
                write!(f, "the configuration {} cannot be read: {error}", path.display())
            }
            Self::Wrong(mistakes) => mistakes.fmt(f),
            Self::Contrary(said) => write!(f, "the configuration contradicts itself: {said}"),
            Self::Secret(path, said) => {
                write!(f, "the key file {} cannot be used: {said}", path.display())
            }
        }
    }
}

impl std::error::Error for Fault {}
