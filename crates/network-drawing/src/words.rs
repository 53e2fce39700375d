//! What a view says in words.

use topology::connection::Protocol;

use crate::view::{Call, NetworkView, Resident};

/// What a person calls a protocol.
pub(crate) const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http => "HTTP",
        Protocol::Https => "HTTPS",
        Protocol::Enm => "ENM over mutual TLS",
        Protocol::AdminRpc => "admin RPC over mutual TLS",
        Protocol::AmqpTls => "AMQP over mutual TLS",
        Protocol::Rpc => "Corda RPC",
        Protocol::Jdbc => "database protocol",
        Protocol::Hsm => "protocol of the HSM",
        Protocol::Tunnel => "firewall tunnel over mutual TLS",
        Protocol::Ssh => "SSH",
        Protocol::AnyPort => "AMQP over mutual TLS, on the peer's port",
        Protocol::Dns => "DNS",
    }
}

/// Whether a line of it is solid.
pub(crate) const fn is_encrypted(protocol: Protocol) -> bool {
    !matches!(protocol, Protocol::Http | Protocol::Rpc | Protocol::Dns)
}

impl Resident {
    /// Its title, or what it is if it stands for several.
    pub(crate) fn drawn_title(&self) -> &str {
        if self.count() > 1 { self.kind } else { &self.title }
    }

    /// The same with their number.
    pub(crate) fn label(&self) -> String {
        if self.count() > 1 {
            format!("{} × {}", grouped(self.count()), self.kind)
        } else {
            self.title.clone()
        }
    }
}

impl NetworkView {
    /// What stands above a zone.
    pub(crate) fn heading(&self, zone: usize) -> String {
        let it = &self.zones[zone];
        match it.residents.first() {
            Some(&first) if self.count(zone) > 1 => self.residents[first].label(),
            _ => it.title.clone(),
        }
    }

    /// Everything about a call.
    pub(crate) fn sentence(&self, call: &Call) -> String {
        let many = if call.count > 1 {
            format!(" ({} connections)", grouped(call.count))
        } else {
            String::new()
        };
        format!(
            "{}: {} → {}, {}, {}: {}{many}",
            call.rule,
            self.residents[call.client].id,
            self.residents[call.server].id,
            call.port_label(),
            protocol(call.protocol),
            call.purpose,
        )
    }
}

impl Call {
    /// Number and name of its port.
    pub(crate) fn port_label(&self) -> String {
        // Whoever is anywhere listens where they like.
        if self.number == 0 {
            "any port".to_owned()
        } else {
            format!("{} {}", self.number, self.port.name())
        }
    }
}

/// Text as it stands in markup.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A count with its thousands apart.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        for (count, text) in [
            (0, "0"),
            (98, "98"),
            (999, "999"),
            (9506, "9,506"),
            (1_000_000, "1,000,000"),
        ] {
            assert_eq!(grouped(count), text);
        }
    }
}
