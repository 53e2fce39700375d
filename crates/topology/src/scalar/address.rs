//! Where something is: addresses, URLs and what proves a download.

use std::{fmt, net::IpAddr};

use ipnet::IpNet;

use super::{Problem, Text, text_scalar};
use crate::{language::Format, names::DnsName};

/// A host with a port, e.g. `db.bank.example:5432`; an IP address may stand for the host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPort {
    /// The DNS name or IP address.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl fmt::Display for HostPort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

impl HostPort {
    /// The namespace and the name of the Service that it names, if it is in the cluster. What stands before these is a
    /// Pod of a headless Service.
    pub fn service(&self) -> Option<(&str, &str)> {
        let inside =
            (self.host.strip_suffix(".svc.cluster.local")).or_else(|| self.host.strip_suffix(".svc"))?;
        let (service, namespace) = inside.rsplit_once('.')?;
        let name = service.rsplit_once('.').map_or(service, |(_, name)| name);
        Some((namespace, name))
    }

    /// The namespace of the Service that it names, if it is in the cluster.
    pub fn namespace(&self) -> Option<&str> {
        self.service().map(|(namespace, _)| namespace)
    }

    /// Whether it is a Service of the cluster.
    pub fn is_in_cluster(&self) -> bool {
        self.namespace().is_some()
    }

    /// The host, if it is an IP address.
    pub fn ip_address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

impl Text for HostPort {
    const FORMAT: &'static Format = &Format {
        name: "address",
        documentation: "`host:port`; the host is a DNS name of two labels or more, or an IP address (IPv6 in `[]`)",
        pattern: Some("^(\\S+|\\[[0-9a-f:]+\\]):[0-9]+$"),
        example: "database.bank.example:5432",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let problem = |message| {
            Err(vec![
                Problem::new("topology::address", message).label("not an address"),
            ])
        };
        let Some((host, port)) = text.rsplit_once(':') else {
            return problem(format!("`{text}` has no port: write `host:port`"));
        };
        let Some(port) = port.parse::<u16>().ok().filter(|port| *port > 0) else {
            return problem(format!("`{port}` in `{text}` is not a port from 1 to 65535"));
        };
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        if bare.parse::<IpAddr>().is_err()
            && let Err(message) = DnsName::new(bare)
        {
            return problem(message);
        }
        Ok(Self {
            host: bare.to_owned(),
            port,
        })
    }
}

/// A static IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IpAddress(pub IpAddr);

impl Text for IpAddress {
    const FORMAT: &'static Format = &Format {
        name: "IP address",
        documentation: "an IPv4 or IPv6 address",
        pattern: None,
        example: "203.0.113.7",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        text.parse().map(Self).map_err(|_| {
            vec![
                Problem::new("topology::ip-address", format!("`{text}` is not an IP address"))
                    .label("not an IP address"),
            ]
        })
    }
}

/// A range of IP addresses in CIDR notation, e.g. `10.20.0.0/24`; a single address is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpRange(IpNet);

impl IpRange {
    /// The shortest prefixes that are accepted: what is wider is no place but everywhere. RFC 1918 and RFC 4193 have
    /// none that is wider.
    const SHORTEST_PREFIX: (u8, u8) = (8, 8);

    /// The one address that it is, if it is one.
    pub fn single(&self) -> Option<IpAddr> {
        (self.0.prefix_len() == self.0.max_prefix_len()).then(|| self.0.addr())
    }
}

impl From<IpAddr> for IpRange {
    fn from(address: IpAddr) -> Self {
        Self(address.into())
    }
}

/// In CIDR notation, a single address as well: as policies and Services take it.
impl fmt::Display for IpRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Text for IpRange {
    const FORMAT: &'static Format = &Format {
        name: "IP range",
        documentation: "an IPv4 or IPv6 address, or a range of them in CIDR notation whose prefix has 8 bits or more",
        pattern: None,
        example: "10.20.0.0/24",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let problem = |message: String, label, help: Option<&'static str>| {
            let problem = Problem::new("topology::ip-range", message).label(label);
            Err(vec![match help {
                Some(help) => problem.help(help),
                None => problem,
            }])
        };
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(address.into());
        }
        let Ok(range) = text.parse::<IpNet>() else {
            return problem(
                format!("`{text}` is neither an IP address nor a range of them"),
                "not an IP range",
                Some("write it like `10.20.0.5` or `10.20.0.0/24`"),
            );
        };
        if range.trunc() != range {
            return problem(
                format!(
                    "`{text}` has bits behind its prefix: the range is `{}`",
                    range.trunc()
                ),
                "not the first address of the range",
                None,
            );
        }
        let shortest = match range {
            IpNet::V4(_) => Self::SHORTEST_PREFIX.0,
            IpNet::V6(_) => Self::SHORTEST_PREFIX.1,
        };
        if range.prefix_len() < shortest {
            return problem(
                format!("`{text}` is nearly everywhere"),
                "too wide",
                Some("name the ranges that are meant, with a prefix of 8 bits or more"),
            );
        }
        Ok(Self(range))
    }
}

