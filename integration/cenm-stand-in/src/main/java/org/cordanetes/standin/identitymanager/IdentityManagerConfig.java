package org.cordanetes.standin.identitymanager;

import static org.cordanetes.standin.config.Shapes.bool;
import static org.cordanetes.standin.config.Shapes.hostAndPort;
import static org.cordanetes.standin.config.Shapes.integer;
import static org.cordanetes.standin.config.Shapes.listOf;
import static org.cordanetes.standin.config.Shapes.oneOf;
import static org.cordanetes.standin.config.Shapes.text;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import java.util.Optional;
import org.cordanetes.standin.config.Block;
import org.cordanetes.standin.config.Shape;
import org.cordanetes.standin.config.Shapes;
import org.cordanetes.standin.config.SharedBlocks;

/** {@code identitymanager.conf}. */
public final class IdentityManagerConfig {
    /** The only plugin that there is without R3's plugin jars. */
    public static final String APPROVE_ALL = "com.r3.enmplugins.approveall.ApproveAll";

    private IdentityManagerConfig() {}

    /** @param uploaded whether it is one for the Zone Service to hold, which adds {@code authServiceConfig} itself */
    public static Shape shape(boolean uploaded) {
        Block block = new Block()
                .required("address", hostAndPort())
                .required("database", SharedBlocks.database())
                .required("workflows", Shapes.mapOf(workflow()))
                .optional("localSigner", SharedBlocks.localSigner())
                .rule((rule, object) -> {
                    if (object.get("workflows") instanceof ConfigObject workflows) {
                        for (String type : new String[] {"ISSUANCE", "REVOCATION"}) {
                            long count = workflows.values().stream().filter(workflow ->
                                    workflow instanceof ConfigObject one && SharedBlocks.plain(one, "type").equals(type))
                                    .count();
                            if (count > 1 || count == 0 && type.equals("ISSUANCE")) {
                                rule.problem("'workflows' must hold one workflow of type " + type + ", not " + count);
                            }
                        }
                    }
                });
        return SharedBlocks.administered(block, uploaded);
    }

    private static Block workflow() {
        return new Block()
                .required("type", oneOf("ISSUANCE", "REVOCATION"))
                .optional("enmListener", SharedBlocks.listener())
                .required("plugin", SharedBlocks.plugin())
                .optional("updateInterval", integer())
                .optional("versionInfoValidation", new Block()
                        .optional("minimumPlatformVersion", integer()).optional("newPKIOnly", bool()))
                .optional("crlCacheTimeout", integer())
                .optional("crlFiles", listOf(text()))
                .rule((rule, object) -> {
                    boolean issuance = SharedBlocks.plain(object, "type").equals("ISSUANCE");
                    String[] wanted = issuance ? new String[] {"updateInterval"}
                            : new String[] {"crlCacheTimeout", "crlFiles"};
                    String[] foreign = issuance ? new String[] {"crlCacheTimeout", "crlFiles"}
                            : new String[] {"updateInterval", "versionInfoValidation"};
                    for (String key : wanted) {
                        if (!object.containsKey(key)) {
                            rule.problem("missing property '" + key + "'");
                        }
                    }
                    for (String key : foreign) {
                        if (object.containsKey(key)) {
                            rule.problem("unknown property '" + key + "' for this type of workflow");
                        }
                    }
                });
    }

    /** The workflow of a type, if the configuration has one. */
    public static Optional<Config> workflow(Config config, String type) {
        Config workflows = config.getConfig("workflows");
        return workflows.root().keySet().stream().map(key -> workflows.getConfig(ConfigUtil.joinPath(key)))
                .filter(workflow -> workflow.getString("type").equals(type)).findFirst();
    }

    /** The port of a workflow's ENM listener, with the documented default. */
    public static int enmPort(Config workflow) {
        boolean issuance = workflow.getString("type").equals("ISSUANCE");
        return workflow.hasPath("enmListener") ? workflow.getInt("enmListener.port") : issuance ? 5051 : 5052;
    }
}
