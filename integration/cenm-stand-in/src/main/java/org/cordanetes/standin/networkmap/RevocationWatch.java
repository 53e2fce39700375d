package org.cordanetes.standin.networkmap;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.IssuanceProtocol;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.RevocationMaterial;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Revoked;

/** With {@code checkRevocation}: asks the revocation port again and again who is revoked and drops those nodes. */
final class RevocationWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("NetworkMap");
    private final JsonClient revocation;
    private final NodeInfos nodes;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread worker = new Thread(task, "revocation-watch");
        worker.setDaemon(true);
        return worker;
    });
    private boolean failing;

    RevocationWatch(JsonClient revocation, NodeInfos nodes) {
        this.revocation = revocation;
        this.nodes = nodes;
    }

    void start(Duration interval) {
        thread.scheduleWithFixedDelay(this::ask, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void ask() {
        try {
            nodes.revoked(revocation.get(IssuanceProtocol.REVOCATION_MATERIAL, RevocationMaterial.class).revoked()
                    .stream().map(Revoked::serial).collect(Collectors.toUnmodifiableSet()));
            failing = false;
        } catch (IOException | ServiceError e) {
            // What is known stays in force; a map must not come and go with the Identity Manager.
            if (!failing) {
                LOG.warning("revocations cannot be checked, asking on: " + e.getMessage());
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
