//! The texts that settings are written in: sizes such as `256 MiB`, durations such as `90s`, and a word for "none".

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::domain::InWords;
use crate::domain::limits::{GIB, KIB, MIB};

/// A setting that is written as text; a bare number counts as its own text.
pub(super) trait Written: Sized {
    /// What is expected, for serde's own messages.
    const WHAT: &'static str;

    /// Reads it, or says what would be right.
    fn read(text: &str) -> Result<Self, String>;
}

/// Deserializes anything [`Written`] from a string or a number.
pub(super) fn read<'de, T: Written, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Reader<T>(PhantomData<T>);

    impl<T: Written> Visitor<'_> for Reader<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(T::WHAT)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            T::read(text.trim()).map_err(E::custom)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
            self.visit_str(&number.to_string())
        }
    }

    deserializer.deserialize_any(Reader(PhantomData))
}

/// A number of bytes, written `512 KiB`, `256 MiB`, `1.5 GiB` or as a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

impl Written for Size {
    const WHAT: &'static str = "a size such as 256 MiB";

    fn read(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is no size; write it as 512 KiB, 256 MiB or 2 GiB, or as a number of bytes");
        text.parse::<bytesize::ByteSize>().map(|size| Self(size.as_u64())).map_err(|_| refuse())
    }
}

impl fmt::Display for Size {
    /// The largest binary unit that loses nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, name) in [(GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")] {
            if self.0 >= unit && self.0.is_multiple_of(unit) {
                return write!(f, "{} {name}", self.0 / unit);
            }
        }
        write!(f, "{} B", self.0)
    }
}

/// A number of bytes for people: rounded, in binary units, such as `1.4 MiB`.
pub fn show_size(bytes: u64) -> String {
    if bytes < KIB { format!("{bytes} B") } else { bytesize::ByteSize(bytes).display().iec().to_string() }
}

impl Written for u32 {
    const WHAT: &'static str = "a whole number";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("`{text}` is no whole number such as 4"))
    }
}

impl Written for u64 {
    const WHAT: &'static str = "a whole number";

    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("`{text}` is no whole number such as 4"))
    }
}

/// A duration, written as humantime reads it: `90s`, `2h 15m`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl Written for Span {
    const WHAT: &'static str = "a duration such as 90s";

    fn read(text: &str) -> Result<Self, String> {
        let refuse = |error| format!("`{text}` is no duration ({error}); write it as 500ms, 90s, 2h 15m or 7d");
        humantime::parse_duration(text).map(Self).map_err(refuse)
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::read(text)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        InWords(self.0).fmt(f)
    }
}

/// Reads a list of texts, or one text in which commas stand between them.
pub(super) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Texts;

    impl<'de> Visitor<'de> for Texts {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of texts such as [\"one\", \"another\"]")
        }

        fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = sequence.next_element()? {
                texts.push(text);
            }
            Ok(texts)
        }
    }

    deserializer.deserialize_any(Texts)
}

/// A list of texts that are read as something, or one text in which commas stand between them.
pub(super) mod list {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::{Deserializer, Serializer};

    pub(in crate::config) fn serialize<T: Display, S: Serializer>(
        values: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(ToString::to_string))
    }

    pub(in crate::config) fn deserialize<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        super::texts(deserializer)?.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
    }
}

macro_rules! written {
    ($name:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

written!(Size);
written!(Span);

/// A setting that may be left out, which is written as a word: `none` for no ceiling, `auto` for "the host decides".
macro_rules! or_word {
    ($module:ident, $word:literal) => {
        pub(super) mod $module {
            use std::fmt;

            use serde::{Deserializer, Serializer};

            use super::Written;

            struct OrWord<T>(Option<T>);

            impl<T: Written> Written for OrWord<T> {
                const WHAT: &'static str = T::WHAT;

                fn read(text: &str) -> Result<Self, String> {
                    if text == $word {
                        return Ok(Self(None));
                    }
                    T::read(text).map(|value| Self(Some(value))).map_err(|error| format!("{error}, or {}", $word))
                }
            }

            #[expect(clippy::ref_option, reason = "serde gives the field by reference")]
            pub(in crate::config) fn serialize<T: fmt::Display, S: Serializer>(
                value: &Option<T>,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                match value {
                    Some(value) => serializer.collect_str(value),
                    None => serializer.serialize_str($word),
                }
            }

            pub(in crate::config) fn deserialize<'de, T: Written, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<T>, D::Error> {
                super::read::<OrWord<T>, D>(deserializer).map(|read| read.0)
            }
        }
    };
}

or_word!(none_or, "none");
or_word!(auto_or, "auto");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_binary_and_decimal_units() {
        for (text, bytes) in [
            ("256 MiB", 256 * MIB),
            ("256MiB", 256 * MIB),
            ("1.5 GiB", GIB + GIB / 2),
            ("10 kB", 10_000),
            ("4096", 4096),
            ("17 B", 17),
        ] {
            assert_eq!(Size::read(text), Ok(Size(bytes)), "{text}");
        }
        for text in ["", "lots", "-1", "5 apples", "1,5 GiB"] {
            let error = Size::read(text).expect_err(text);
            assert!(error.contains("256 MiB"), "{error}");
        }
    }

    #[test]
    fn what_is_shown_is_read_back_exactly() {
        for bytes in [0, 1, 1023, 1024, 1025, 16 * KIB, 256 * MIB, 3 * GIB, 3 * GIB + 1] {
            assert_eq!(Size::read(&Size(bytes).to_string()), Ok(Size(bytes)));
        }
        for duration in [Duration::from_millis(250), Duration::from_secs(90), Duration::from_hours(90 * 24)] {
            assert_eq!(Span::read(&Span(duration).to_string()), Ok(Span(duration)));
        }
    }

    #[test]
    fn a_duration_needs_its_unit() {
        let error = Span::read("90").expect_err("no unit");
        assert!(error.contains("`90`") && error.contains("90s"), "{error}");
    }
}
