//! Where an image keeps a node's parts, and what its containers run.

use topology::model::{Edition, Node};

use super::cordapps::{CORDAPPS, DRIVERS};

/// Where things are in a node's container.
#[derive(Clone, Copy)]
pub struct ImageLayout {
    /// The base directory: the volume.
    pub base_directory: &'static str,
    /// Jars of the node, of which the first that exists is run.
    jars: &'static [&'static str],
    /// The image's own `CorDapps`.
    cordapps: &'static str,
}

impl ImageLayout {
    /// The layout of a node's image. R3's Enterprise images keep the jar itself below `/opt/corda` (reference §6.2), so
    /// that the volume cannot be there.
    pub const fn of(node: &Node) -> Self {
        match node.edition {
            Edition::Community => Self {
                base_directory: "/opt/corda",
                jars: &["/usr/share/corda/corda.jar"],
                cordapps: "/usr/share/corda/cordapps",
            },
            Edition::Enterprise => Self {
                base_directory: "/var/lib/corda",
                jars: &["/opt/corda/bin/corda.jar", "/opt/cenm/bin/corda.jar"],
                cordapps: "/opt/corda/cordapps",
            },
        }
    }

    /// Registers once: what a killed run has begun is taken up by request id (reference §6.4). The `CorDapps` come
    /// first, for their tables are made here too. The trust store's password is read from a file of arguments, so that
    /// no process list shows it. A registration killed while it makes its tables leaves their lock behind, and the next
    /// one would wait for it for ever: before the node has ever run, its H2 database is made anew instead. The product
    /// gives up at the first refused connection, and a new Pod may run before every node knows that it may call: so the
    /// first connection is tried until it opens. `before` runs once the folders exist and nothing is registered.
    pub fn register(self, before: &str) -> String {
        let base = self.base_directory;
        format!(
            r"{WAIT_FOR_IDENTITY_MANAGER}mkdir -p certificates cordapps drivers
{files}if [ ! -f certificates/.registered ]; then
  if [ -f certificates/.registering ]; then rm -f persistence.mv.db persistence.trace.db; fi
  touch certificates/.registering
{before}  java -jar {jar} initial-registration \
    --base-directory {base} --config-file /etc/corda/node.conf \
    --network-root-truststore /etc/corda-trust/network-root-truststore.jks @/etc/corda-trust/registration.args
  mv certificates/.registering certificates/.registered
fi
",
            files = self.copy_files(),
            jar = self.jar(),
        )
    }

    /// Starts the node. Logs of earlier starts are set aside, for the start probe looks for a line of this one. The
    /// launcher drops an agent that node.conf names, and so it is given to the launcher itself.
    pub fn start(self) -> String {
        let base = self.base_directory;
        format!(
            r#"mkdir -p cordapps drivers logs/earlier
{files}find logs -maxdepth 1 -name '*.log' -exec mv -t logs/earlier {{}} +
exec java "-Dcapsule.jvm.args=$METRICS_AGENT" -jar {jar} \
  --base-directory {base} --config-file /etc/corda/node.conf --no-local-shell
"#,
            files = self.copy_files(),
            jar = self.jar(),
        )
    }

    /// The jars of this Pod and no others: what a topology does not name any more is gone with the next start.
    fn copy_files(self) -> String {
        format!(
            r#"rm -f cordapps/*.jar drivers/*.jar
for jar in {own}/*.jar {CORDAPPS}/*/*.jar; do if [ -f "$jar" ]; then cp "$jar" cordapps/; fi; done
for jar in {DRIVERS}/*/*.jar; do if [ -f "$jar" ]; then cp "$jar" drivers/; fi; done
"#,
            own = self.cordapps,
        )
    }

    /// A word of the shell that is the jar's path.
    fn jar(self) -> String {
        match self.jars {
            [only] => (*only).to_owned(),
            several => format!("\"$(ls {} 2> /dev/null | head -n 1)\"", several.join(" ")),
        }
    }
}

/// A new Pod may run before every node of the cluster knows that it may call, and the products give up at the first
/// refused connection.
pub const WAIT_FOR_IDENTITY_MANAGER: &str = r#"for attempt in $(seq 240); do
  if (exec 3<> "/dev/tcp/$IDENTITY_MANAGER_HOST/80") 2> /dev/null; then break; fi
  sleep 0.5
done
"#;

/// Hands the node info over, which registration has written, and waits until it was taken.
pub(super) const HAND_OVER_NODE_INFO: &str = r"rm -f /outputs/*
mkfifo /outputs/release
cp nodeInfo-* /outputs/nodeInfo
touch /outputs/complete
read -r _ < /outputs/release
";
