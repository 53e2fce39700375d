package org.cordanetes.standin.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import net.corda.nodeapi.internal.crypto.CertificateType;
import org.cordanetes.standin.NetworkKeys;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
    @TempDir
    Path folder;

    @Test
    void a_wrong_password_a_missing_alias_and_another_file_are_told_apart() throws Exception {
        String store = NetworkKeys.identityManager().store(folder, "im.jks", "cordaidentitymanagerca").toString();
        assertTrue(message(() -> Stores.open(store, "wrong")).contains("password given for the key store"));
        assertTrue(message(() -> Stores.key(Stores.open(store, NetworkKeys.PASSWORD), store, "other", NetworkKeys.PASSWORD))
                .contains("no private key under the alias 'other'; it holds [cordaidentitymanagerca]"));
        String text = Files.writeString(folder.resolve("text.jks"), "not a store").toString();
        assertTrue(message(() -> Stores.open(text, "x")).contains("is not a JKS or PKCS#12 key store"));
        assertTrue(message(() -> Stores.open(folder.resolve("absent.jks").toString(), "x")).contains("does not exist"));
    }

    @Test
    void roles_are_read_from_corda_s_extension() {
        NetworkKeys.Entity identityManager = NetworkKeys.identityManager();
        assertEquals(CordaRole.DOORMAN_CA, CordaRole.of(identityManager.certificate()));
        assertNull(CordaRole.of(identityManager.root()));
        assertEquals(CordaRole.NODE_CA,
                CordaRole.of(identityManager.issue(CertificateType.NODE_CA, "O=A, L=London, C=GB").certificate()));
    }

    @Test
    void a_key_that_the_trust_store_does_not_know_is_refused() throws Exception {
        NetworkKeys.Entity root = NetworkKeys.root("CN=SSL, O=N, L=London, C=GB");
        root.issue(CertificateType.TLS, "CN=zone, O=N, L=London, C=GB").store(folder, "zone.jks", "cordasslzone");
        NetworkKeys.root("CN=Other, O=N, L=London, C=GB").trust(folder, "trust.jks", "cordasslrootca");
        assertTrue(message(() -> MutualTls.of(ssl("zone"))).contains("does not chain to a certificate of the trust store"));
    }

    @Test
    void a_listener_with_mutual_tls_answers_only_known_clients() throws Exception {
        NetworkKeys.Entity root = NetworkKeys.root("CN=SSL, O=N, L=London, C=GB");
        root.trust(folder, "trust.jks", "cordasslrootca");
        root.issue(CertificateType.TLS, "CN=zone, O=N, L=London, C=GB").store(folder, "zone.jks", "cordasslzone");
        root.issue(CertificateType.TLS, "CN=angel, O=N, L=London, C=GB").store(folder, "angel.jks", "cordassl");
        SSLContext server = MutualTls.of(ssl("zone"));
        SSLContext anonymous = MutualTls.trusting(folder.resolve("trust.jks").toString(), NetworkKeys.PASSWORD);
        // The port is chosen by the system: another process may hold any fixed one.
        int port = freePort();
        try (HttpListener listener = HttpListener.tls("test", "127.0.0.1", port, server, true)) {
            listener.route("GET", "/x", request -> Response.text(200, "{}")).start();
            assertEquals(200, get(port, MutualTls.of(ssl("angel"))));
            assertThrows(java.io.IOException.class, () -> get(port, anonymous));
        }
    }

    private static int freePort() throws java.io.IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int get(int port, SSLContext context) throws java.io.IOException {
        return new JsonClient("test", "127.0.0.1", port, context, Duration.ofSeconds(10))
                .exchange("GET", "/x", java.util.Map.of(), null, null).status();
    }

    private Config ssl(String name) {
        return ConfigFactory.parseString("keyStore { location = \"" + folder.resolve(name + ".jks") + "\", password = "
                + NetworkKeys.PASSWORD + " }, trustStore { location = \"" + folder.resolve("trust.jks") + "\", password = "
                + NetworkKeys.PASSWORD + " }");
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(StartRefused.class, call).getMessage();
    }
}
