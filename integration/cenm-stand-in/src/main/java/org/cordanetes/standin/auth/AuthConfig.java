package org.cordanetes.standin.auth;

import static org.cordanetes.standin.config.Shapes.anything;
import static org.cordanetes.standin.config.Shapes.bool;
import static org.cordanetes.standin.config.Shapes.duration;
import static org.cordanetes.standin.config.Shapes.integer;
import static org.cordanetes.standin.config.Shapes.listOf;
import static org.cordanetes.standin.config.Shapes.oneOf;
import static org.cordanetes.standin.config.Shapes.port;
import static org.cordanetes.standin.config.Shapes.text;

import com.typesafe.config.Config;
import java.util.List;
import org.cordanetes.standin.config.Block;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.config.Shape;
import org.cordanetes.standin.config.SharedBlocks;

/** {@code authservice.conf}. */
final class AuthConfig {
    private AuthConfig() {}

    /** One Gateway, as the Auth Service knows it. */
    record Client(String id, String secret, List<String> scopes, List<String> audience, long accessSeconds,
                  long refreshSeconds) {}

    static Shape shape() {
        return new Block()
                .required("database", SharedBlocks.database())
                .required("jwk", new Block()
                        .required("location", text())
                        .required("password", text())
                        .optional("keyAlias", text())
                        .optional("keyId", text()))
                .required("clientConfig", new Block()
                        .required("clients", listOf(client()))
                        .optional("issuer", text()))
                .required("server", new Block()
                        .required("port", port())
                        .required("ssl", new Block()
                                .required("keyStore", new Block()
                                        .required("location", text())
                                        .required("password", text())
                                        .optional("keyAlias", text()))
                                .required("trustStore", SharedBlocks.trustStore())))
                .optional("passwordPolicy", new Block()
                        .optional("expiration", new Block().optional("enabled", bool())
                                .optional("passwordMaxAge", duration()))
                        .optional("lock", new Block().optional("enabled", bool()).optional("loginAttempts", integer()))
                        .optional("mustMeetComplexityRequirements", bool()))
                .optional("baseline", anything());
    }

    private static Block client() {
        return new Block()
                .required("clientId", text())
                .required("clientSecret", text())
                .optional("scopes", listOf(oneOf("accounts:user", "accounts:admin")))
                .required("audience", listOf(text()))
                .optional("accessTokenValidity", integer())
                .optional("refreshTokenValidity", integer());
    }

    static List<Client> clients(Config config) {
        return config.getConfigList("clientConfig.clients").stream().map(client -> new Client(
                client.getString("clientId"),
                client.getString("clientSecret"),
                client.hasPath("scopes") ? client.getStringList("scopes") : List.of("accounts:user"),
                client.getStringList("audience"),
                client.hasPath("accessTokenValidity") ? client.getLong("accessTokenValidity") : 3600,
                client.hasPath("refreshTokenValidity") ? client.getLong("refreshTokenValidity") : 604800)).toList();
    }

    static String issuer(Config config) {
        return ConfigText.textOr(config, "clientConfig.issuer", "accounts-service");
    }
}
