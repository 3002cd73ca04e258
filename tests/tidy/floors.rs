//! The floors of the host: a file uses floors below its own, never one above, and never a sibling on its own.

use super::paths::{Named, named_paths};
use super::source::Source;

const HOST: &str = "host/src/";

/// The part of the host that a file belongs to or a path leads to.
struct Part {
    name: &'static str,
    floor: u8,
}

/// ARCHITECTURE.md tells why each lies where it lies.
const PARTS: [Part; 20] = [
    Part { name: "main", floor: 4 },
    Part { name: "app", floor: 4 },
    Part { name: "lifecycle", floor: 4 },
    Part { name: "reload", floor: 4 },
    Part { name: "telemetry", floor: 4 },
    Part { name: "traces", floor: 4 },
    Part { name: "config", floor: 4 },
    Part { name: "cli", floor: 4 },
    Part { name: "api", floor: 3 },
    Part { name: "scheduler", floor: 2 },
    Part { name: "registry", floor: 2 },
    Part { name: "access", floor: 2 },
    Part { name: "webhooks", floor: 2 },
    Part { name: "store", floor: 1 },
    Part { name: "sandbox", floor: 1 },
    Part { name: "outbound", floor: 1 },
    Part { name: "domain", floor: 0 },
    Part { name: "measured", floor: 0 },
    Part { name: "blocking", floor: 0 },
    Part { name: "traced", floor: 0 },
];

/// The top floor is wiring: its parts are there to meet.
const WIRING: u8 = 4;

/// The scheduler asks the registry what to run, webhooks have its vault seal their secrets, guests' requests go over the
/// connections that others use, too, and steps of traces are of jobs; never the other way.
const SIBLINGS_THAT_MEET: [(&str, &str); 4] =
    [("scheduler", "registry"), ("webhooks", "registry"), ("sandbox", "outbound"), ("traced", "domain")];

/// Everything in the host's sources that reaches up, or across.
pub(crate) fn floor_breaches(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(breaches_in).collect()
}

fn breaches_in(source: &Source) -> Vec<String> {
    let Some(inside) = source.path.strip_prefix(HOST) else { return Vec::new() };
    let own = inside.split('/').next().map_or(inside, |first| first.trim_end_matches(".rs"));
    // The root of the library names every part: it is the list of them.
    if own == "lib" {
        return Vec::new();
    }
    let Some(from) = part(own) else {
        return vec![format!(
            "{}: `{own}` is on no floor: give it one in ARCHITECTURE.md and in tests/tidy/floors.rs",
            source.path
        )];
    };
    let complain = |path: &Named| Some(format!("{}: {}", source.place(path.at), breach(from, path)?));
    named_paths(source).iter().filter_map(complain).collect()
}

fn part(name: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.name == name)
}

fn breach(from: &Part, path: &Named) -> Option<String> {
    if from.floor == WIRING {
        return None;
    }
    let resolved = path.inside_crate()?;
    let first = *resolved.first()?;
    let text = path.text();
    let Some(to) = part(first) else {
        return Some(format!("`{text}` does not say on which floor `{first}` is: write the path through its folder"));
    };
    if to.floor < from.floor || from.name == to.name || SIBLINGS_THAT_MEET.contains(&(from.name, to.name)) {
        return None;
    }
    let reason = if to.floor == from.floor {
        "they are siblings, and siblings never meet: let a floor above hand over what is needed"
    } else {
        "a floor never uses one above it: move what is needed down, or have it passed in"
    };
    Some(format!(
        "`{text}` leads from {}/ (floor {}) to {} (floor {}): {reason}",
        from.name, from.floor, to.name, to.floor
    ))
}
