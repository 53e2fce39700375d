//! Where something is: addresses, URLs and what proves a download.

use std::{fmt, net::IpAddr};

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
    /// The namespace of the Service that it names, if it is in the cluster.
    pub fn namespace(&self) -> Option<&str> {
        let service =
            (self.host.strip_suffix(".svc.cluster.local")).or_else(|| self.host.strip_suffix(".svc"))?;
        service.rsplit_once('.').map(|(_, namespace)| namespace)
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
        let authority = self
            .0
            .trim_start_matches("https://")
            .split('/')
            .next()
            .unwrap_or_default();
        authority
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, port.parse().ok()?)))
            .map_or_else(
                || HostPort {
                    host: authority.to_owned(),
                    port: 443,
                },
                |(host, port)| HostPort {
                    host: host.to_owned(),
                    port,
                },
            )
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
        let with_port = if authority.contains(':') {
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

text_scalar!(HostPort, IpAddress, Url, Sha256);

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
    fn urls_are_https_and_hold_no_credentials() {
        for (text, host) in [
            ("https://a.example/x.jar", Some("a.example:443")),
            ("https://a.example:8443/x.jar", Some("a.example:8443")),
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
