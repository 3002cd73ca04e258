//! Pages of the documentation that the bench writes figures into, between marks that stand there.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::figure::Figure;

/// The page that says what is measured, and how.
const PERFORMANCE: &str = "docs/performance.md";

/// What stands between two marks of a page: `<!-- NAME -->` and `<!-- /NAME -->`, each on a line of its own.
pub(in crate::bench) struct Part {
    /// Below the root of the checkout.
    pub(in crate::bench) page: &'static str,
    /// The marks' name.
    pub(in crate::bench) name: String,
    /// As Markdown.
    pub(in crate::bench) text: String,
}

impl Part {
    /// A scenario's figures, in its place of the page about performance.
    pub(super) fn of_figures(scenario: &str, figures: &[Figure], measured: &str) -> Self {
        let mut text = "| figure | median | min–max | unit | goal | |\n|---|--:|--:|---|---|---|\n".to_owned();
        for figure in figures {
            writeln!(text, "| {} |", figure.cells().join(" | ")).expect("a string takes everything");
        }
        Self { page: PERFORMANCE, name: scenario.to_owned(), text }.signed(measured)
    }

    /// The same, with when and on what it was measured.
    pub(super) fn signed(&self, measured: &str) -> Self {
        let Self { page, name, text } = self;
        let text = format!("{text}\nMeasured by `cargo xtask bench --only {name}`: {measured}.\n");
        Self { page, name: name.clone(), text }
    }

    /// Puts it into its page.
    pub(in crate::bench) fn write_below(&self, root: &Path) -> Result<()> {
        let path = root.join(self.page);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let new = replaced(&text, &self.name, &self.text)
            .with_context(|| format!("{} has no marks `<!-- {} -->` and `<!-- /{0} -->`", self.page, self.name))?;
        Ok(fs::write(&path, new)?)
    }
}

/// The page with this between its marks; nothing without marks.
fn replaced(page: &str, name: &str, text: &str) -> Option<String> {
    let (opening, closing) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = page.find(&opening)? + opening.len();
    let end = start + page[start..].find(&closing)?;
    Some(format!("{}\n{}\n{}", &page[..start], text, &page[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_between_their_marks_with_when_they_were_measured() {
        let part = Part::of_figures("stop", &[Figure::cost("k", "until stopped", "ms", vec![1.0, 3.0])], "today");
        let page = replaced("a\n<!-- stop -->\nold\n<!-- /stop -->\nb\n", "stop", &part.text).expect("it has marks");
        let expected = "a\n<!-- stop -->\n\n| figure | median | min–max | unit | goal | |\n|---|--:|--:|---|---|---|\n\
                        | until stopped | 2.00 | 1.00–3.00 | ms |  |  |\n\n\
                        Measured by `cargo xtask bench --only stop`: today.\n\n<!-- /stop -->\nb\n";
        assert_eq!(page, expected);
        let again = replaced(&page, "stop", &part.text).expect("it still has marks");
        assert_eq!(again, expected);
        assert_eq!(replaced("<!-- stop -->\n", "stop", ""), None);
    }
}
