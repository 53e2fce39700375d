//! A host and a port.

use std::fmt;

/// A host name or address with a port, written `host:port`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostPort {
    /// DNS name or IP address; IPv6 without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl HostPort {
    /// A host with a port.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
        }
    }

    /// Every local IPv4 address, for binding.
    pub fn any(port: u16) -> Self {
        Self::new("0.0.0.0", port)
    }

    /// The loopback address: `127.0.0.1` and not `localhost`, which a Corda node translates to the name of
    /// its host and so opens to the outside.
    pub fn loopback(port: u16) -> Self {
        Self::new("127.0.0.1", port)
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') && !self.host.starts_with('[') && !self.host.contains("@{") {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HostPort;

    #[test]
    fn an_ipv6_address_is_bracketed() {
        assert_eq!(HostPort::new("fd00::1", 10002).to_string(), "[fd00::1]:10002");
        assert_eq!(HostPort::any(10000).to_string(), "0.0.0.0:10000");
        let bound_later = HostPort::new("@{service-ip:net-network/zone}", 25000);
        assert_eq!(bound_later.to_string(), "@{service-ip:net-network/zone}:25000");
    }
}
