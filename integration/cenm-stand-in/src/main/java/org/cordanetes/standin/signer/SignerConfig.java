package org.cordanetes.standin.signer;

import static org.cordanetes.standin.config.Shapes.anything;
import static org.cordanetes.standin.config.Shapes.duration;
import static org.cordanetes.standin.config.Shapes.integer;
import static org.cordanetes.standin.config.Shapes.listOf;
import static org.cordanetes.standin.config.Shapes.mapOf;
import static org.cordanetes.standin.config.Shapes.oneOf;
import static org.cordanetes.standin.config.Shapes.text;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import org.cordanetes.standin.config.Block;
import org.cordanetes.standin.config.Shape;
import org.cordanetes.standin.config.SharedBlocks;

/** {@code signer.conf}. */
public final class SignerConfig {
    private SignerConfig() {}

    /** @param uploaded whether it is one for the Zone Service to hold */
    public static Shape shape(boolean uploaded) {
        Block block = new Block()
                .optional("hsmLibraries", listOf(anything()))
                .optional("globalCertificateStore", fileAndPassword())
                .required("signingKeys", mapOf(signingKey()))
                .required("signers", mapOf(signer()))
                .rule((rule, object) -> {
                    if (object.get("signers") instanceof ConfigObject signers
                            && object.get("signingKeys") instanceof ConfigObject keys) {
                        signers.forEach((name, signer) -> {
                            if (signer instanceof ConfigObject one && one.containsKey("signingKeyAlias")
                                    && !keys.containsKey(SharedBlocks.plain(one, "signingKeyAlias"))) {
                                rule.problem("'signers." + name + ".signingKeyAlias' names '"
                                        + SharedBlocks.plain(one, "signingKeyAlias")
                                        + "', which is not among signingKeys " + keys.keySet());
                            }
                        });
                    }
                });
        return SharedBlocks.administered(block, uploaded);
    }

    private static Block signingKey() {
        return new Block()
                .required("type", oneOf("LOCAL", "UTIMACO_HSM", "GEMALTO_HSM", "SECUROSYS_HSM", "AZURE_KEY_VAULT_HSM",
                        "AZURE_MSAL_KEY_VAULT_HSM", "AMAZON_CLOUD_HSM"))
                .required("alias", text())
                .optional("keyStore", anything())
                .optional("password", text())
                .optional("certificateStore", fileAndPassword())
                .optional("group", text()).optional("specifier", integer()).optional("authThreshold", integer())
                .optional("credentials", anything()).optional("credentialsAmazon", anything())
                .optional("localCertificateStore", fileAndPassword())
                .rule((rule, object) -> {
                    if (SharedBlocks.plain(object, "type").equals("LOCAL")) {
                        if (object.get("keyStore") == null) {
                            rule.problem("missing property 'keyStore'");
                        } else {
                            fileAndPassword().check(Shape.join(rule.path(), "keyStore"), object.get("keyStore"),
                                    rule.problems());
                        }
                    }
                });
    }

    private static Block signer() {
        return new Block()
                .required("type", oneOf("CSR", "CRL", "NETWORK_MAP", "NETWORK_PARAMETERS"))
                .optional("signingKeyAlias", text())
                .required("serviceLocation", listOf(SharedBlocks.remoteService().optional("subZoneId", integer())))
                .optional("crlDistributionPoint", text())
                .optional("validDays", integer())
                .optional("updatePeriod", integer())
                .optional("schedule", new Block().required("interval", duration()))
                .optional("plugin", new Block().required("pluginJar", text()).required("pluginClass", text()))
                .rule((rule, object) -> {
                    String type = SharedBlocks.plain(object, "type");
                    if (object.containsKey("plugin") == object.containsKey("signingKeyAlias")) {
                        rule.problem("exactly one of 'signingKeyAlias' and 'plugin' must be given");
                    }
                    require(rule, object, type.equals("CRL"), "crlDistributionPoint");
                    require(rule, object, type.equals("CRL"), "updatePeriod");
                    require(rule, object, type.equals("CSR"), "validDays");
                    if (object.get("serviceLocation") instanceof ConfigList locations
                            && (locations.isEmpty() || locations.size() > 1 && type.startsWith("C"))) {
                        rule.problem("'serviceLocation' must have exactly one entry for type " + type);
                    }
                });
    }

    private static void require(Block.Rule rule, ConfigObject object, boolean needed, String key) {
        if (needed && !object.containsKey(key)) {
            rule.problem("missing property '" + key + "'");
        }
    }

    private static Block fileAndPassword() {
        return new Block().required("file", text()).required("password", text());
    }
}
