//! How output may look: in a pipe, on a terminal, on a terminal with colours.

use std::io::IsTerminal;

use anstyle::Style;

use crate::config::Environment;

/// How one stream may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Look {
    /// A pipe or a file: no colours, no bars, full times.
    Plain,
    /// A terminal without colours.
    Mono,
    /// A terminal with colours.
    Colour,
}

/// Both output streams.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Looks {
    /// Standard output.
    pub(in crate::cli) out: Look,
    /// Standard error.
    pub(in crate::cli) err: Look,
}

/// Whether colours are wanted on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Colours {
    Wanted,
    Unwanted,
}

impl Looks {
    /// Finds out for this process. `NO_COLOR` and `TERM=dumb` count as a wish for none.
    pub(in crate::cli) fn of_process(wish: Colours, environment: &Environment) -> Self {
        let dumb = environment.get("TERM") == Some("dumb");
        let unwanted = wish == Colours::Unwanted || environment.get("NO_COLOR").is_some() || dumb;
        let terminal = if unwanted { Look::Mono } else { Look::Colour };
        let look = |is_terminal: bool| if is_terminal { terminal } else { Look::Plain };
        Self { out: look(std::io::stdout().is_terminal()), err: look(std::io::stderr().is_terminal()) }
    }
}

impl Look {
    /// Whether a person watches.
    pub(in crate::cli) const fn is_terminal(self) -> bool {
        match self {
            Self::Plain => false,
            Self::Mono | Self::Colour => true,
        }
    }

    /// The text in a style, where colours are wanted.
    pub(in crate::cli) fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain | Self::Mono => text.to_owned(),
            Self::Colour => format!("{style}{text}{style:#}"),
        }
    }
}
