package org.cordanetes.standin.angel;

import static org.cordanetes.standin.config.Shapes.integer;
import static org.cordanetes.standin.config.Shapes.oneOf;
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

/** {@code angel.conf}, or the flags that say the same. */
record AngelConfig(Config config, Path workingDir) {
    private static final Map<String, String> FLAGS = new LinkedHashMap<>();

    static {
        FLAGS.put("--jar-name", "service.jarFile");
        FLAGS.put("--service", "service.type");
        FLAGS.put("--zone-host", "zone.host");
        FLAGS.put("--zone-port", "zone.port");
        FLAGS.put("--token", "zone.authToken");
        FLAGS.put("--polling-interval", "pollingTimeSeconds");
        FLAGS.put("--webservice-host", "webServiceHost");
        FLAGS.put("--webservice-port", "webServicePort");
        FLAGS.put("--network-truststore", "service.networkRootTrustStore.location");
        FLAGS.put("--truststore-password", "service.networkRootTrustStore.password");
        FLAGS.put("--root-alias", "service.networkRootTrustStore.rootAlias");
        FLAGS.put("--network-parameters-file", "networkParametersFile");
        FLAGS.put("--tls-keystore", "service.ssl.keyStore.location");
        FLAGS.put("--tls-keystore-password", "service.ssl.keyStore.password");
        FLAGS.put("--tls-truststore", "service.ssl.trustStore.location");
        FLAGS.put("--tls-truststore-password", "service.ssl.trustStore.password");
    }

    static AngelConfig read(String[] args) throws ConfigException, StartRefused {
        Arguments.Known known = new Arguments.Known().value("-f|--config-file").value("--working-dir").value("--tls")
                .flag("--verbose|-v");
        FLAGS.keySet().forEach(known::value);
        Arguments arguments = known.parse(args);
        Path workingDir = Path.of(arguments.value("--working-dir").orElse("."));
        if (arguments.value("-f").isPresent()) {
            return new AngelConfig(ConfigText.read(Path.of(arguments.require("-f")), shape()), workingDir);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        boolean tls = arguments.value("--tls").orElse("false").equals("true");
        FLAGS.forEach((flag, key) -> arguments.value(flag).filter(value -> tls || !flag.startsWith("--tls-"))
                .ifPresent(value -> values.put(key, value)));
        Config config = ConfigFactory.parseMap(values, "the command line");
        return new AngelConfig(ConfigText.checked(config, shape(), "the command line"), workingDir);
    }

    private static Shape shape() {
        return new Block()
                .optional("pollingTimeSeconds", integer())
                .optional("webServiceHost", text())
                .optional("webServicePort", port())
                .optional("networkParametersFile", text())
                .required("service", new Block()
                        .required("type", oneOf("IDENTITY_MANAGER", "NETWORK_MAP", "SIGNER"))
                        .optional("jarFile", text())
                        .optional("ssl", SharedBlocks.ssl())
                        .optional("pluginJar", text())
                        .optional("networkRootTrustStore", new Block()
                                .required("location", text())
                                .required("password", text())
                                .required("rootAlias", text())))
                .required("zone", new Block()
                        .required("host", text())
                        .required("port", port())
                        .required("authToken", text()))
                .rule((rule, object) -> {
                    Config config = object.toConfig();
                    if (!config.hasPath("service.type")) {
                        return;
                    }
                    boolean map = config.getString("service.type").equals("NETWORK_MAP");
                    if (map != object.containsKey("networkParametersFile")) {
                        rule.problem(map ? "missing property 'networkParametersFile', which a Network Map needs"
                                : "'networkParametersFile' is only for a Network Map");
                    }
                    if (map != config.hasPath("service.networkRootTrustStore")) {
                        rule.problem(map ? "missing property 'service.networkRootTrustStore', which a Network Map needs"
                                : "'service.networkRootTrustStore' is only for a Network Map");
                    }
                });
    }

    String type() {
        return config.getString("service.type");
    }

    /** The name of the configuration file that the managed service gets, as in CENM. */
    String serviceConfigName() {
        return switch (type()) {
            case "IDENTITY_MANAGER" -> "identitymanager.conf";
            case "NETWORK_MAP" -> "networkmap.conf";
            default -> "signer.conf";
        };
    }

    String jar() {
        return ConfigText.textOr(config, "service.jarFile", serviceConfigName().replace(".conf", ".jar"));
    }

    int pollingSeconds() {
        return config.hasPath("pollingTimeSeconds") ? Math.max(1, config.getInt("pollingTimeSeconds")) : 10;
    }
}
