//! What a module may do beyond computing: the hosts it may call, the variables and folders it sees, and limits of its
//! own. All of it is empty unless an operator gives it, and none of it may go beyond the operator's ceiling.

mod address;
pub mod capability;
mod ceiling;
mod dir;
mod given;
mod host;
mod http;
mod limits;
pub mod secret;
mod target;

pub use address::{InvalidNetwork, Network, is_public, is_reserved};
pub use ceiling::{Ceiling, DirRoot, EnvPattern, GrantFault};
pub use dir::{DirGrant, GuestPath};
pub use given::{Grants, SecretGrant};
pub use host::{HostPattern, InvalidHost};
pub use http::{HttpGrant, InvalidHttpGrant, PortPattern, Scheme};
pub use limits::{Amount, LimitGrants};
pub use target::{Host, InvalidTarget, Target};
