//! Servers outside of the network: a policy knows no DNS names, so that whoever is outside of the cluster is told by
//! address.

use crate::{
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::Endpoint,
    node::Span,
    scalar::{HostPort, IpRange},
};

/// Who calls it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// The Signing Service, which asks no DNS: names stand in its Pod's hosts file, each with single addresses.
    SigningService,
    /// Whoever else, with the cluster's DNS.
    Other,
}

/// What is declared of where it is.
#[derive(Clone, Copy)]
pub(super) struct Addresses<'a> {
    declared: &'a [Located<IpRange>],
    /// Whether there is something, be it right or wrong: what is wrong is told already.
    is_written: bool,
}

impl<'a> Addresses<'a> {
    /// Another key than `addresses` of a mapping, and the keys that are written in that.
    pub(super) fn named(key: &str, declared: &'a [Located<IpRange>], written: &[&str]) -> Self {
        Self {
            declared,
            is_written: written.contains(&key),
        }
    }

    /// The key `addresses` of a mapping, and the keys that are written in that.
    pub(super) fn of(declared: &'a [Located<IpRange>], written: &[&str]) -> Self {
        Self {
            declared,
            is_written: written.contains(&"addresses"),
        }
    }
}

/// The endpoint of whoever calls with the cluster's DNS, where an address is declared.
pub(super) fn declared(
    address: Option<&Located<HostPort>>,
    addresses: Addresses<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Endpoint> {
    let Located { value, span } = address?;
    Some(endpoint(
        value.clone(),
        *span,
        addresses,
        Caller::Other,
        diagnostics,
    ))
}

/// An endpoint at an address. `span` is the place of the address.
pub(super) fn endpoint(
    address: HostPort,
    span: Span,
    Addresses { declared, is_written }: Addresses<'_>,
    caller: Caller,
    diagnostics: &mut Diagnostics,
) -> Endpoint {
    let own = address.ip_address();
    if let Some(first) = declared.first()
        && (own.is_some() || address.is_in_cluster())
    {
        let place = if own.is_some() {
            "an address already"
        } else {
            "a Service of the cluster"
        };
        diagnostics.push(
            Diagnostic::new(
                "topology::not-for-this-kind",
                first.span,
                format!("`{}` is {place}: `addresses` says nothing of it", address.host),
            )
            .label("without effect")
            .help("remove `addresses`"),
        );
    }
    if !is_written && own.is_none() && !address.is_in_cluster() {
        let who = match caller {
            Caller::SigningService => "the Signing Service asks no DNS, and policies know no names",
            Caller::Other => "policies know no names: everywhere would have to be allowed",
        };
        diagnostics.push(
            Diagnostic::new(
                "topology::no-addresses",
                span,
                format!("nothing says where `{}` is; {who}", address.host),
            )
            .label("outside of the cluster")
            .help(match caller {
                Caller::SigningService => {
                    "add `addresses:` with its IP addresses, or write an IP address instead"
                }
                Caller::Other => "add `addresses:` with its IP addresses or ranges, e.g. those of its subnet",
            }),
        );
    }
    if caller == Caller::SigningService {
        for range in declared.iter().filter(|range| range.value.single().is_none()) {
            diagnostics.push(
                Diagnostic::new(
                    "topology::no-addresses",
                    range.span,
                    format!(
                        "`{}` is a range, and the Signing Service asks no DNS which of its addresses `{}` is",
                        range.value, address.host
                    ),
                )
                .label("not a single address")
                .help("name each of the addresses"),
            );
        }
    }
    let ranges = match own {
        Some(ip) => vec![ip.into()],
        None => declared.iter().map(|range| range.value).collect(),
    };
    Endpoint { address, ranges }
}
