package org.cordanetes.standin.gateway;

import static org.cordanetes.standin.config.Shapes.anything;
import static org.cordanetes.standin.config.Shapes.port;
import static org.cordanetes.standin.config.Shapes.text;

import org.cordanetes.standin.config.Block;
import org.cordanetes.standin.config.Shape;
import org.cordanetes.standin.config.SharedBlocks;

/** {@code gateway.conf}. */
final class GatewayConfig {
    private GatewayConfig() {}

    static Shape shape() {
        return new Block()
                .required("auth", new Block()
                        .required("serverUrl", text())
                        .required("sslConfig", new Block()
                                .required("trustStore", text())
                                .required("trustStorePassword", text()))
                        .required("clientCredentials", new Block()
                                .required("clientId", text())
                                .required("clientSecret", text())))
                .required("cenm", new Block()
                        .required("zoneHost", text())
                        .required("zonePort", port())
                        .optional("ssl", SharedBlocks.ssl()))
                .optional("server", new Block().optional("port", port()))
                .optional("flow", anything());
    }
}
