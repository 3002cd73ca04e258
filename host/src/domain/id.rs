//! Identifiers. Each is its own type, so that one can never be passed for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A job's identifier: a UUIDv7, so ids sort by creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(Uuid);

/// One start of one host process. Random for each boot, so that a restarted host is never mistaken for its predecessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(Uuid);

/// A schedule's identifier: a UUIDv7, so ids sort by creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScheduleId(Uuid);

/// A token's identifier, which names it and opens nothing: a UUIDv7, so ids sort by creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(Uuid);

/// A webhook's identifier: a UUIDv7, so ids sort by creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookId(Uuid);

/// What webhooks tell once, whatever becomes of the sending: a UUIDv7, so ids sort by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(Uuid);

macro_rules! uuid_id {
    ($name:ident) => {
        impl $name {
            /// Wraps a UUID that was made elsewhere, for instance read from the database.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

uuid_id!(JobId);
uuid_id!(NodeId);
uuid_id!(ScheduleId);
uuid_id!(TokenId);
uuid_id!(WebhookId);
uuid_id!(EventId);

macro_rules! sorts_by_time {
    ($($name:ident),*) => {
        $(impl $name {
            /// A new id, later than every earlier one of this process.
            #[expect(clippy::new_without_default, reason = "a default id would hide that each call makes another")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        })*
    };
}

sorts_by_time!(JobId, ScheduleId, TokenId, WebhookId, EventId);

impl NodeId {
    /// A new random id.
    #[expect(clippy::new_without_default, reason = "a default id would hide that each call makes another")]
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }
}

/// The SHA-256 of a component's bytes, shown as `sha256:<64 hex digits>`: a module's identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

/// The text is not `sha256:` with 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is `sha256:` followed by 64 hexadecimal digits")]
pub struct InvalidDigest;

impl Digest {
    /// Wraps the 32 bytes of a SHA-256.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 lowercase hexadecimal digits, without the prefix.
    pub fn hex(&self) -> String {
        use fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        }
        text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let hex = text.strip_prefix("sha256:").ok_or(InvalidDigest)?;
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidDigest);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| InvalidDigest)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidDigest)?;
        }
        Ok(Self(bytes))
    }
}

/// The right to run one attempt of one job, which only a claim of that job in the store can give.
///
/// Every write of the attempt carries it. The store compares the fence: once the job was taken over, nothing that
/// carries the old claim changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Claim {
    job: JobId,
    fence: i64,
    node: NodeId,
}

impl Claim {
    /// For the store alone, from the row that its claim statement returned.
    pub(crate) const fn granted(job: JobId, fence: i64, node: NodeId) -> Self {
        Self { job, fence, node }
    }

    /// The claimed job.
    pub const fn job(&self) -> JobId {
        self.job
    }

    /// Grows by one with each claim and each recovery of the job.
    pub const fn fence(&self) -> i64 {
        self.fence
    }

    /// The node that holds the claim.
    pub const fn node(&self) -> NodeId {
        self.node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_survives_its_text_form() {
        let digest = Digest::from_bytes([0xab; 32]);
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }

    #[test]
    fn a_digest_needs_prefix_length_and_hex() {
        for text in ["", "sha256:", "sha256:zz", &"a".repeat(64), &format!("sha256:{}", "+1".repeat(32))] {
            assert_eq!(text.parse::<Digest>(), Err(InvalidDigest), "{text}");
        }
    }
}
