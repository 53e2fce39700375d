package org.cordanetes.standin.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.x500.X500Principal;
import net.corda.core.internal.CertRole;
import net.corda.nodeapi.internal.crypto.CertificateType;
import net.corda.nodeapi.internal.crypto.X509Utilities;
import org.cordanetes.standin.NetworkKeys;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.identitymanager.IssuanceProtocol;
import org.cordanetes.standin.tls.CordaRole;
import org.cordanetes.standin.tls.StartRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningTest {
    private static final String CRL = "http://crl.example/certificate-revocation-list/doorman";

    @TempDir
    Path folder;

    @Test
    void a_node_gets_a_ca_for_its_own_name_within_the_life_of_its_issuer() throws Exception {
        NetworkKeys.Entity identityManager = NetworkKeys.identityManager();
        var csr = X509Utilities.INSTANCE.createCertificateSigningRequest(new X500Principal("O=PartyA, L=London, C=GB"),
                "a@example.com", NetworkKeys.newPair(), CertRole.NODE_CA);
        AtomicReference<IssuanceProtocol.Issued> pushed = new AtomicReference<>();
        try (HttpListener stub = HttpListener.plain("stub", "127.0.0.1", freePort())) {
            stub.route("GET", IssuanceProtocol.APPROVED, request -> Response.json(new IssuanceProtocol.ApprovedList(
                            java.util.List.of(new IssuanceProtocol.Approved("id1", "x", "NODE_CA",
                                    Base64.getEncoder().encodeToString(csr.getEncoded()))))))
                    .route("POST", IssuanceProtocol.ISSUED, request -> {
                        pushed.set(request.json(IssuanceProtocol.Issued.class));
                        return Response.json(Map.of());
                    }).start();
            Config config = ConfigFactory.parseMap(Map.of("validDays", 7300, "crlDistributionPoint", CRL));
            assertEquals(1, new CsrWork(client(stub), key(identityManager), config).signAll());
        }
        assertEquals("id1", pushed.get().id());
        X509Certificate certificate = certificate(pushed.get().certificates().get(0));
        assertEquals(CordaRole.NODE_CA, CordaRole.of(certificate));
        assertTrue(!certificate.getNotAfter().after(identityManager.certificate().getNotAfter()));
        assertTrue(new String(certificate.getExtensionValue("2.5.29.31")).contains(CRL));
        assertTrue(certificate.getExtensionValue("2.5.29.30") != null, "name constraints");
        X509Utilities.INSTANCE.validateCertificateChain(Set.of(identityManager.root()),
                pushed.get().certificates().stream().map(SigningTest::certificate).toArray(X509Certificate[]::new));
    }

    @Test
    void a_crl_lists_what_is_revoked_and_says_when_the_next_one_comes() throws Exception {
        NetworkKeys.Entity identityManager = NetworkKeys.identityManager();
        AtomicReference<IssuanceProtocol.SignedCrl> pushed = new AtomicReference<>();
        try (HttpListener stub = HttpListener.plain("stub", "127.0.0.1", freePort())) {
            stub.route("GET", IssuanceProtocol.REVOCATION_MATERIAL, request -> Response.json(
                            new IssuanceProtocol.RevocationMaterial(java.util.List.of(new IssuanceProtocol.Revoked("abc123",
                                    "KEY_COMPROMISE", System.currentTimeMillis())), 4, null)))
                    .route("POST", IssuanceProtocol.CRL, request -> {
                        pushed.set(request.json(IssuanceProtocol.SignedCrl.class));
                        return Response.json(Map.of());
                    }).start();
            Config config = ConfigFactory.parseMap(Map.of("updatePeriod", 604_800_000L, "crlDistributionPoint", CRL));
            new CrlWork(client(stub), key(identityManager), config).sign("");
        }
        X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(
                new ByteArrayInputStream(Base64.getDecoder().decode(pushed.get().crl())));
        crl.verify(identityManager.certificate().getPublicKey());
        assertTrue(crl.getNextUpdate().after(Date.from(java.time.Instant.now().plus(Duration.ofDays(6)))));
        assertEquals("abc123", crl.getRevokedCertificates().iterator().next().getSerialNumber().toString(16));
    }

    @Test
    void a_key_with_another_role_or_without_its_root_is_refused() throws Exception {
        NetworkKeys.Entity identityManager = NetworkKeys.identityManager();
        StartRefused role = assertThrows(StartRefused.class, () ->
                key(identityManager).requireRole("NetworkMap", CordaRole.NETWORK_MAP));
        assertTrue(role.getMessage().contains("has DOORMAN_CA"), role.getMessage());
        NetworkKeys.Entity cut = new NetworkKeys.Entity(identityManager.pair(), identityManager.chain().subList(0, 2));
        assertTrue(assertThrows(StartRefused.class, () -> key(cut)).getMessage().contains("does not reach a self-signed root"));
    }

    @Test
    void hardware_keys_are_refused_by_name() {
        Config config = ConfigFactory.parseMap(Map.of("type", "UTIMACO_HSM", "alias", "a"));
        assertTrue(assertThrows(StartRefused.class, () -> SigningKey.open("k", config)).getMessage().contains("UTIMACO_HSM"));
    }

    @Test
    void a_network_map_key_is_accepted_for_maps() throws Exception {
        NetworkKeys.Entity root = NetworkKeys.root("CN=Root CA, O=Network, L=London, C=GB");
        NetworkKeys.Entity map = NetworkKeys.subordinate(root).issue(CertificateType.NETWORK_MAP, "CN=Map, O=N, L=London, C=GB");
        key(map).requireRole("NetworkMap", CordaRole.NETWORK_MAP, CordaRole.NETWORK_PARAMETERS);
    }

    private SigningKey key(NetworkKeys.Entity entity) throws Exception {
        Path store = entity.store(folder, "keys.jks", "alias");
        return SigningKey.open("key", ConfigFactory.parseMap(Map.of("type", "LOCAL", "alias", "alias", "keyStore.file",
                store.toString(), "keyStore.password", NetworkKeys.PASSWORD)));
    }

    private static JsonClient client(HttpListener stub) {
        return new JsonClient("stub", "127.0.0.1", stub.port(), null, Duration.ofSeconds(10));
    }

    private static X509Certificate certificate(String encoded) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(Base64.getDecoder().decode(encoded)));
        } catch (java.security.cert.CertificateException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static int freePort() throws java.io.IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
