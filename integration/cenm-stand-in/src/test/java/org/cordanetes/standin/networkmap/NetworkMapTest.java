package org.cordanetes.standin.networkmap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import net.corda.core.crypto.Crypto;
import net.corda.core.crypto.DigitalSignature;
import net.corda.core.identity.PartyAndCertificate;
import net.corda.core.internal.SignedDataWithCert;
import net.corda.core.node.NodeInfo;
import net.corda.core.serialization.SerializedBytes;
import net.corda.core.utilities.NetworkHostAndPort;
import net.corda.nodeapi.internal.SignedNodeInfo;
import net.corda.nodeapi.internal.crypto.CertificateType;
import net.corda.nodeapi.internal.crypto.X509Utilities;
import net.corda.nodeapi.internal.network.NetworkMap;
import net.corda.nodeapi.internal.network.NetworkMapKt;
import org.cordanetes.standin.Databases;
import org.cordanetes.standin.NetworkKeys;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.networkmap.SigningProtocol.Signed;
import org.cordanetes.standin.networkmap.SigningProtocol.Unsigned;
import org.cordanetes.standin.storage.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkMapTest {
    private static final NetworkKeys.Entity ROOT = NetworkKeys.root("CN=Root CA, O=Network, L=London, C=GB");
    private static final NetworkKeys.Entity SUBORDINATE = NetworkKeys.subordinate(ROOT);
    private static final NetworkKeys.Entity IDENTITY_MANAGER =
            SUBORDINATE.issue(CertificateType.INTERMEDIATE_CA, "CN=Identity Manager, O=Network, L=London, C=GB");
    private static final NetworkKeys.Entity SIGNER =
            SUBORDINATE.issue(CertificateType.NETWORK_MAP, "CN=Network Map, O=Network, L=London, C=GB");

    @TempDir
    Path folder;
    private Database database;
    private Parameters parameters;
    private NodeInfos nodes;
    private Maps maps;

    @BeforeAll
    static void serialisation() {
        Blobs.initialise();
    }

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(folder);
        parameters = new Parameters(database);
        nodes = new NodeInfos(database, new Trust(ROOT.certificate(), null), -1);
        maps = new Maps(database, nodes, parameters);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void there_is_no_map_before_the_parameters_are_signed() throws Exception {
        assertNull(maps.unsigned().hash());
        buildParameters();
        assertNull(maps.unsigned().hash());
        sign(parameters.unsigned(), parameters::accept);
        assertNotNull(maps.unsigned().hash());
    }

    @Test
    void a_signed_map_is_one_that_nodes_accept() throws Exception {
        Published published = runningNetwork();
        SignedDataWithCert<?> signed = Blobs.read(Base64.getDecoder().decode(maps.current().orElseThrow().signed()),
                SignedDataWithCert.class);
        NetworkMap map = (NetworkMap) NetworkMapKt.verifiedNetworkMapCert(signed, Set.of(ROOT.certificate()));
        assertEquals(List.of(published.hash()), map.getNodeInfoHashes().stream().map(Object::toString).toList());
        assertTrue(parameters.signed(map.getNetworkParameterHash().toString()).isPresent());
        assertNull(maps.unsigned().hash(), "nothing new to sign");
    }

    @Test
    void a_map_with_a_key_of_another_role_is_refused() throws Exception {
        buildParameters();
        Unsigned unsigned = parameters.unsigned();
        assertThrows(ServiceError.class, () -> parameters.accept(signature(unsigned, IDENTITY_MANAGER)));
    }

    @Test
    void a_node_of_another_network_is_refused() {
        NetworkKeys.Entity stranger = NetworkKeys.identityManager().issue(CertificateType.NODE_CA, "O=Eve, L=London, C=GB");
        ServiceError refused = assertThrows(ServiceError.class, () -> nodes.publish(nodeInfo(stranger, "O=Eve, L=London, C=GB", 1)));
        assertEquals(403, refused.status());
    }

    @Test
    void a_newer_node_info_takes_the_place_of_the_older() throws Exception {
        NetworkKeys.Entity node = node("O=PartyA, L=London, C=GB");
        byte[] first = nodeInfo(node, "O=PartyA, L=London, C=GB", 1);
        nodes.publish(first);
        nodes.publish(nodeInfo(node, "O=PartyA, L=London, C=GB", 2));
        assertEquals(1, nodes.all().size());
        assertEquals(2, nodes.all().get(0).serial());
        assertThrows(ServiceError.class, () -> nodes.publish(first));
    }

    @Test
    void a_revoked_node_leaves_the_map() throws Exception {
        runningNetwork();
        nodes.revoked(Set.copyOf(nodes.all().get(0).certificateSerials()));
        sign(maps.unsigned(), maps::accept);
        assertEquals(List.of(), maps.current().orElseThrow().content().nodeInfoHashes());
    }

    @Test
    void the_map_survives_a_restart() throws Exception {
        runningNetwork();
        String hash = maps.current().orElseThrow().hash();
        close();
        open();
        assertEquals(hash, maps.current().orElseThrow().hash());
        assertNull(maps.unsigned().hash());
    }

    private record Published(String hash) {}

    private Published runningNetwork() throws Exception {
        buildParameters();
        sign(parameters.unsigned(), parameters::accept);
        nodes.publish(nodeInfo(node("O=PartyA, L=London, C=GB"), "O=PartyA, L=London, C=GB", 1));
        sign(maps.unsigned(), maps::accept);
        return new Published(nodes.all().get(0).hash());
    }

    private void buildParameters() throws Exception {
        Path file = folder.resolve("nodeInfo-notary");
        Files.write(file, nodeInfo(node("O=Notary, L=London, C=GB"), "O=Notary, L=London, C=GB", 1));
        parameters.build(ConfigFactory.parseString("minimumPlatformVersion = 4, maxMessageSize = 10485760, "
                + "maxTransactionSize = 10485760, eventHorizonDays = 30, notaries = [{ notaryNodeInfoFile = \"" + file
                + "\", validating = false }]"));
    }

    private static void sign(Unsigned unsigned, java.util.function.Consumer<Signed> to) {
        to.accept(signature(unsigned, SIGNER));
    }

    private static Signed signature(Unsigned unsigned, NetworkKeys.Entity key) {
        try {
            byte[] signature = Crypto.doSign(key.pair().getPrivate(), Base64.getDecoder().decode(unsigned.content()));
            List<String> chain = new java.util.ArrayList<>();
            for (var certificate : key.chain()) {
                chain.add(Base64.getEncoder().encodeToString(certificate.getEncoded()));
            }
            return new Signed(unsigned.hash(), Base64.getEncoder().encodeToString(signature), chain);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static NetworkKeys.Entity node(String name) {
        return IDENTITY_MANAGER.issue(CertificateType.NODE_CA, name);
    }

    private static byte[] nodeInfo(NetworkKeys.Entity nodeCa, String name, long serial) throws Exception {
        NetworkKeys.Entity identity = nodeCa.issue(CertificateType.LEGAL_IDENTITY, name);
        PartyAndCertificate party = new PartyAndCertificate(X509Utilities.INSTANCE.buildCertPath(identity.chain()));
        SerializedBytes<NodeInfo> raw = Blobs.raw(new NodeInfo(List.of(new NetworkHostAndPort("localhost", 10002)),
                List.of(party), 12, serial));
        KeyPair pair = identity.pair();
        return Blobs.write(new SignedNodeInfo(raw,
                List.of(new DigitalSignature(Crypto.doSign(pair.getPrivate(), raw.getBytes())))));
    }
}
