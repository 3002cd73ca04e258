//! Addresses that a name leads to, held against a plain list of ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cofferdam::domain::grants::{Network, is_public, is_reserved};

/// What is nobody's public address: IANA's registries of special addresses of IPv4, multicast, and the rest that was never
/// given out.
const SPECIAL_V4: [&str; 15] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];
/// The same of what is given out of IPv6.
const SPECIAL_V6: [&str; 3] = ["2001::/23", "2001:db8::/32", "3fff::/20"];
const GIVEN_OUT_V6: &str = "2000::/3";
/// What only wraps an address of IPv4: the prefix, and where in it that address stands.
const WRAPPERS: [(&str, usize); 4] = [("::ffff:0:0/96", 96), ("64:ff9b::/96", 96), ("::/96", 96), ("2002::/16", 16)];
const METADATA: [&str; 5] = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254"];

/// The first 4 and 16 bytes are addresses, and 17 more a range. An address of IPv4 is no more public when it is wrapped.
pub(crate) fn address(bytes: &[u8]) {
    let Some(v4) = bytes.first_chunk::<4>() else { return };
    let v4 = Ipv4Addr::from(*v4);
    holds(v4.into());
    for (prefix, at) in WRAPPERS {
        let prefix = prefix.split_once('/').expect("a prefix").0.parse::<Ipv6Addr>().expect("an address");
        let wrapped = Ipv6Addr::from_bits(prefix.to_bits() | u128::from(v4.to_bits()) << (96 - at));
        // `::` and `::1` are addresses of their own.
        assert!(!is_public(wrapped.into()) || is_public(v4.into()), "{wrapped} is {v4}");
        assert!(!is_reserved(v4.into()) || is_reserved(wrapped.into()) || wrapped.is_loopback(), "{wrapped} is {v4}");
    }
    let Some((v6, rest)) = bytes.split_first_chunk::<16>() else { return };
    let v6 = Ipv6Addr::from(*v6);
    holds(v6.into());
    if let Some((base, [bits, ..])) = rest.split_first_chunk::<16>() {
        let base = Ipv6Addr::from(*base);
        for text in [format!("{base}/{bits}"), format!("{v4}/{bits}"), format!("{v6}/{bits}")] {
            let Ok(network) = text.parse::<Network>() else { continue };
            assert_eq!(network.to_string().parse(), Ok(network));
            for address in [IpAddr::from(v6), v4.into(), base.into()] {
                let contains = network.contains(address);
                assert!(!contains || naively_in(&text, address.to_canonical()), "{text} has {address}");
            }
        }
    }
}

fn holds(address: IpAddr) {
    assert_eq!(is_public(address), naively_public(address), "{address}");
    assert!(!is_public(address) || !is_reserved(address), "{address}");
    if METADATA.iter().any(|text| text.parse() == Ok(address)) {
        assert!(is_reserved(address), "{address}");
    }
}

fn naively_public(address: IpAddr) -> bool {
    if address.is_ipv4() {
        return !SPECIAL_V4.iter().any(|range| naively_in(range, address));
    }
    for (prefix, at) in WRAPPERS {
        let bits = binary(address);
        if naively_in(prefix, address) && !["::", "::1"].contains(&address.to_string().as_str()) {
            let inner = u32::from_str_radix(&bits[at..at + 32], 2).expect("32 digits");
            return naively_public(Ipv4Addr::from_bits(inner).into());
        }
    }
    naively_in(GIVEN_OUT_V6, address) && !SPECIAL_V6.iter().any(|range| naively_in(range, address))
}

/// Whether the address begins with the digits of the range.
fn naively_in(range: &str, address: IpAddr) -> bool {
    let (base, bits) = range.split_once('/').expect("a range");
    let base: IpAddr = base.parse().expect("an address");
    let bits: usize = bits.parse().expect("a length");
    base.is_ipv4() == address.is_ipv4() && binary(base)[..bits] == binary(address)[..bits]
}

fn binary(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("{:032b}", address.to_bits()),
        IpAddr::V6(address) => format!("{:0128b}", address.to_bits()),
    }
}
