package org.cordanetes.standin.identitymanager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;
import net.corda.core.internal.CertRole;
import net.corda.nodeapi.internal.crypto.X509Utilities;
import org.cordanetes.standin.Databases;
import org.cordanetes.standin.NetworkKeys;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.CertificateRequest.Status;
import org.cordanetes.standin.storage.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsTest {
    /** Sent by a Corda 4.10 node; its signature algorithm carries the curve, which strict parsers refuse. */
    private static final String FROM_A_NODE = "MIIBKjCBxwIBADA0MQswCQYDVQQGEwJHQjEPMA0GA1UEBwwGTG9uZG9uMRQwEgYD"
            + "VQQKDAtOb3RhcnkgSG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBAxzWUKxl6Wu0CG9/thcnCF1H+YUwz+NdCXOAbfCr1WyHTW"
            + "I5I0XKLE8UIL8lpdtXUFCewSSJRozn/QWtwYGUygMTARBgorBgEEAYOKYgEBMQMCAQQwHAYJKoZIhvcNAQkBMQ8MDW5AZXhhbXBsZS5j"
            + "b20wFAYIKoZIzj0EAwIGCCqGSM49AwEHA0gAMEUCIQDDB15noBVlWd0KQYQPNkLO/DmUXQ7sCKXsyPDAkgwpYQIgDGCH9FnLxHDvgpks"
            + "7Itd8OWTCJP+93bOtvacnkPRfXM=";
    private static final String NAME = "O=PartyA, L=London, C=GB";

    @TempDir
    Path folder;
    private Database database;
    private Requests requests;

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(folder);
        requests = new Requests(database);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void a_real_node_s_request_is_understood() {
        CertificateRequest request = find(requests.submit(Base64.getDecoder().decode(FROM_A_NODE)));
        assertEquals("O=Notary Host, L=London, C=GB", request.legalName());
        assertEquals("NODE_CA", request.role());
        assertEquals(Status.APPROVED, request.status());
    }

    @Test
    void a_taken_name_is_rejected() {
        requests.submit(csr(NAME, CertRole.NODE_CA, NetworkKeys.newPair()));
        CertificateRequest second = find(requests.submit(csr(NAME, CertRole.NODE_CA, NetworkKeys.newPair())));
        assertEquals(Rejection.DUPLICATE_X500_NAME, second.rejection());
        assertEquals(2, second.rejection().code());
    }

    @Test
    void a_used_key_is_rejected() {
        KeyPair pair = NetworkKeys.newPair();
        requests.submit(csr(NAME, CertRole.NODE_CA, pair));
        assertEquals(Rejection.DUPLICATE_PUBLIC_KEY,
                find(requests.submit(csr("O=PartyB, L=London, C=GB", CertRole.NODE_CA, pair))).rejection());
    }

    @Test
    void the_same_request_again_has_the_same_id_even_after_a_restart() throws Exception {
        KeyPair pair = NetworkKeys.newPair();
        String id = requests.submit(csr(NAME, CertRole.NODE_CA, pair));
        close();
        open();
        assertEquals(id, requests.submit(csr(NAME, CertRole.NODE_CA, pair)));
    }

    @Test
    void a_notary_may_ask_for_both_of_its_roles() {
        requests.submit(csr("O=Service, L=London, C=GB", CertRole.SERVICE_IDENTITY, NetworkKeys.newPair()));
        CertificateRequest node = find(requests.submit(csr("O=Host, L=London, C=GB", CertRole.NODE_CA, NetworkKeys.newPair())));
        assertEquals(Status.APPROVED, node.status());
    }

    @Test
    void other_roles_and_names_are_rejected() {
        assertEquals(Rejection.CERTIFICATE_ROLE_NOT_ALLOWED,
                find(requests.submit(csr(NAME, CertRole.DOORMAN_CA, NetworkKeys.newPair()))).rejection());
        assertEquals(Rejection.INCORRECT_X500_NAME_FORMAT,
                find(requests.submit(csr("O=No country", CertRole.NODE_CA, NetworkKeys.newPair()))).rejection());
    }

    @Test
    void what_is_not_a_request_or_was_changed_is_refused() {
        assertThrows(ServiceError.class, () -> requests.submit("nonsense".getBytes()));
        byte[] changed = csr(NAME, CertRole.NODE_CA, NetworkKeys.newPair());
        changed[40] ^= 1;
        assertThrows(ServiceError.class, () -> requests.submit(changed));
    }

    @Test
    void requests_have_different_ids() {
        assertNotEquals(requests.submit(csr(NAME, CertRole.NODE_CA, NetworkKeys.newPair())),
                requests.submit(csr("O=PartyB, L=London, C=GB", CertRole.NODE_CA, NetworkKeys.newPair())));
    }

    private CertificateRequest find(String id) {
        return requests.find(id).orElseThrow();
    }

    private static byte[] csr(String name, CertRole role, KeyPair pair) {
        try {
            return X509Utilities.INSTANCE.createCertificateSigningRequest(new X500Principal(name), "a@example.com", pair, role)
                    .getEncoded();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
