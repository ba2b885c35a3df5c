//! Bytes of a record: one byte of version, then `MessagePack`. A record of an older version is read by
//! its own shape and brought up to date, so that every version that was ever written stays readable.

use serde::{Serialize, de::DeserializeOwned};

use crate::store::Fault;

/// The stored shape of a record in its newest version.
pub(super) trait Shape: Serialize + DeserializeOwned {
    /// From 1; another number for every change of the shape.
    const VERSION: u8;
    /// The shape of the version before, [`Nothing`] for the first.
    type Older: Shape;
    /// The same record in this shape.
    fn upgrade(older: Self::Older) -> Self;

    /// Reads this version or an older one.
    fn read(bytes: &[u8]) -> Result<Self, String> {
        match bytes.split_first() {
            None => Err("it is empty".into()),
            Some((&version, body)) if version == Self::VERSION => {
                rmp_serde::from_slice(body).map_err(|e| e.to_string())
            }
            Some((&version, _)) if version > Self::VERSION || version == 0 => {
                Err(format!("version {version} of it is not known"))
            }
            Some(_) => Self::Older::read(bytes).map(Self::upgrade),
        }
    }
}

/// What lies before the first version.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) enum Nothing {}

impl Shape for Nothing {
    const VERSION: u8 = 0;
    type Older = Self;
    fn upgrade(older: Self) -> Self {
        older
    }
    fn read(_: &[u8]) -> Result<Self, String> {
        Err("version 0 of it is not known".into())
    }
}

/// Writes a shape with its version in front.
pub(super) fn write<S: Shape>(shape: &S) -> Result<Vec<u8>, Fault> {
    write_as(S::VERSION, shape)
}

/// Writes a borrowed form of a shape of this version.
pub(super) fn write_as(version: u8, shape: &impl Serialize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::with_capacity(256);
    bytes.push(version);
    rmp_serde::encode::write(&mut bytes, shape).map_err(|e| Fault::record("being written", e))?;
    Ok(bytes)
}

/// A record that has a stored form.
pub trait Encode {
    fn encode(&self) -> Result<Vec<u8>, Fault>;
}

/// A record that can be read back; `place` is for the fault.
pub trait Decode: Sized {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault>;
}

/// Reads a shape; the fault names the place.
pub(super) fn read<S: Shape>(place: &str, bytes: &[u8]) -> Result<S, Fault> {
    S::read(bytes).map_err(|cause| Fault::record(place, cause))
}

/// A stored name that the domain no longer takes.
pub(super) fn wrong(place: &str, what: &str) -> Fault {
    Fault::record(place, format!("its {what} is not valid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, serde::Deserialize, Debug, PartialEq)]
    struct First(String);
    #[derive(Serialize, serde::Deserialize, Debug, PartialEq)]
    struct Second(String, u32);

    impl Shape for First {
        const VERSION: u8 = 1;
        type Older = Nothing;
        fn upgrade(older: Nothing) -> Self {
            match older {}
        }
    }

    impl Shape for Second {
        const VERSION: u8 = 2;
        type Older = First;
        fn upgrade(older: First) -> Self {
            Self(older.0, 7)
        }
    }

    #[test]
    fn an_old_record_is_brought_up_to_date() {
        let old = write(&First("a".into())).expect("encodes");
        assert_eq!(Second::read(&old), Ok(Second("a".into(), 7)));
        let new = write(&Second("a".into(), 8)).expect("encodes");
        assert_eq!(Second::read(&new), Ok(Second("a".into(), 8)));
        assert_eq!(First::read(&new), Err("version 2 of it is not known".into()));
    }

    #[test]
    fn rubbish_is_refused() {
        for bytes in [&[][..], &[0], &[1], &[2, 0xc1], &[200, 1]] {
            assert!(Second::read(bytes).is_err(), "{bytes:?}");
        }
    }
}
