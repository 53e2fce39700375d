//! How the program finds a cluster of the test's own.

use super::place::Place;

/// A kubeconfig for a cluster at this port of the loopback.
pub(crate) fn write(place: &Place, port: u16) {
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: here\n\
         contexts: [{{name: here, context: {{cluster: here, user: me}}}}]\n\
         clusters: [{{name: here, cluster: {{server: 'http://127.0.0.1:{port}'}}}}]\n\
         users: [{{name: me, user: {{}}}}]\n"
    );
    place.file("kubeconfig", &text, 0o600);
}
