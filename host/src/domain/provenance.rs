//! Where a module's bytes came from, and who stands for them.

/// What is known of a module's origin. Nothing of it says what the module does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Where whoever added it fetched it, such as `oci://ghcr.io/acme/words@sha256:…`: that person's word, not checked.
    pub source: Option<String>,
    /// Who signed it; checked when it was added.
    pub signature: Option<ModuleSignature>,
}

/// A signature by minisign: Ed25519 over a hash of the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleSignature {
    /// The id of the key, as minisign shows it: 16 hexadecimal digits.
    pub key_id: String,
    /// What the signer wrote and signed, too.
    pub trusted_comment: String,
    /// The whole `.minisig` file.
    pub text: String,
}
