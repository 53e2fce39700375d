package org.cordanetes.standin.networkmap;

import net.corda.core.crypto.CryptoUtils;
import net.corda.core.crypto.SecureHash;
import net.corda.core.crypto.SignedData;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;

/** Which node has accepted which network parameters. */
final class Acknowledgements {
    private final Documents<Acknowledgement> acknowledgements;

    record Acknowledgement(String keyHash, String parametersHash, long at) {}

    Acknowledgements(Database database) {
        this.acknowledgements = new Documents<>(database, "acknowledgement", Acknowledgement.class);
    }

    void accept(byte[] bytes) {
        SignedData<?> signed = Blobs.read(bytes, SignedData.class);
        try {
            SecureHash hash = (SecureHash) signed.verified();
            String key = CryptoUtils.toStringShort(signed.getSig().getBy());
            acknowledgements.put(key, new Acknowledgement(key, hash.toString(), System.currentTimeMillis()));
        } catch (Exception e) {
            // Kotlin declares no checked exceptions; a failure means that the signature does not hold.
            throw ServiceError.forbidden("the acknowledgement's signature is not valid: " + e);
        }
    }
}
