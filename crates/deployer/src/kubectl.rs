//! The `kubectl` commands that the messages offer: exact, with the same cluster as the run.

use crate::arguments::ClusterArguments;
use crate::environment;

/// `kubectl` with the options that select the run's cluster.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kubectl {
    /// Leads into the cluster's network; empty where none is needed.
    enter: String,
    prefix: String,
}

impl Kubectl {
    /// With the options that this run was given.
    pub(crate) fn new(cluster: &ClusterArguments) -> Self {
        if let Ok(enter) = std::env::var(environment::ENTER) {
            // What enters the network brings the kubeconfig along.
            return Self {
                enter: format!("{enter} "),
                prefix: String::new(),
            };
        }
        let mut prefix = String::new();
        if let Some(path) = &cluster.kubeconfig {
            prefix.push_str(" --kubeconfig ");
            prefix.push_str(&quoted(&path.display().to_string()));
        }
        if let Some(context) = &cluster.context {
            prefix.push_str(" --context ");
            prefix.push_str(&quoted(context));
        }
        Self {
            enter: String::new(),
            prefix,
        }
    }

    /// How a forwarded page is looked at.
    pub(crate) fn page(&self, local: u16, path: &str) -> String {
        let url = format!("http://127.0.0.1:{local}{path}");
        if self.enter.is_empty() {
            url
        } else {
            format!("{}curl {url}", self.enter)
        }
    }

    /// Makes a port of a Service reachable on this machine.
    pub(crate) fn port_forward(&self, namespace: &str, service: &str, local: u16, remote: u16) -> String {
        format!(
            "{}kubectl{} -n {namespace} port-forward service/{service} {local}:{remote}",
            self.enter, self.prefix
        )
    }

    /// Prints one key of a Secret.
    pub(crate) fn secret_value(&self, namespace: &str, secret: &str, key: &str) -> String {
        let key = key.replace('.', "\\.");
        format!(
            "{}kubectl{} -n {namespace} get secret {secret} -o jsonpath='{{.data.{key}}}' | base64 -d",
            self.enter, self.prefix
        )
    }
}

/// For a shell: quoted when it must be.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:=@%+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted() {
        let cluster = ClusterArguments {
            context: Some("my cluster".into()),
            kubeconfig: Some("/home/a/it's".into()),
        };
        assert_eq!(
            Kubectl::new(&cluster).port_forward("bank-network", "zone", 8080, 80),
            r"kubectl --kubeconfig '/home/a/it'\''s' --context 'my cluster' -n bank-network port-forward service/zone 8080:80"
        );
        assert_eq!(
            Kubectl::default().secret_value("bank-party-a", "rpc", "password.txt"),
            r"kubectl -n bank-party-a get secret rpc -o jsonpath='{.data.password\.txt}' | base64 -d"
        );
    }
}
