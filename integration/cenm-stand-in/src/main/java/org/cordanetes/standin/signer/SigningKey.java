package org.cordanetes.standin.signer;

import com.typesafe.config.Config;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.corda.core.crypto.Crypto;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.tls.CordaRole;
import org.cordanetes.standin.tls.StartRefused;
import org.cordanetes.standin.tls.Stores;

/** A key of the Signing Service with its certificate and the issuers up to the root. */
record SigningKey(String name, KeyPair pair, List<X509Certificate> chain) {

    static SigningKey open(String name, Config config) throws StartRefused {
        String type = config.getString("type");
        if (!type.equals("LOCAL")) {
            throw new StartRefused("the signing key '" + name + "' is of type " + type
                    + "; the stand-in has no hardware security modules, only LOCAL keys");
        }
        String location = config.getString("keyStore.file");
        String password = config.getString("keyStore.password");
        Stores.KeyEntry entry = Stores.key(Stores.open(location, password), location, config.getString("alias"),
                ConfigText.textOr(config, "password", password));
        requireChain(entry, location);
        return new SigningKey(name, new KeyPair(Crypto.toSupportedPublicKey(entry.certificate().getPublicKey()),
                Crypto.toSupportedPrivateKey(entry.key())), entry.chain());
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** Refuses a key whose certificate does not have one of the roles that the work needs. */
    void requireRole(String signer, CordaRole... allowed) throws StartRefused {
        CordaRole role = CordaRole.of(certificate());
        if (role == null || !List.of(allowed).contains(role)) {
            throw new StartRefused("the signer '" + signer + "' needs a key with the Corda role " + List.of(allowed)
                    + ", but the certificate of '" + name + "' has " + (role == null ? "none" : role));
        }
    }

    byte[] sign(byte[] content) {
        try {
            return Crypto.doSign(pair.getPrivate(), content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key '" + name + "' was checked at the start", e);
        }
    }

    /** The chain in Base64 DER, own certificate first. */
    List<String> encodedChain() {
        List<String> encoded = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            encoded.add(encode(certificate));
        }
        return encoded;
    }

    static String encode(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was parsed from an encoding", e);
        }
    }

    private static void requireChain(Stores.KeyEntry entry, String location) throws StartRefused {
        List<X509Certificate> chain = entry.chain();
        X509Certificate root = chain.get(chain.size() - 1);
        String where = "the chain of '" + entry.alias() + "' in " + location;
        if (chain.size() < 2 || !root.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
            throw new StartRefused(where + " does not reach a self-signed root; put the whole chain into the store");
        }
        try {
            for (int i = 0; i < chain.size(); i++) {
                chain.get(i).checkValidity();
                chain.get(i).verify(chain.get(Math.min(i + 1, chain.size() - 1)).getPublicKey());
            }
        } catch (GeneralSecurityException e) {
            throw new StartRefused(where + " is not valid: " + e.getMessage(), e);
        }
    }
}
