//! The table `[grants]`: what modules may be granted at all. Nothing is granted by it.

use serde::{Deserialize, Serialize};

use crate::config::problems::Problems;
use crate::config::value::list;
use crate::domain::Ceiling;
use crate::domain::grants::{DirRoot, EnvPattern, HttpGrant, Network};
use crate::outbound::HttpRoots;

/// The ceiling of all grants; see [`Ceiling`] for the reasons behind the defaults. In a flag or a variable, the entries
/// of a list are joined by commas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantsSection {
    /// Hosts that modules may be granted to call: `https://*:*` for the public Internet over TLS, `*.example.org`,
    /// `http://127.0.0.1:8080`.
    #[serde(with = "list")]
    pub http: Vec<HttpGrant>,
    /// Files with certificates, in PEM, of authorities that modules' connections trust beside those of the system: a
    /// company's own. Read at the start.
    #[serde(with = "list")]
    pub http_roots: Vec<HttpRoots>,
    /// Private addresses that a grant with `private` may lead to, such as `10.0.0.0/8`.
    #[serde(with = "list")]
    pub private_networks: Vec<Network>,
    /// Folders that modules may be granted, with all below them: `/srv/data`, `/srv/out:rw` where they may write.
    #[serde(with = "list")]
    pub dirs: Vec<DirRoot>,
    /// Names of variables that modules may be granted: `MODE`, `APP_*`, `*`.
    #[serde(with = "list")]
    pub env: Vec<EnvPattern>,
}

impl Default for GrantsSection {
    fn default() -> Self {
        let Ceiling { http, private_networks, dirs, env } = Ceiling::default();
        Self { http, http_roots: Vec::new(), private_networks, dirs, env }
    }
}

impl GrantsSection {
    /// The same as the program's own type.
    pub fn ceiling(&self) -> Ceiling {
        let Self { http, private_networks, dirs, env, .. } = self.clone();
        Ceiling { http, private_networks, dirs, env }
    }

    pub(in crate::config) fn check(&self, problems: &mut Problems) {
        if let Some(root) = self.dirs.iter().find(|root| root.path.parent().is_none()) {
            problems.add(
                "grants.dirs",
                format!("has `{root}`, which is all of this machine; name the folders that are meant"),
            );
        }
    }
}
