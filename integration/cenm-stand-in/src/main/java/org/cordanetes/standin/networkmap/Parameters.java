package org.cordanetes.standin.networkmap;

import com.typesafe.config.Config;
import java.util.Base64;
import java.util.Optional;
import java.util.logging.Logger;
import net.corda.core.crypto.SecureHash;
import net.corda.core.node.NetworkParameters;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.networkmap.SigningProtocol.Signed;
import org.cordanetes.standin.networkmap.SigningProtocol.Unsigned;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;

/** The network parameters: built once from the plain text, then signed, then never changed. */
final class Parameters {
    private static final Logger LOG = Logger.getLogger("NetworkMap");
    private static final String ONLY = "initial";
    private final Documents<Stored> stored;
    /** Read once: they never change, and every poll of the Signing Service looks at them. */
    private volatile NetworkParameters decoded;

    /** Parameters as AMQP in Base64; {@code signed} is null until the signature has come. */
    record Stored(String hash, String content, String signed) {}

    Parameters(Database database) {
        this.stored = new Documents<>(database, "network-parameters", Stored.class);
    }

    boolean set() {
        return stored.find(ONLY).isPresent();
    }

    synchronized void build(Config text) {
        byte[] content = Blobs.write(ParametersBuilder.build(text));
        String hash = SecureHash.sha256(content).toString();
        stored.put(ONLY, new Stored(hash, Base64.getEncoder().encodeToString(content), null));
        LOG.info("Saved initial network parameters to be signed: " + hash);
    }

    Optional<Stored> current() {
        return stored.find(ONLY);
    }

    /** The hash that maps name, once nodes can download what it stands for. */
    Optional<SecureHash> signedHash() {
        return current().filter(one -> one.signed() != null).map(one -> SecureHash.create(one.hash()));
    }

    Optional<NetworkParameters> read() {
        if (decoded == null) {
            decoded = current().map(one -> Blobs.read(Base64.getDecoder().decode(one.content()), NetworkParameters.class))
                    .orElse(null);
        }
        return Optional.ofNullable(decoded);
    }

    Optional<byte[]> signed(String hash) {
        return current().filter(one -> one.signed() != null && one.hash().equalsIgnoreCase(hash))
                .map(one -> Base64.getDecoder().decode(one.signed()));
    }

    Unsigned unsigned() {
        return current().filter(one -> one.signed() == null)
                .map(one -> new Unsigned(one.hash(), one.content(), "initial network parameters"))
                .orElse(Unsigned.NOTHING);
    }

    synchronized void accept(Signed signature) {
        Stored one = current().filter(candidate -> candidate.hash().equalsIgnoreCase(signature.hash()))
                .orElseThrow(() -> ServiceError.notFound("there are no network parameters with the hash " + signature.hash()));
        byte[] signed = Signatures.join(Base64.getDecoder().decode(one.content()), signature, true);
        stored.put(ONLY, new Stored(one.hash(), one.content(), Base64.getEncoder().encodeToString(signed)));
        LOG.info("network parameters " + one.hash() + " are signed");
    }
}
