//! What a component imports, in plain words: what each interface lets it do, and whether it may.

use serde::{Deserialize, Serialize};

/// One thing that modules can ask of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// What people call it.
    pub name: &'static str,
    /// Whether modules may.
    pub access: Access,
    /// What it comes to in this version.
    pub meaning: &'static str,
    /// The interfaces that it consists of, without versions: whole packages end with `:` or `/`.
    interfaces: &'static [&'static str],
}

/// Whether a module may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Every module has it.
    Always,
    /// It is there, and answers with errors or with nothing as long as nothing is granted.
    Denied,
    /// The host does not have it; such a component is refused.
    NotOffered,
}

/// In the order in which they are shown. The first that fits an interface counts.
const CAPABILITIES: [Capability; 11] = [
    Capability {
        name: "job context",
        access: Access::Always,
        meaning: "log, results, checkpoints, progress, sleep, stop requests",
        interfaces: &["cofferdam:module/"],
    },
    Capability {
        name: "standard streams",
        access: Access::Always,
        meaning: "what it prints becomes log lines; there is no input",
        interfaces: &["wasi:cli/std", "wasi:cli/terminal-"],
    },
    Capability {
        name: "exit",
        access: Access::Always,
        meaning: "ends the job as failed",
        interfaces: &["wasi:cli/exit"],
    },
    Capability {
        name: "clocks",
        access: Access::Always,
        meaning: "the time of day and a stopwatch",
        interfaces: &["wasi:clocks/"],
    },
    Capability {
        name: "random numbers",
        access: Access::Always,
        meaning: "from the operating system",
        interfaces: &["wasi:random/"],
    },
    Capability {
        name: "reading and waiting",
        access: Access::Always,
        meaning: "used by the others",
        interfaces: &["wasi:io/"],
    },
    Capability {
        name: "environment",
        access: Access::Denied,
        meaning: "it sees the variables that it was granted, and no arguments",
        interfaces: &["wasi:cli/environment"],
    },
    Capability {
        name: "file system",
        access: Access::Denied,
        meaning: "it sees the folders that it was granted",
        interfaces: &["wasi:filesystem/"],
    },
    Capability {
        name: "sockets",
        access: Access::Denied,
        meaning: "no connection can be made, no name looked up",
        interfaces: &["wasi:sockets/"],
    },
    Capability {
        name: "HTTP",
        access: Access::Denied,
        meaning: "every request is denied but to hosts that it was granted",
        interfaces: &["wasi:http/types", "wasi:http/outgoing-handler"],
    },
    UNKNOWN,
];

/// Sockets are never granted.
const GRANTS: [(&str, &str); 3] = [("environment", "env"), ("file system", "dirs"), ("HTTP", "http")];

const UNKNOWN: Capability = Capability {
    name: "unknown",
    access: Access::NotOffered,
    meaning: "this host has nothing of that name and version",
    interfaces: &[],
};

impl Capability {
    /// What it takes to be allowed more than nothing: the field of a module's grants; `None` where there is none.
    pub fn grant(&self) -> Option<&'static str> {
        GRANTS.iter().find(|(name, _)| *name == self.name).map(|(_, grant)| *grant)
    }

    /// The one that an import belongs to.
    pub fn of(import: &str) -> Self {
        let known = match import.split_once('@') {
            Some((_, version)) => version.starts_with(if import.starts_with("wasi:") { "0.2." } else { "0.1." }),
            None => false,
        };
        let fits = |capability: &&Self| capability.interfaces.iter().any(|interface| import.starts_with(interface));
        CAPABILITIES.iter().find(fits).copied().filter(|_| known).unwrap_or(UNKNOWN)
    }
}

/// The imports of each capability that has any, in the order above.
pub fn grouped(imports: &[String]) -> Vec<(Capability, Vec<&str>)> {
    let of = |capability: Capability| {
        let imports: Vec<&str> =
            imports.iter().map(String::as_str).filter(|import| Capability::of(import) == capability).collect();
        (capability, imports)
    };
    CAPABILITIES.into_iter().map(of).filter(|(_, imports)| !imports.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_grant_belongs_to_a_capability_that_has_to_be_granted() {
        for (name, grant) in GRANTS {
            let capability = CAPABILITIES.iter().find(|capability| capability.name == name).expect(name);
            assert_eq!((capability.access, capability.grant()), (Access::Denied, Some(grant)));
        }
    }

    #[test]
    fn every_import_is_in_one_group_and_the_groups_keep_their_order() {
        let imports = [
            "acme:b/c@1.0.0",
            "cofferdam:module/job-context@0.1.0",
            "wasi:cli/environment@0.2.6",
            "wasi:cli/stdout@0.2.6",
            "wasi:cli/terminal-stdout@0.2.6",
            "wasi:http/incoming-handler@0.2.0",
            "wasi:http/outgoing-handler@0.2.0",
            "wasi:io/poll@0.3.0",
        ];
        let imports = imports.map(str::to_owned);
        let groups = grouped(&imports);
        let names: Vec<_> = groups.iter().map(|(capability, imports)| (capability.name, imports.len())).collect();
        assert_eq!(
            names,
            [("job context", 1), ("standard streams", 2), ("environment", 1), ("HTTP", 1), ("unknown", 3)]
        );
    }
}
