package org.cordanetes.standin.networkmap;

import static org.cordanetes.standin.config.Shapes.bool;
import static org.cordanetes.standin.config.Shapes.hostAndPort;
import static org.cordanetes.standin.config.Shapes.integer;
import static org.cordanetes.standin.config.Shapes.text;

import org.cordanetes.standin.config.Block;
import org.cordanetes.standin.config.Shape;
import org.cordanetes.standin.config.SharedBlocks;

/** {@code networkmap.conf}. */
public final class NetworkMapConfig {
    private NetworkMapConfig() {}

    /** @param uploaded whether it is one for the Zone Service to hold */
    public static Shape shape(boolean uploaded) {
        Block block = new Block()
                .required("address", hostAndPort())
                .required("database", SharedBlocks.database())
                .required("pollingInterval", integer())
                .optional("checkRevocation", bool())
                .optional("enmListener", SharedBlocks.listener())
                .optional("identityManager", SharedBlocks.remoteService())
                .optional("revocation", SharedBlocks.remoteService())
                .optional("localSigner", SharedBlocks.localSigner())
                .optional("versionInfoValidation", new Block()
                        .optional("minimumPlatformVersion", integer()).optional("newPKIOnly", bool()))
                .optional("newPKIOnly", bool())
                .optional("authObjectId", text())
                .rule((rule, object) -> {
                    if (SharedBlocks.plain(object, "checkRevocation").equals("true")
                            && !object.containsKey("revocation")) {
                        rule.problem("missing property 'revocation', which 'checkRevocation' needs");
                    }
                });
        return SharedBlocks.administered(block, uploaded);
    }
}
