package org.cordanetes.standin;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import kotlin.Pair;
import net.corda.core.crypto.Crypto;
import net.corda.nodeapi.internal.crypto.CertificateType;
import net.corda.nodeapi.internal.crypto.X509Utilities;

/** A small hierarchy of certificates, made by Corda's own classes, and key stores of it in a folder. */
public final class NetworkKeys {
    public static final String PASSWORD = "storePass1";
    public static final Pair<Duration, Duration> TEN_YEARS = new Pair<>(Duration.ZERO, Duration.ofDays(3650));

    private NetworkKeys() {}

    /** A key with its certificates from its own up to the root. */
    public record Entity(KeyPair pair, List<X509Certificate> chain) {
        public X509Certificate certificate() {
            return chain.get(0);
        }

        public X509Certificate root() {
            return chain.get(chain.size() - 1);
        }

        public Entity issue(CertificateType type, String name) {
            return issue(type, name, TEN_YEARS);
        }

        public Entity issue(CertificateType type, String name, Pair<Duration, Duration> validity) {
            KeyPair child = newPair();
            X509Certificate certificate = X509Utilities.createCertificate(type, certificate(), pair,
                    new X500Principal(name), child.getPublic(), validity, null, null, null);
            List<X509Certificate> path = new ArrayList<>(List.of(certificate));
            path.addAll(chain);
            return new Entity(child, path);
        }

        public Path store(Path folder, String file, String alias) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            // As Corda does: the JDK's own class of key, whatever made the key.
            PrivateKey key = java.security.KeyFactory.getInstance("EC").generatePrivate(
                    new java.security.spec.PKCS8EncodedKeySpec(pair.getPrivate().getEncoded()));
            store.setKeyEntry(alias, key, PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
            return write(store, folder.resolve(file));
        }

        public Path trust(Path folder, String file, String alias) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(alias, certificate());
            return write(store, folder.resolve(file));
        }
    }

    public static Entity root(String name) {
        KeyPair pair = newPair();
        return new Entity(pair, List.of(X509Utilities.createSelfSignedCACertificate(new X500Principal(name), pair,
                TEN_YEARS)));
    }

    /** The Identity Manager's CA below a root and a subordinate. */
    public static Entity identityManager() {
        Entity root = root("CN=Root CA, O=Network, L=London, C=GB");
        return subordinate(root).issue(CertificateType.INTERMEDIATE_CA, "CN=Identity Manager, O=Network, L=London, C=GB");
    }

    /** A CA without a Corda role: Corda has no type of certificate for it but the root's. */
    public static Entity subordinate(Entity root) {
        return root.issue(CertificateType.ROOT_CA, "CN=Subordinate CA, O=Network, L=London, C=GB");
    }

    public static KeyPair newPair() {
        return Crypto.generateKeyPair(X509Utilities.INSTANCE.getDEFAULT_TLS_SIGNATURE_SCHEME());
    }

    private static Path write(KeyStore store, Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }
}
