//! A packet as one `MessagePack` map in one binary message: the form of `socket.io-msgpack-parser`, which
//! knows no attachments. Inside, its data are JSON with placeholders like those of the text form.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use serde::{
    Deserialize, Serialize, Serializer,
    de::{
        DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected,
        Visitor,
    },
    ser::{SerializeMap as _, SerializeSeq as _},
};
use serde_json::Value;

use super::packet::{Malformed, Packet, PacketType, check};

/// How deep data may nest.
const NESTING_MAX: usize = 64;
/// How many buffers one packet may hold; the text form takes fewer.
const BUFFERS_MAX: usize = 64;

/// Reads a packet.
///
/// # Errors
/// [`Malformed`] if it is none.
pub fn read(bytes: &[u8]) -> Result<Packet, Malformed> {
    let mut rest = bytes;
    let mut from = rmp_serde::Deserializer::new(&mut rest);
    from.set_max_depth(NESTING_MAX);
    let packet = from.deserialize_any(Map).map_err(|_| Malformed)?;
    if !rest.is_empty() {
        return Err(Malformed);
    }
    check(&packet, 0)?;
    Ok(packet)
}

/// Writes a packet.
pub fn write(packet: &Packet) -> Bytes {
    let shape = Shape {
        kind: match packet.kind {
            PacketType::Connect => 0,
            PacketType::Disconnect => 1,
            PacketType::Event => 2,
            PacketType::Ack => 3,
            PacketType::ConnectError => 4,
        },
        nsp: &packet.namespace,
        data: Some(Data { json: &packet.data, buffers: &packet.attachments })
            .filter(|data| !data.json.is_empty()),
        id: packet.id,
    };
    // Writing to memory cannot fail, and maps here always know their length.
    rmp_serde::to_vec_named(&shape).unwrap_or_default().into()
}

#[derive(Serialize)]
struct Shape<'a> {
    #[serde(rename = "type")]
    kind: u8,
    nsp: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
}

struct Data<'a> {
    json: &'a str,
    buffers: &'a [Bytes],
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Correct JSON may hold what no number or text of MessagePack can (`1e400`, half a surrogate
        // pair). Such a piece arrives as its own text rather than not at all.
        if let Ok(value) = serde_json::from_str::<Value>(self.json) {
            return Piece { value: &value, buffers: self.buffers }.serialize(to);
        }
        let Ok(items) = serde_json::from_str::<Vec<&serde_json::value::RawValue>>(self.json) else {
            return to.serialize_str(self.json);
        };
        to.collect_seq(items.into_iter().map(|item| {
            serde_json::from_str(item.get()).unwrap_or_else(|_| Value::from(item.get()))
        }))
    }
}

struct Piece<'a> {
    value: &'a Value,
    buffers: &'a [Bytes],
}

impl Serialize for Piece<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { value, buffers } = *self;
        match value {
            Value::Array(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for value in items {
                    list.serialize_element(&Piece { value, buffers })?;
                }
                list.end()
            }
            Value::Object(members) => {
                if let Some(buffer) = placeholder(members, buffers) {
                    return to.serialize_bytes(buffer);
                }
                let mut map = to.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, &Piece { value, buffers })?;
                }
                map.end()
            }
            scalar => scalar.serialize(to),
        }
    }
}

fn placeholder<'a>(
    members: &serde_json::Map<String, Value>,
    buffers: &'a [Bytes],
) -> Option<&'a Bytes> {
    if members.get("_placeholder") != Some(&Value::Bool(true)) {
        return None;
    }
    buffers.get(usize::try_from(members.get("num")?.as_u64()?).ok()?)
}

/// Reads the packet's map.
struct Map;

impl<'de> Visitor<'de> for Map {
    type Value = Packet;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a packet")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Packet, A::Error> {
        let (mut kind, mut namespace, mut id) = (None, None, None);
        let (mut data, mut attachments) = (String::new(), Vec::new());
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "type" => kind = map.next_value::<Option<u8>>()?,
                "nsp" => namespace = map.next_value::<Option<String>>()?,
                "id" => id = map.next_value_seed(OptionalNumber)?,
                "data" => {
                    data.clear();
                    attachments.clear();
                    let json = Json { out: &mut data, buffers: &mut attachments };
                    map.next_value_seed(json)?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let kind = match kind {
            Some(0) => PacketType::Connect,
            Some(1) => PacketType::Disconnect,
            Some(2) => PacketType::Event,
            Some(3) => PacketType::Ack,
            Some(4) => PacketType::ConnectError,
            _ => return Err(A::Error::missing_field("type")),
        };
        let namespace = namespace.ok_or_else(|| A::Error::missing_field("nsp"))?;
        if data == "null" {
            data.clear();
        }
        Ok(Packet { kind, namespace, id, data, attachments })
    }
}

/// A number, or the nothing that JavaScript writes for what is not there.
struct OptionalNumber;

impl<'de> DeserializeSeed<'de> for OptionalNumber {
    type Value = Option<u64>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<u64>, D::Error> {
        let (mut out, mut buffers) = (String::new(), Vec::new());
        Json { out: &mut out, buffers: &mut buffers }.deserialize(from)?;
        if out == "null" {
            return Ok(None);
        }
        out.parse().map(Some).map_err(|_| D::Error::custom("not an id"))
    }
}

/// Writes what it reads as JSON, buffers as placeholders.
struct Json<'a> {
    out: &'a mut String,
    buffers: &'a mut Vec<Bytes>,
}