/// An `https://` URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Url(String);

impl Url {
    /// The whole URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host and port that it names.
    pub fn host_port(&self) -> HostPort {
        let rest = self.0.trim_start_matches("https://");
        let authority = rest.split('/').next().unwrap_or_default();
        // Colons of an IPv6 address stand in brackets.
        let behind = authority.rfind(']').map_or(0, |bracket| bracket + 1);
        let (host, port) = match authority[behind..].rfind(':') {
            Some(colon) => (
                &authority[..behind + colon],
                authority[behind + colon + 1..].parse().ok(),
            ),
            None => (authority, None),
        };
        HostPort {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: port.unwrap_or(443),
        }
    }

    /// The last part of its path.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl Text for Url {
    const FORMAT: &'static Format = &Format {
        name: "URL",
        documentation: "an `https://` URL without a user and without a query",
        pattern: Some("^https://[^\\s@?#]+$"),
        example: "https://artifacts.bank.example/cordapps/trade-1.0.jar",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let problem =
            |message: String| Err(vec![Problem::new("topology::url", message).label("not accepted")]);
        let Some(rest) = text.strip_prefix("https://") else {
            return problem(format!("`{text}` does not begin with `https://`"));
        };
        if rest.contains(|it: char| it.is_whitespace() || "@?#".contains(it)) {
            return problem(
                "a URL here must hold no user, query, fragment or space: credentials do not belong into a file"
                    .to_owned(),
            );
        }
        let authority = rest.split('/').next().unwrap_or_default();
        let has_port = authority.rsplit(']').next().is_some_and(|end| end.contains(':'));
        let with_port = if has_port {
            authority.to_owned()
        } else {
            format!("{authority}:443")
        };
        HostPort::parse(&with_port)?;
        Ok(Self(text.to_owned()))
    }
}

/// The SHA-256 of a file, in lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sha256(String);

impl Sha256 {
    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for Sha256 {
    const FORMAT: &'static Format = &Format {
        name: "SHA-256",
        documentation: "64 lower-case hexadecimal digits",
        pattern: Some("^[0-9a-f]{64}$"),
        example: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    };

    fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let digit = |it: char| it.is_ascii_digit() || ('a'..='f').contains(&it);
        if text.len() == 64 && text.chars().all(digit) {
            return Ok(Self(text.to_owned()));
        }
        Err(vec![
            Problem::new("topology::sha256", format!("`{text}` is not a SHA-256"))
                .label("not a SHA-256")
                .help("write the 64 lower-case digits that `sha256sum` prints"),
        ])
    }
}

text_scalar!(HostPort, IpAddress, IpRange, Url, Sha256);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_host_and_a_port() {
        for (text, shown) in [
            ("db.bank.example:5432", Some("db.bank.example:5432")),
            ("10.0.0.1:1433", Some("10.0.0.1:1433")),
            ("[fd00::1]:5432", Some("[fd00::1]:5432")),
            ("db.bank.example", None),
            ("db.bank.example:0", None),
            ("db:5432", None),
            (":5432", None),
        ] {
            assert_eq!(
                HostPort::parse(text).ok().map(|it| it.to_string()).as_deref(),
                shown,
                "{text}"
            );
        }
    }

    #[test]
    fn ranges_are_places_and_not_everywhere() {
        for (text, shown, is_single) in [
            ("10.20.0.5", Some("10.20.0.5/32"), true),
            ("10.20.0.0/24", Some("10.20.0.0/24"), false),
            ("10.20.0.5/32", Some("10.20.0.5/32"), true),
            ("fd00::1", Some("fd00::1/128"), true),
            ("fd00::/8", Some("fd00::/8"), false),
            ("10.20.0.5/24", None, false),
            ("0.0.0.0/0", None, false),
            ("128.0.0.0/1", None, false),
            ("::/0", None, false),
            ("2000::/3", None, false),
            ("10.20.0.0/33", None, false),
            ("db.bank.example", None, false),
        ] {
            let range = IpRange::parse(text).ok();
            assert_eq!(range.map(|it| it.to_string()).as_deref(), shown, "{text}");
            assert_eq!(range.and_then(|it| it.single()).is_some(), is_single, "{text}");
        }
    }

    #[test]
    fn urls_are_https_and_hold_no_credentials() {
        for (text, host) in [
            ("https://a.example/x.jar", Some("a.example:443")),
            ("https://a.example:8443/x.jar", Some("a.example:8443")),
            ("https://10.0.0.1/x.jar", Some("10.0.0.1:443")),
            ("https://[fd00::1]:8443/x.jar", Some("[fd00::1]:8443")),
            ("https://[fd00::1]", Some("[fd00::1]:443")),
            ("https://fd00::1/x.jar", None),
            ("http://a.example/x.jar", None),
            ("https://user@a.example/x.jar", None),
            ("https://a.example/x.jar?token=1", None),
        ] {
            assert_eq!(
                Url::parse(text)
                    .ok()
                    .map(|it| it.host_port().to_string())
                    .as_deref(),
                host,
                "{text}"
            );
        }
    }
}
