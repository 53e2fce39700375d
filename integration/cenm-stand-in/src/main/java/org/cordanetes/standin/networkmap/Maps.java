package org.cordanetes.standin.networkmap;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import net.corda.core.crypto.SecureHash;
import net.corda.core.node.NetworkParameters;
import net.corda.nodeapi.internal.network.NetworkMap;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.networkmap.NodeInfos.Published;
import org.cordanetes.standin.networkmap.SigningProtocol.Signed;
import org.cordanetes.standin.networkmap.SigningProtocol.Unsigned;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;

/** The signed network map in force and the one that should follow it. */
final class Maps {
    private static final Logger LOG = Logger.getLogger("NetworkMap");
    private static final String CURRENT = "current";
    private final Documents<SignedMap> maps;
    private final NodeInfos nodes;
    private final Parameters parameters;

    /** The nodes and parameters that a map names, in the order in which it names them. */
    record Content(List<String> nodeInfoHashes, String parametersHash) {}

    /** A map that nodes may have; {@code signed} is AMQP in Base64. */
    record SignedMap(String hash, Content content, String signed, long signedAt) {}

    Maps(Database database, NodeInfos nodes, Parameters parameters) {
        this.maps = new Documents<>(database, "network-map", SignedMap.class);
        this.nodes = nodes;
        this.parameters = parameters;
    }

    Optional<SignedMap> current() {
        return maps.find(CURRENT);
    }

    /** The next map, when it would say something else than the current one. */
    synchronized Unsigned unsigned() {
        Optional<Content> next = next();
        if (next.isEmpty() || current().map(SignedMap::content).equals(next)) {
            return Unsigned.NOTHING;
        }
        byte[] bytes = bytes(next.get());
        return new Unsigned(SecureHash.sha256(bytes).toString(), Base64.getEncoder().encodeToString(bytes),
                next.get().nodeInfoHashes().size() + " nodes, parameters " + next.get().parametersHash());
    }

    synchronized void accept(Signed signature) {
        Content content = next().orElseThrow(() -> ServiceError.conflict("there is no map to sign"));
        byte[] bytes = bytes(content);
        String hash = SecureHash.sha256(bytes).toString();
        if (!hash.equalsIgnoreCase(signature.hash())) {
            throw ServiceError.conflict("the map has changed since it was offered; sign the new one");
        }
        byte[] signed = Signatures.join(bytes, signature, false);
        maps.put(CURRENT, new SignedMap(hash, content, Base64.getEncoder().encodeToString(signed),
                System.currentTimeMillis()));
        LOG.info("network map " + hash + " with " + content.nodeInfoHashes().size() + " nodes is signed");
    }

    private Optional<Content> next() {
        Duration horizon = parameters.read().map(NetworkParameters::getEventHorizon).orElse(Duration.ofDays(1));
        return parameters.signedHash().map(hash -> new Content(
                nodes.live(horizon).stream().map(Published::hash).sorted().toList(), hash.toString()));
    }

    private static byte[] bytes(Content content) {
        return Blobs.write(new NetworkMap(content.nodeInfoHashes().stream().map(SecureHash::create)
                .map(SecureHash.class::cast).toList(), SecureHash.create(content.parametersHash()), null));
    }
}
