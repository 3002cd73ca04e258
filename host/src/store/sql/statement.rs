//! A statement's text: written once, with names in braces for what depends on the database or on the transition
//! function.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::dialect::{self, Dialect};
use crate::domain::Event;

/// What a column of the table `w` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Kind {
    Int,
    Text,
    Bytes,
}

/// A statement with parameters `$1`, `$2` …
pub(in crate::store) struct Statement {
    body: Cow<'static, str>,
    texts: [OnceLock<String>; Dialect::COUNT],
}

impl Statement {
    pub(in crate::store) const fn new(body: &'static str) -> Self {
        Self::of(Cow::Borrowed(body))
    }

    /// A statement whose text is put together when it is first needed.
    pub(in crate::store) const fn built(body: String) -> Self {
        Self::of(Cow::Owned(body))
    }

    const fn of(body: Cow<'static, str>) -> Self {
        Self { body, texts: [const { OnceLock::new() }; Dialect::COUNT] }
    }

    /// The whole text.
    pub(in crate::store) fn text(&'static self, dialect: Dialect) -> &'static str {
        self.texts[dialect as usize].get_or_init(|| filled(&self.body, dialect))
    }
}

/// A statement whose rows come in together as the table `w`. The first column is never null.
pub(in crate::store) struct BatchStatement {
    pub(in crate::store) columns: &'static [(&'static str, Kind)],
    body: Cow<'static, str>,
    arrays: OnceLock<String>,
    values: [OnceLock<String>; VALUES.len()],
}

/// On `SQLite`, a statement is there for so many rows, and what is missing to that is null: each is prepared once.
const VALUES: [usize; 4] = [1, 8, 32, 128];

impl BatchStatement {
    pub(in crate::store) const fn new(columns: &'static [(&'static str, Kind)], body: &'static str) -> Self {
        Self::of(columns, Cow::Borrowed(body))
    }

    /// A statement whose text is put together when it is first needed.
    pub(in crate::store) const fn built(columns: &'static [(&'static str, Kind)], body: String) -> Self {
        Self::of(columns, Cow::Owned(body))
    }

    const fn of(columns: &'static [(&'static str, Kind)], body: Cow<'static, str>) -> Self {
        Self { columns, body, arrays: OnceLock::new(), values: [const { OnceLock::new() }; VALUES.len()] }
    }

    /// The whole text for PostgreSQL, which takes an array for each column.
    pub(in crate::store) fn for_arrays(&'static self) -> &'static str {
        self.arrays.get_or_init(|| {
            let body = filled(&self.body, Dialect::Postgres);
            format!("WITH w AS MATERIALIZED ({}) {body}", dialect::arrays(self.columns))
        })
    }

    /// The whole text for `SQLite`, which takes values one by one, and how many rows it has room for: at least so many, or
    /// as many as go together.
    pub(in crate::store) fn for_values(&'static self, rows: usize) -> (&'static str, usize) {
        let size = VALUES.iter().position(|room| *room >= rows).unwrap_or(VALUES.len() - 1);
        let text = self.values[size].get_or_init(|| {
            let body = filled(&self.body, Dialect::Sqlite);
            // Rows that are only inserted need not be kept first.
            let kept = if body.starts_with("INSERT") { "" } else { "MATERIALIZED " };
            format!("WITH w AS {kept}({}) {body}", dialect::values(self.columns, VALUES[size]))
        });
        (text, VALUES[size])
    }
}

/// Fills `{claim}`, `{complete}`, `{fail}`, `{stop}`, `{release}` and `{resume}` with the statuses from which that may
/// happen, so that no statement has an opinion of its own, and the rest with what the database calls it.
fn filled(statement: &str, dialect: Dialect) -> String {
    [
        ("{claim}", Event::Claim),
        ("{complete}", Event::Complete),
        ("{fail}", Event::Fail),
        ("{stop}", Event::Stop),
        ("{release}", Event::Release),
        ("{resume}", Event::Resume),
    ]
    .into_iter()
    .fold(dialect.fill(statement), |text, (name, event)| {
        let sources: Vec<_> = event.sources().map(|status| format!("'{status}'")).collect();
        match sources.as_slice() {
            // An index on rows of one status is used for an equation, and for a list of one it is not.
            [only] => text.replace(&format!(" IN ({name})"), &format!(" = {only}")),
            _ => text,
        }
        .replace(name, &sources.join(", "))
    })
}
