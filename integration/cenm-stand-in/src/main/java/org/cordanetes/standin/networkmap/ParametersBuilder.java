package org.cordanetes.standin.networkmap;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.corda.core.crypto.SecureHash;
import net.corda.core.identity.Party;
import net.corda.core.node.NetworkParameters;
import net.corda.core.node.NodeInfo;
import net.corda.core.node.NotaryInfo;
import net.corda.nodeapi.internal.SignedNodeInfo;
import org.cordanetes.standin.http.ServiceError;

/** Turns the plain text into Corda's network parameters. */
final class ParametersBuilder {
    private ParametersBuilder() {}

    static NetworkParameters build(Config text) {
        List<NotaryInfo> notaries = new ArrayList<>();
        for (Config notary : text.getConfigList("notaries")) {
            if (notary.hasPath("notaryX500Name")) {
                throw new ServiceError(400, "NETWORK_MAP_PARAMETERS_FILE_CORRUPT",
                        "'notaryX500Name' is for HA notaries, which the stand-in does not have; use 'notaryNodeInfoFile'");
            }
            notaries.add(new NotaryInfo(identity(Path.of(notary.getString("notaryNodeInfoFile"))),
                    notary.getBoolean("validating")));
        }
        return new NetworkParameters(
                text.getInt("minimumPlatformVersion"),
                notaries,
                text.getInt("maxMessageSize"),
                text.getInt("maxTransactionSize"),
                Instant.now(),
                text.hasPath("epoch") ? text.getInt("epoch") : 1,
                whitelist(text),
                Duration.ofDays(text.getLong("eventHorizonDays")),
                owners(text));
    }

    /** The identity that notarises: the service identity where the notary has one, else its legal identity. */
    private static Party identity(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ServiceError(404, "NETWORK_MAP_PARAMETERS_FILE_NOT_FOUND",
                    "the notary's NodeInfo file " + file + " cannot be read here: " + e);
        }
        NodeInfo info = NodeInfos.verified(Blobs.read(bytes, SignedNodeInfo.class));
        List<Party> identities = info.getLegalIdentities();
        return identities.get(identities.size() - 1);
    }

    private static Map<String, List<SecureHash>> whitelist(Config text) {
        Map<String, List<SecureHash>> whitelist = new LinkedHashMap<>();
        if (text.hasPath("whitelistContracts.contracts")) {
            for (Config contract : text.getConfigList("whitelistContracts.contracts")) {
                whitelist.put(contract.getString("className"), contract.getStringList("attachmentIds").stream()
                        .map(SecureHash::create).toList());
            }
        }
        return whitelist;
    }

    private static Map<String, PublicKey> owners(Config text) {
        Map<String, PublicKey> owners = new LinkedHashMap<>();
        if (text.hasPath("packageOwnership")) {
            for (Config owner : text.getConfigList("packageOwnership")) {
                owners.put(owner.getString("packageName"),
                        key(Path.of(owner.getString("publicKeyPath")), owner.getString("algorithm")));
            }
        }
        return owners;
    }

    private static PublicKey key(Path pem, String algorithm) {
        try {
            String body = Files.readString(pem).replaceAll("-----[^-]+-----", "").replaceAll("\\s", "");
            return KeyFactory.getInstance(algorithm).generatePublic(
                    new X509EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (IOException e) {
            throw new ServiceError(404, "NETWORK_MAP_PARAMETERS_FILE_NOT_FOUND",
                    "the public key file " + pem + " cannot be read here: " + e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new ServiceError(400, "NETWORK_MAP_PARAMETERS_FILE_CORRUPT",
                    "the file " + pem + " holds no public key of the algorithm " + algorithm);
        }
    }
}
