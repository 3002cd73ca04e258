//! What kind of file the bytes are, told by their beginning.

use wasmtime::Engine;

use super::AdmissionError;

const WASM: &[u8] = b"\0asm";
const CORE_VERSION: u32 = 1;
const COMPONENT_VERSION: u32 = 0x0001_000d;

/// Refuses what is not even meant to be a component.
pub(super) fn check_kind(bytes: &[u8]) -> Result<(), AdmissionError> {
    if bytes.is_empty() {
        return Err(AdmissionError::Empty);
    }
    if Engine::detect_precompiled(bytes).is_some() {
        return Err(AdmissionError::Precompiled);
    }
    let Some(version) = bytes.strip_prefix(WASM) else {
        return Err(if WASM.starts_with(bytes) {
            AdmissionError::Truncated(bytes.len())
        } else {
            AdmissionError::NotWasm(look(bytes))
        });
    };
    let Some(version) = version.first_chunk() else { return Err(AdmissionError::Truncated(bytes.len())) };
    match u32::from_le_bytes(*version) {
        COMPONENT_VERSION => Ok(()),
        CORE_VERSION => Err(AdmissionError::CoreModule),
        version => Err(AdmissionError::UnknownVersion(version)),
    }
}

/// What a file looks like that is no wasm.
fn look(bytes: &[u8]) -> &'static str {
    let begins = [
        (&b"\x7fELF"[..], "a program or library of this machine (ELF)"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"MZ", "a Windows program"),
        (b"BC\xc0\xde", "LLVM bitcode"),
        (b"!<arch>\n", "a static library"),
    ];
    if let Some((_, name)) = begins.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return name;
    }
    let Ok(text) = std::str::from_utf8(&bytes[..bytes.len().min(512)]).or_else(|error| {
        // The cut may have gone through a character.
        std::str::from_utf8(&bytes[..error.valid_up_to()])
            .map_err(drop)
            .and_then(|text| if error.error_len().is_none() { Ok(text) } else { Err(()) })
    }) else {
        return "some other binary file";
    };
    match text.trim_start().get(..1) {
        Some("(") => "WebAssembly text (`wasm-tools parse` makes a binary of it)",
        Some("<") => "HTML or XML",
        Some("{" | "[") => "JSON",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_has_its_own_sentence() {
        let cases: [(&[u8], AdmissionError); 9] = [
            (b"", AdmissionError::Empty),
            (b"\0as", AdmissionError::Truncated(3)),
            (b"\0asm\x0d\0", AdmissionError::Truncated(6)),
            (b"\0asm\x01\0\0\0", AdmissionError::CoreModule),
            (b"\0asm\x0c\0\x01\0", AdmissionError::UnknownVersion(0x0001_000c)),
            (b"(component)", AdmissionError::NotWasm("WebAssembly text (`wasm-tools parse` makes a binary of it)")),
            ("Grüße".as_bytes(), AdmissionError::NotWasm("text")),
            (b"\x7fELF\x02\x01\x01", AdmissionError::NotWasm("a program or library of this machine (ELF)")),
            (b"\xff\xfe\xfd", AdmissionError::NotWasm("some other binary file")),
        ];
        for (bytes, expected) in cases {
            assert_eq!(check_kind(bytes), Err(expected), "{bytes:?}");
        }
        assert_eq!(check_kind(b"\0asm\x0d\0\x01\0"), Ok(()));
    }

    #[test]
    fn text_longer_than_the_look_is_text() {
        assert_eq!(look("é".repeat(1000).as_bytes()), "text");
        assert_eq!(look(format!("a{}", "é".repeat(1000)).as_bytes()), "text");
    }
}
