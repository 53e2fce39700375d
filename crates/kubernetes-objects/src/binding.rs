//! Placeholders for what exists only once the rollout has made it. The engine puts the value in right before
//! the object is applied.

/// The cluster IP of a Service.
pub fn service_ip(namespace: &str, service: &str) -> String {
    format!("@{{service-ip:{namespace}/{service}}}")
}

/// A value of a Secret inside of a quoted string of HOCON or JSON: whatever it holds, the string ends where it should.
pub fn quoted_secret(namespace: &str, secret: &str, key: &str) -> String {
    format!("@{{quoted-secret:{namespace}/{secret}/{key}}}")
}

/// A value of a Secret.
pub fn secret(namespace: &str, secret: &str, key: &str) -> String {
    format!("@{{secret:{namespace}/{secret}/{key}}}")
}
