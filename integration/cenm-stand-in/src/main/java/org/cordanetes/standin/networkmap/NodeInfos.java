package org.cordanetes.standin.networkmap;

import java.security.cert.CertPath;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import net.corda.core.identity.PartyAndCertificate;
import net.corda.core.node.NodeInfo;
import net.corda.nodeapi.internal.SignedNodeInfo;
import net.corda.nodeapi.internal.crypto.X509Utilities;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;
import org.cordanetes.standin.tls.CordaRole;

/** What nodes have published about themselves: one entry for each legal name, the newest. */
final class NodeInfos {
    private static final Logger LOG = Logger.getLogger("NetworkMap");
    private final Documents<Published> published;
    private final Trust trust;
    private final int minimumPlatformVersion;
    private volatile Set<String> revoked = Set.of();

    /** A published NodeInfo; {@code signed} is AMQP in Base64. */
    record Published(String hash, String legalName, List<String> identities, List<String> addresses,
                     int platformVersion, long serial, long seenAt, List<String> certificateSerials, String signed) {}

    NodeInfos(Database database, Trust trust, int minimumPlatformVersion) {
        this.published = new Documents<>(database, "node-info", Published.class);
        this.trust = trust;
        this.minimumPlatformVersion = minimumPlatformVersion;
    }

    static NodeInfo verified(SignedNodeInfo signed) {
        try {
            return signed.verified();
        } catch (Exception e) {
            // Kotlin declares no checked exceptions; a failure means that the signatures do not hold.
            throw new ServiceError(403, "NETWORK_MAP_NODE_INFO_DECODING_FAILED",
                    "the signatures of the NodeInfo are not valid: " + e);
        }
    }

    synchronized void publish(byte[] bytes) {
        SignedNodeInfo signed = Blobs.read(bytes, SignedNodeInfo.class);
        NodeInfo info = verified(signed);
        String name = info.getLegalIdentities().get(0).getName().toString();
        if (info.getPlatformVersion() < minimumPlatformVersion) {
            throw ServiceError.invalid("the platform version " + info.getPlatformVersion() + " of " + name
                    + " is lower than " + minimumPlatformVersion);
        }
        List<X509Certificate> issuedHere = new ArrayList<>();
        for (PartyAndCertificate identity : info.getLegalIdentitiesAndCerts()) {
            issuedHere.add(trusted(identity));
        }
        trust.requireIssued(issuedHere, name);
        Optional<Published> old = published.find(name);
        if (old.isPresent() && old.get().serial() > info.getSerial()) {
            throw ServiceError.conflict("a newer NodeInfo of " + name + " is known");
        }
        String hash = signed.getRaw().getHash().toString();
        published.put(name, new Published(hash, name,
                info.getLegalIdentities().stream().map(party -> party.getName().toString()).toList(),
                info.getAddresses().stream().map(Object::toString).toList(), info.getPlatformVersion(),
                info.getSerial(), System.currentTimeMillis(),
                issuedHere.stream().map(one -> one.getSerialNumber().toString(16)).toList(),
                Base64.getEncoder().encodeToString(bytes)));
        if (old.isEmpty() || !old.get().hash().equals(hash)) {
            LOG.info("NodeInfo " + hash + " of " + name + " was published");
        }
    }

    /** Checks the identity up to the network's root and gives back the certificate that the zone issued for it. */
    private X509Certificate trusted(PartyAndCertificate identity) {
        CertPath path = identity.getCertPath();
        List<? extends Certificate> chain = path.getCertificates();
        try {
            X509Utilities.INSTANCE.validateCertPath(Set.of(trust.root(chain)), path);
        } catch (Exception e) {
            // Kotlin declares no checked exceptions; a failure means a chain that no node would trust.
            throw new ServiceError(403, "NETWORK_MAP_NODE_INFO_DECODING_FAILED", "the certificates of "
                    + identity.getName() + " do not chain to the root of this network: " + e);
        }
        // A legal identity stands below its node's CA; a notary's service identity was issued itself.
        boolean service = CordaRole.of(identity.getCertificate()) == CordaRole.SERVICE_IDENTITY;
        return (X509Certificate) chain.get(service ? 0 : 1);
    }

    List<Published> all() {
        return published.all();
    }

    /** Those seen within the event horizon and not revoked; the others fall out of the map. */
    List<Published> live(Duration horizon) {
        long oldest = System.currentTimeMillis() - horizon.toMillis();
        Set<String> out = revoked;
        return published.where(one -> one.seenAt() >= oldest && Collections.disjoint(one.certificateSerials(), out));
    }

    /** Serial numbers in hex of the certificates that are revoked now. */
    void revoked(Set<String> serials) {
        revoked = serials;
    }

    Optional<Published> byHash(String hash) {
        return published.where(one -> one.hash().equalsIgnoreCase(hash)).stream().findFirst();
    }
}
