package cordanetes.acceptance;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.CertPath;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import kotlin.Pair;
import net.corda.core.crypto.Crypto;
import net.corda.core.identity.PartyAndCertificate;
import net.corda.core.internal.CertRole;
import net.corda.nodeapi.internal.crypto.CertificateAndKeyPair;
import net.corda.nodeapi.internal.crypto.CertificateType;
import net.corda.nodeapi.internal.crypto.KeyStoreUtilities;
import net.corda.nodeapi.internal.crypto.X509Utilities;

/** Corda's key stores, chain validation and roles, as its node uses them. */
final class Acceptance {
    private static final Duration DAY = Duration.ofDays(1);

    private final Path folder;

    Acceptance(Path folder) {
        this.folder = folder;
    }

    String signer(String[] words) throws Exception {
        KeyStore store = KeyStoreUtilities.loadKeyStore(folder.resolve(words[1]), words[2]);
        String alias = words[4];
        KeyStoreUtilities.getCertificateAndKeyPair(store, alias, words[3]);
        List<X509Certificate> chain = chain(store, alias);
        Set<X509Certificate> roots = roots(words[6], words[7]);
        X509Utilities.INSTANCE.validateCertificateChain(roots, chain);
        CertRole wanted = words[5].equals("NONE") ? null : CertRole.valueOf(words[5]);
        CertRole role = CertRole.Companion.extract(chain.get(0));
        if (role != wanted) {
            throw new IllegalArgumentException("the role is " + role + " and not " + wanted);
        }
        if (role != null && !role.isValidParent(CertRole.Companion.extract(chain.get(1)))) {
            throw new IllegalArgumentException("the issuer's role is no parent of " + role);
        }
        return "accepted, " + role + ", chain of " + chain.size();
    }

    /** The whole way of a node: its authority, its legal identity, and what other nodes verify of it. */
    String identity(String[] words) throws Exception {
        KeyStore store = KeyStoreUtilities.loadKeyStore(folder.resolve(words[1]), words[2]);
        CertificateAndKeyPair doorman = KeyStoreUtilities.getCertificateAndKeyPair(store, words[4], words[3]);
        X500Principal name = new X500Principal("O=PartyA, L=London, C=GB");
        KeyPair node = Crypto.generateKeyPair(Crypto.ECDSA_SECP256R1_SHA256);
        X509Certificate nodeCa =
                issue(CertificateType.NODE_CA, doorman.getCertificate(), doorman.getKeyPair(), name, node);
        KeyPair identity = Crypto.generateKeyPair(Crypto.ECDSA_SECP256R1_SHA256);
        X509Certificate legal = issue(CertificateType.LEGAL_IDENTITY, nodeCa, node, name, identity);

        List<X509Certificate> chain = new ArrayList<>(Arrays.asList(legal, nodeCa));
        chain.addAll(chain(store, words[4]));
        CertPath path = X509Utilities.INSTANCE.buildCertPath(chain);
        Set<TrustAnchor> anchors = roots(words[5], words[6]).stream()
                .map(root -> new TrustAnchor(root, null))
                .collect(Collectors.toSet());
        PartyAndCertificate party = new PartyAndCertificate(path);
        party.verify(anchors);
        return "accepted, " + party.getName();
    }

    private static X509Certificate issue(
            CertificateType type, X509Certificate issuer, KeyPair issuerKey, X500Principal name, KeyPair key) {
        return X509Utilities.createCertificate(
                type, issuer, issuerKey, name, key.getPublic(), new Pair<>(DAY, DAY), null, null, null);
    }

    /** As a node does when it registers: every alias that begins so is a root. */
    private Set<X509Certificate> roots(String file, String password) throws Exception {
        KeyStore trust = KeyStoreUtilities.loadKeyStore(folder.resolve(file), password);
        Set<X509Certificate> roots = new HashSet<>();
        for (String alias : Collections.list(trust.aliases())) {
            if (alias.startsWith(X509Utilities.CORDA_ROOT_CA)) {
                roots.add((X509Certificate) trust.getCertificate(alias));
            }
        }
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("the trust store has no root");
        }
        return roots;
    }

    private static List<X509Certificate> chain(KeyStore store, String alias) throws Exception {
        return Arrays.stream(store.getCertificateChain(alias))
                .map(X509Certificate.class::cast)
                .collect(Collectors.toList());
    }
}
