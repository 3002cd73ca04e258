//! Where a component lies: `oci://REGISTRY/REPOSITORY:TAG`, with or without a digest.

use oci_client::Reference;

use crate::cli::Failure;
use crate::cli::client::is_loopback;

const SCHEME: &str = "oci://";

/// An address in a registry.
#[derive(Debug, Clone)]
pub(in crate::cli::module) struct Address {
    pub(super) reference: Reference,
}

/// How a registry is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli::module) enum Transport {
    /// Over TLS, unless it is on this machine.
    Secured,
    /// Without, because somebody says so.
    Plain,
}

impl Address {
    /// Reads an address; nothing when the text is none, but the path of a file.
    pub(in crate::cli::module) fn read(text: &str) -> Result<Option<Self>, Failure> {
        let Some(rest) = text.strip_prefix(SCHEME) else { return Ok(None) };
        // Without a registry the libraries mean Docker's; whoever writes an address here knows which one is meant.
        let names_registry =
            rest.split_once('/').is_some_and(|(registry, _)| registry == "localhost" || registry.contains(['.', ':']));
        let refuse = |reason: &str| {
            Failure::usage(format!(
                "`{text}` is no address of a component: {reason}; write it as oci://ghcr.io/acme/words:1.0.0, with \
                 @sha256:… behind it to pin the bytes"
            ))
        };
        if !names_registry {
            return Err(refuse("it names no registry"));
        }
        let reference = rest.parse().map_err(|error: oci_client::ParseError| refuse(&error.to_string()))?;
        Ok(Some(Self { reference }))
    }

    /// The registry with its port.
    pub(super) fn registry(&self) -> &str {
        self.reference.resolve_registry()
    }

    /// Whether the registry is on this machine.
    pub(super) fn is_local(&self) -> bool {
        let registry = self.registry();
        let host = match registry.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => registry,
        };
        is_loopback(host)
    }

    /// The same, with the digest that it means now: what it means for ever.
    pub(super) fn pinned(&self, digest: &str) -> String {
        let tag = self.reference.tag().map(|tag| format!(":{tag}")).unwrap_or_default();
        format!("{SCHEME}{}/{}{tag}@{digest}", self.reference.registry(), self.reference.repository())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::read(text).expect("an address").expect("not a file")
    }

    #[test]
    fn an_address_names_its_registry_and_is_pinned_by_a_digest() {
        let digest = format!("sha256:{}", "0".repeat(64));
        for (text, local, pinned) in [
            ("oci://ghcr.io/acme/words:1.0.0", false, "oci://ghcr.io/acme/words:1.0.0@"),
            ("oci://localhost:5000/words", true, "oci://localhost:5000/words:latest@"),
            ("oci://127.0.0.1:5000/a/b:x", true, "oci://127.0.0.1:5000/a/b:x@"),
            ("oci://127.example.org/a:x", false, "oci://127.example.org/a:x@"),
        ] {
            let address = address(text);
            assert_eq!((address.is_local(), address.pinned(&digest)), (local, format!("{pinned}{digest}")), "{text}");
        }
        assert!(address(&format!("oci://ghcr.io/acme/words@{digest}")).reference.digest().is_some());
    }

    #[test]
    fn files_are_no_addresses_and_half_an_address_is_refused_with_an_example() {
        assert!(Address::read("words.wasm").expect("a file").is_none());
        assert!(Address::read("./oci/words.wasm").expect("a file").is_none());
        for text in ["oci://", "oci://words", "oci://acme/words:1.0.0", "oci://ghcr.io/Not A Name"] {
            let refused = format!("{:?}", Address::read(text).expect_err(text));
            assert!(refused.contains("oci://ghcr.io/acme/words:1.0.0"), "{refused}");
        }
    }
}
