package org.cordanetes.standin.zone;

import static org.cordanetes.standin.config.Shapes.bool;
import static org.cordanetes.standin.config.Shapes.port;
import static org.cordanetes.standin.config.Shapes.text;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cordanetes.standin.config.Block;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.config.Shape;
import org.cordanetes.standin.config.SharedBlocks;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.tls.StartRefused;

/** {@code zone.conf}, or the flags that say the same. */
final class ZoneConfig {
    /** Each flag and the key that it stands for. */
    private static final Map<String, String> FLAGS = new LinkedHashMap<>();

    static {
        FLAGS.put("--enm-listener-port", "enmListener.port");
        FLAGS.put("--enm-reconnect", "enmListener.reconnect");
        FLAGS.put("--admin-listener-port", "adminListener.port");
        FLAGS.put("--url", "database.url");
        FLAGS.put("--user", "database.user");
        FLAGS.put("--password", "database.password");
        FLAGS.put("--driver-class-name", "database.driverClassName");
        FLAGS.put("--jdbc-driver", "database.jdbcDriver");
        FLAGS.put("--current-schema", "database.schema");
        FLAGS.put("--run-migration", "database.runMigration");
        FLAGS.put("--disable-authentication", "authServiceConfig.disableAuthentication");
        FLAGS.put("--auth-host", "authServiceConfig.host");
        FLAGS.put("--auth-port", "authServiceConfig.port");
        FLAGS.put("--auth-trust-store-location", "authServiceConfig.trustStore.location");
        FLAGS.put("--auth-trust-store-password", "authServiceConfig.trustStore.password");
        FLAGS.put("--auth-issuer", "authServiceConfig.issuer");
        FLAGS.put("--auth-leeway", "authServiceConfig.leeway");
        FLAGS.put("--tls-keystore", "adminListener.ssl.keyStore.location");
        FLAGS.put("--tls-keystore-password", "adminListener.ssl.keyStore.password");
        FLAGS.put("--tls-truststore", "adminListener.ssl.trustStore.location");
        FLAGS.put("--tls-truststore-password", "adminListener.ssl.trustStore.password");
    }

    private ZoneConfig() {}

    static Config read(String[] args) throws ConfigException, StartRefused {
        Arguments.Known known = new Arguments.Known().value("-f|--config-file").value("--working-dir").value("--tls")
                .flag("--verbose|-v");
        FLAGS.keySet().forEach(known::value);
        Arguments arguments = known.parse(args);
        if (arguments.value("-f").isPresent()) {
            return ConfigText.read(Path.of(arguments.require("-f")), shape());
        }
        Map<String, Object> values = new LinkedHashMap<>();
        boolean tls = arguments.value("--tls").orElse("false").equals("true");
        FLAGS.forEach((flag, key) -> arguments.value(flag).filter(value -> tls || !flag.startsWith("--tls-"))
                .ifPresent(value -> values.put(key, value)));
        return ConfigText.checked(ConfigFactory.parseMap(values, "the command line"), shape(), "the command line");
    }

    private static Shape shape() {
        return new Block()
                .required("database", SharedBlocks.database())
                .required("enmListener", new Block()
                        .optional("host", text())
                        .required("port", port())
                        .optional("verbose", bool())
                        .optional("reconnect", bool()))
                .required("adminListener", SharedBlocks.listener())
                .required("authServiceConfig", SharedBlocks.authService());
    }
}
