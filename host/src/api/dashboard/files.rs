//! The files that the build took in: none, when there was no built dashboard.

/// Path, content, packed content, digest of the content. `build.rs` writes them, from what it found fresh.
type Row = (&'static str, &'static [u8], Option<&'static [u8]>, &'static str);

const BUILT: &[Row] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// One file, as it is and packed where that is worth it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct File {
    pub(super) content: &'static [u8],
    pub(super) gzip: Option<&'static [u8]>,
    pub(super) content_type: &'static str,
    /// Another one for other contents.
    pub(super) digest: &'static str,
}

/// The page itself; nothing when this build has none.
pub(super) fn index() -> Option<&'static str> {
    let (_, content, _, _) = row("index.html")?;
    std::str::from_utf8(content).ok()
}

/// A file by its path without the first `/`.
pub(super) fn file(path: &str) -> Option<File> {
    let content_type = content_type(path)?;
    let &(_, content, gzip, digest) = row(path)?;
    Some(File { content, gzip, content_type, digest })
}

fn row(path: &str) -> Option<&'static Row> {
    BUILT.iter().find(|(known, ..)| *known == path)
}

/// What the build makes; nothing else is given away.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    match extension {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        "txt" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_page_consists_of_is_given_away() {
        assert_eq!(content_type("assets/index-1a2b.js"), Some("text/javascript; charset=utf-8"));
        for other in ["index.html", "assets/index.js.gz", "built-from", "../Cargo.toml"] {
            assert_eq!(content_type(other), None, "{other}");
        }
        assert_eq!(file("assets/nothing.js"), None);
    }
}
