package org.cordanetes.standin.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Opens Java key stores and says in one sentence what is wrong with one that cannot be used. */
public final class Stores {
    private Stores() {}

    /** A private key with the certificates from its own up to its root. */
    public record KeyEntry(String alias, PrivateKey key, List<X509Certificate> chain) {
        public X509Certificate certificate() {
            return chain.get(0);
        }
    }

    public static KeyStore open(String location, String password) throws StartRefused {
        Path file = Path.of(location);
        if (!Files.isReadable(file)) {
            throw new StartRefused("the key store " + file + " does not exist or cannot be read");
        }
        try {
            return KeyStore.getInstance(file.toFile(), password.toCharArray());
        } catch (KeyStoreException e) {
            throw new StartRefused("the file " + file + " is not a JKS or PKCS#12 key store", e);
        } catch (IOException e) {
            boolean wrongPassword = e.getCause() instanceof UnrecoverableKeyException
                    || String.valueOf(e.getMessage()).contains("password");
            throw new StartRefused(wrongPassword
                    ? "the password given for the key store " + file + " is wrong"
                    : "the key store " + file + " is damaged: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new StartRefused("the key store " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The private key under {@code alias}; null stands for the only one of the store. */
    public static KeyEntry key(KeyStore store, String location, String alias, String keyPassword) throws StartRefused {
        String wanted = alias == null ? onlyKey(store, location) : alias;
        try {
            if (!store.isKeyEntry(wanted)) {
                throw new StartRefused("the key store " + location + " holds no private key under the alias '" + wanted
                        + "'; it holds " + Collections.list(store.aliases()));
            }
            PrivateKey key = (PrivateKey) store.getKey(wanted, keyPassword.toCharArray());
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : store.getCertificateChain(wanted)) {
                chain.add((X509Certificate) certificate);
            }
            return new KeyEntry(wanted, key, List.copyOf(chain));
        } catch (UnrecoverableKeyException e) {
            throw new StartRefused("the key password given for '" + wanted + "' in " + location + " is wrong", e);
        } catch (GeneralSecurityException e) {
            throw new StartRefused("the key '" + wanted + "' in " + location + " cannot be used: " + e.getMessage(), e);
        }
    }

    public static X509Certificate certificate(KeyStore store, String location, String alias) throws StartRefused {
        try {
            if (!(store.getCertificate(alias) instanceof X509Certificate certificate)) {
                throw new StartRefused("the store " + location + " holds no certificate under the alias '" + alias
                        + "'; it holds " + Collections.list(store.aliases()));
            }
            return certificate;
        } catch (KeyStoreException e) {
            throw new StartRefused("the store " + location + " cannot be searched: " + e.getMessage(), e);
        }
    }

    private static String onlyKey(KeyStore store, String location) throws StartRefused {
        List<String> keys = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
        } catch (KeyStoreException e) {
            throw new StartRefused("the key store " + location + " cannot be searched: " + e.getMessage(), e);
        }
        if (keys.size() != 1) {
            throw new StartRefused("the key store " + location + " must hold exactly one private key, but holds " + keys);
        }
        return keys.get(0);
    }
}
