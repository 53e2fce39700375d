package org.cordanetes.standin.networkmap;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.IssuanceProtocol;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Fingerprints;

/** Decides which certificates belong to this network: by the root, and by asking the Identity Manager. */
final class Trust {
    private final X509Certificate root;
    private final JsonClient identityManager;

    /**
     * @param root what the Angel was given, or null when the Network Map was started by hand
     * @param identityManager null when the configuration names none
     */
    Trust(X509Certificate root, JsonClient identityManager) {
        this.root = root;
        this.identityManager = identityManager;
    }

    /** The root to check against; without one of its own, a chain's own root, and the Identity Manager decides. */
    X509Certificate root(List<? extends Certificate> chain) {
        return root != null ? root : (X509Certificate) chain.get(chain.size() - 1);
    }

    void requireIssued(List<X509Certificate> certificates, String name) {
        if (identityManager == null) {
            return;
        }
        List<String> fingerprints = new ArrayList<>();
        for (X509Certificate certificate : certificates) {
            fingerprints.add(fingerprint(certificate));
        }
        try {
            Fingerprints unknown = identityManager.post(IssuanceProtocol.UNKNOWN, new Fingerprints(fingerprints),
                    Fingerprints.class);
            if (!unknown.fingerprints().isEmpty()) {
                throw new ServiceError(403, "GENERAL_ERROR", "a certificate of " + name
                        + " was not issued by the Identity Manager of this network, or is revoked");
            }
        } catch (IOException e) {
            throw ServiceError.unavailable("the certificates of " + name + " cannot be checked now: " + e.getMessage());
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was parsed from an encoding", e);
        }
    }
}
