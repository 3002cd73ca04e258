//! Which addresses belong to everybody, which to somebody's own network, and which to nobody.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses, such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

/// The text is no range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network; write an address with the length of its prefix, such as `10.0.0.0/8` or `fd00::/8`")]
pub struct InvalidNetwork(String);

impl Network {
    /// Every address of IPv4.
    pub const ALL_V4: Self = Self { base: IpAddr::V4(Ipv4Addr::UNSPECIFIED), bits: 0 };
    /// Every address of IPv6.
    pub const ALL_V6: Self = Self { base: IpAddr::V6(Ipv6Addr::UNSPECIFIED), bits: 0 };

    /// Whether an address lies in it. One of IPv4 may be written as one of IPv6.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                same_prefix(base.to_bits().into(), address.to_bits().into(), 32 - self.bits)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => same_prefix(base.to_bits(), address.to_bits(), 128 - self.bits),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn same_prefix(one: u128, other: u128, free_bits: u8) -> bool {
    (one ^ other).checked_shr(free_bits.into()).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.chars().take(100).collect());
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse::<u8>().map_err(|_| invalid())?)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| invalid())?;
        let width = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        if bits <= width { Ok(Self { base, bits }) } else { Err(invalid()) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

/// Whether nobody may ever be sent there, whatever is granted: no host, many hosts, or the metadata of a cloud, which
/// hands out the machine's own credentials.
pub fn is_reserved(address: IpAddr) -> bool {
    match inner(address) {
        IpAddr::V4(address) => {
            let [first, ..] = address.octets();
            first == 0
                || address.is_multicast()
                || address.is_broadcast()
                || first >= 240
                || METADATA_V4.contains(&address)
        }
        IpAddr::V6(address) => address.is_unspecified() || address.is_multicast() || METADATA_V6.contains(&address),
    }
}

/// Whether an address is one that anybody on the Internet reaches in the same way.
pub fn is_public(address: IpAddr) -> bool {
    if is_reserved(address) {
        return false;
    }
    match inner(address) {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Where clouds answer with the machine's metadata.
const METADATA_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(169, 254, 169, 254), Ipv4Addr::new(169, 254, 170, 2), Ipv4Addr::new(100, 100, 100, 200)];
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

/// The address that is really reached: one of IPv4 inside one of IPv6 (mapped, compatible, 6to4, NAT64) counts by itself.
fn inner(address: IpAddr) -> IpAddr {
    const MAPPED: u128 = 0xffff;
    const NAT64: u128 = 0x0064_ff9b << 64;
    let IpAddr::V6(v6) = address else { return address };
    let bits = v6.to_bits();
    let v4 = |bits: u128| IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits & 0xffff_ffff).expect("32 bits")));
    match bits >> 32 {
        MAPPED | NAT64 => v4(bits),
        0 if bits > 1 => v4(bits),
        _ if bits >> 112 == 0x2002 => v4(bits >> 80),
        _ => address,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        // Shared between a provider and its customers (RFC 6598).
        || a == 100 && (64..128).contains(&b)
        // Assignments of protocols, the old relays of 6to4, benchmarks.
        || a == 192 && b == 0 && c == 0
        || a == 192 && b == 88 && c == 99
        || a == 198 && (b == 18 || b == 19);
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out; of it, not Teredo and the other protocols' own (2001::/23), and not documentation.
    let is_global = a & 0xe000 == 0x2000;
    let is_special = a == 0x2001 && (b < 0x200 || b == 0xdb8) || a == 0x3fff && b < 0x1000;
    is_global && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn only_what_anybody_reaches_is_public() {
        for text in ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"] {
            assert!(is_public(address(text)), "{text}");
        }
        for text in [
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "203.0.113.9",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "fec0::1",
            "100::1",
            "3fff::1",
        ] {
            assert!(!is_public(address(text)), "{text}");
        }
    }

    #[test]
    fn metadata_and_what_is_no_single_host_are_for_nobody() {
        for text in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "fd00:ec2::254",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
            "100.100.100.200",
        ] {
            assert!(is_reserved(address(text)), "{text}");
        }
        for text in ["127.0.0.1", "::1", "10.0.0.1", "fd00::1", "169.254.1.1", "1.1.1.1"] {
            assert!(!is_reserved(address(text)), "{text}");
        }
    }

    #[test]
    fn networks_contain_their_addresses() {
        let network: Network = "10.0.0.0/8".parse().expect("a network");
        assert!(network.contains(address("10.255.0.1")) && network.contains(address("::ffff:10.0.0.1")));
        assert!(!network.contains(address("11.0.0.1")) && !network.contains(address("fd00::1")));
        let one: Network = "127.0.0.1".parse().expect("an address");
        assert!(one.contains(address("127.0.0.1")) && !one.contains(address("127.0.0.2")));
        let all: Network = "::/0".parse().expect("a network");
        assert!(all.contains(address("fd00::1")) && !all.contains(address("10.0.0.1")));
        for text in ["", "10.0.0.0/33", "10.0.0.0/-1", "10/8", "a.example/8", "fd00::/129"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
