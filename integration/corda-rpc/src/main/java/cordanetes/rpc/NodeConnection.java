package cordanetes.rpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

import net.corda.client.rpc.CordaRPCClient;
import net.corda.client.rpc.CordaRPCConnection;
import net.corda.client.rpc.RPCException;
import net.corda.core.messaging.CordaRPCOps;
import net.corda.core.utilities.NetworkHostAndPort;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;

/** An RPC session with a node, opened as soon as the node answers. */
final class NodeConnection implements AutoCloseable {
    private static final long RETRY_MILLIS = 500;

    private final CordaRPCConnection connection;

    private NodeConnection(CordaRPCConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects, and tries again until the deadline while the node does not listen yet. A refused user is final: the
     * node checks users from its first moment on.
     */
    static NodeConnection open(NetworkHostAndPort address, String user, String password, Deadline deadline)
            throws Failure, InterruptedException {
        awaitListening(address, deadline);
        Progress.say("logging in at " + address + " as " + user);
        while (true) {
            try {
                return new NodeConnection(start(new CordaRPCClient(address), user, password));
            } catch (ActiveMQSecurityException refused) {
                throw Failure.of("the node at " + address + " refused the user " + user
                        + "; the password file must hold the password of this user in node.conf", refused);
            } catch (RPCException | ActiveMQException notYet) {
                if (deadline.passed()) {
                    throw Failure.of("the node at " + address + " accepts connections but no RPC; see its log", notYet);
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    /** Declares the exception that the client, being Kotlin, throws without saying so. */
    private static CordaRPCConnection start(CordaRPCClient client, String user, String password)
            throws ActiveMQException {
        return client.start(user, password);
    }

    CordaRPCOps node() {
        return connection.getProxy();
    }

    @Override
    public void close() {
        connection.notifyServerAndClose();
    }

    /** A bare TCP connection first: a refused one costs nothing, while a failed RPC client takes seconds to build. */
    private static void awaitListening(NetworkHostAndPort address, Deadline deadline)
            throws Failure, InterruptedException {
        boolean told = false;
        while (true) {
            int patience = (int) Math.max(1, Math.min(5_000, deadline.leftMillis()));
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), patience);
                return;
            } catch (IOException notYet) {
                if (deadline.passed()) {
                    throw Failure.of("nothing answers at " + address
                            + "; check that the node runs and that the way to its RPC port is open", notYet);
                }
                if (!told) {
                    Progress.say("waiting for the node at " + address + " (" + notYet.getMessage() + ")");
                    told = true;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }
}