impl Json<'_> {
    fn scalar(self, value: impl Into<Value>) {
        let _ = write!(self.out, "{}", value.into());
    }
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.scalar(Value::Null);
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.scalar(Value::Null);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.scalar(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.scalar(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.scalar(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        // What is no number is null, as JavaScript's own JSON has it.
        self.scalar(value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.scalar(value);
        Ok(())
    }

    fn visit_bytes<E: serde::de::Error>(self, value: &[u8]) -> Result<(), E> {
        if self.buffers.len() >= BUFFERS_MAX {
            return Err(E::invalid_value(Unexpected::Bytes(&[]), &"fewer buffers"));
        }
        let _ = write!(self.out, r#"{{"_placeholder":true,"num":{}}}"#, self.buffers.len());
        self.buffers.push(Bytes::copy_from_slice(value));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { out, buffers } = self;
        out.push('[');
        let first = out.len();
        loop {
            let before = out.len();
            if before > first {
                out.push(',');
            }
            if list.next_element_seed(Json { out: &mut *out, buffers: &mut *buffers })?.is_none() {
                out.truncate(before);
                break;
            }
        }
        out.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { out, buffers } = self;
        out.push('{');
        let first = out.len();
        while let Some(name) = map.next_key::<String>()? {
            if out.len() > first {
                out.push(',');
            }
            let _ = write!(out, "{}:", Value::from(name));
            map.next_value_seed(Json { out: &mut *out, buffers: &mut *buffers })?;
        }
        out.push('}');
        Ok(())
    }

    /// An extension type; JavaScript's encoders use one for `undefined`.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        IgnoredAny::deserialize(from)?;
        self.scalar(Value::Null);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(value: &Value) -> Vec<u8> {
        rmp_serde::to_vec(value).unwrap()
    }

    #[test]
    fn packets_come_back_as_they_went() {
        for (kind, id, data) in [
            (PacketType::Event, Some(7), r#"["a",1,-2,1.5,"ü",null,true,{"b":[{}]}]"#),
            (PacketType::Event, None, r#"["subscribe",{"room":"r","after":3}]"#),
            (PacketType::Connect, None, r#"{"token":"t"}"#),
            (PacketType::Connect, None, ""),
            (PacketType::Ack, Some(0), "[]"),
            (PacketType::Disconnect, None, ""),
        ] {
            let packet = Packet::new(kind, "/x", id, data);
            assert_eq!(read(&write(&packet)), Ok(packet), "{data}");
        }
    }

    #[test]
    fn buffers_take_the_place_of_placeholders() {
        let mut packet =
            Packet::new(PacketType::Event, "/", None, r#"["a",{"_placeholder":true,"num":0}]"#);
        packet.attachments.push(Bytes::from_static(&[1, 2, 3]));
        let bytes = write(&packet);
        assert!(bytes.windows(5).any(|window| window == [0xc4, 3, 1, 2, 3]), "{bytes:?}");
        assert_eq!(read(&bytes), Ok(packet));
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        for value in [
            serde_json::json!([]),
            serde_json::json!({}),
            serde_json::json!({"type": 2, "data": ["a"]}),
            serde_json::json!({"type": 5, "nsp": "/", "data": ["a"]}),
            serde_json::json!({"type": 2, "nsp": "/", "data": {}}),
            serde_json::json!({"type": 2, "nsp": "/", "data": []}),
            serde_json::json!({"type": 2, "nsp": "/", "data": ["connect"]}),
            serde_json::json!({"type": 2, "nsp": "/", "data": ["a"], "id": -1}),
            serde_json::json!({"type": 1, "nsp": "/", "data": {"a": 1}}),
            serde_json::json!({"type": 0, "nsp": "/", "data": []}),
        ] {
            assert_eq!(read(&packed(&value)), Err(Malformed), "{value}");
        }
        let good = packed(&serde_json::json!({"type": 2, "nsp": "/", "data": ["a"]}));
        assert!(read(&good).is_ok());
        for end in 0..good.len() {
            assert_eq!(read(&good[..end]), Err(Malformed));
        }
        assert_eq!(read(&[good.as_slice(), &[0xc0]].concat()), Err(Malformed));
        let deep = [vec![0x91; 100_000], vec![0xc0]].concat();
        assert_eq!(read(&deep), Err(Malformed));
    }

    #[test]
    fn undefined_counts_as_nothing() {
        // {"type":0,"data":undefined,"id":undefined,"nsp":"/"} as notepack writes it.
        let mut bytes = vec![0x84, 0xa4];
        bytes.extend_from_slice(b"type");
        bytes.extend_from_slice(&[0, 0xa4]);
        bytes.extend_from_slice(b"data");
        bytes.extend_from_slice(&[0xd4, 0, 0, 0xa2]);
        bytes.extend_from_slice(b"id");
        bytes.extend_from_slice(&[0xd4, 0, 0, 0xa3]);
        bytes.extend_from_slice(b"nsp");
        bytes.extend_from_slice(&[0xa1, b'/']);
        assert_eq!(read(&bytes), Ok(Packet::new(PacketType::Connect, "/", None, "")));
    }

    #[test]
    fn no_correct_json_is_left_out() {
        let packet = Packet::new(PacketType::Event, "/", None, r#"["a",{"n":1e400}]"#);
        let back = read(&write(&packet)).unwrap();
        assert_eq!(back.data, r#"["a","{\"n\":1e400}"]"#);
    }
}
