package org.cordanetes.standin.tls;

import com.typesafe.config.Config;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.cordanetes.standin.config.ConfigText;

/** Builds TLS contexts from the {@code ssl} blocks of the configuration files. */
public final class MutualTls {
    private MutualTls() {}

    /** The context of the {@code ssl} block under {@code block}, or null when there is none (no TLS). */
    public static SSLContext under(Config block) throws StartRefused {
        return block.hasPath("ssl") ? of(block.getConfig("ssl")) : null;
    }

    /** The context of an {@code ssl} block: own key and what is trusted. */
    public static SSLContext of(Config ssl) throws StartRefused {
        String location = ssl.getString("keyStore.location");
        String password = ssl.getString("keyStore.password");
        String keyPassword = ConfigText.textOr(ssl, "keyStore.keyPassword", password);
        KeyStore keys = Stores.open(location, password);
        Stores.KeyEntry own = Stores.key(keys, location, null, keyPassword);
        String trustLocation = ConfigText.textOr(ssl, "trustStore.location", location);
        KeyStore trust = trustLocation.equals(location) ? keys
                : Stores.open(trustLocation, ConfigText.textOr(ssl, "trustStore.password", password));
        requireTrusted(own.chain(), trust, location, trustLocation);
        return context(keys, keyPassword, trust, trustLocation);
    }

    /** The context of a client that shows no certificate. */
    public static SSLContext trusting(String location, String password) throws StartRefused {
        return context(null, null, Stores.open(location, password), location);
    }

    public static SSLContext context(KeyStore keys, String keyPassword, KeyStore trust, String trustLocation)
            throws StartRefused {
        try {
            boolean anchored = false;
            for (String alias : Collections.list(trust.aliases())) {
                anchored |= trust.isCertificateEntry(alias);
            }
            if (!anchored) {
                throw new StartRefused("the trust store " + trustLocation + " holds no certificate to trust");
            }
            KeyManager[] own = null;
            if (keys != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
                factory.init(keys, keyPassword.toCharArray());
                own = factory.getKeyManagers();
            }
            TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
            trusted.init(trust);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new StartRefused("TLS cannot be set up with the trust store " + trustLocation + ": " + e.getMessage(), e);
        }
    }

    /** A key that no peer could accept is found here and not at the first handshake. */
    private static void requireTrusted(List<X509Certificate> chain, KeyStore trust, String location, String trustLocation)
            throws StartRefused {
        try {
            for (X509Certificate certificate : chain) {
                certificate.checkValidity();
                for (String alias : Collections.list(trust.aliases())) {
                    if (trust.getCertificate(alias) instanceof X509Certificate anchor && signed(certificate, anchor)) {
                        return;
                    }
                }
            }
        } catch (CertificateException e) {
            throw new StartRefused("the certificate of the key store " + location + " is not valid today: "
                    + e.getMessage(), e);
        } catch (KeyStoreException e) {
            throw new StartRefused("the trust store " + trustLocation + " cannot be searched: " + e.getMessage(), e);
        }
        throw new StartRefused("the certificate of the key store " + location
                + " does not chain to a certificate of the trust store " + trustLocation);
    }

    private static boolean signed(X509Certificate certificate, X509Certificate by) {
        if (!certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(by.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
