package org.cordanetes.standin.config;

import static org.cordanetes.standin.config.Shapes.anything;
import static org.cordanetes.standin.config.Shapes.bool;
import static org.cordanetes.standin.config.Shapes.duration;
import static org.cordanetes.standin.config.Shapes.integer;
import static org.cordanetes.standin.config.Shapes.mapOf;
import static org.cordanetes.standin.config.Shapes.oneOf;
import static org.cordanetes.standin.config.Shapes.port;
import static org.cordanetes.standin.config.Shapes.text;

import com.typesafe.config.ConfigObject;

/** Blocks that several services share: {@code ssl}, listeners, {@code database}, {@code authServiceConfig}. */
public final class SharedBlocks {
    private SharedBlocks() {}

    public static Block ssl() {
        return new Block()
                .required("keyStore", new Block()
                        .required("location", text())
                        .required("password", text())
                        .optional("keyPassword", text()))
                .optional("trustStore", new Block()
                        .required("location", text())
                        .optional("password", text()))
                .optional("validate", bool());
    }

    /** An {@code enmListener} or {@code adminListener}. */
    public static Block listener() {
        return new Block()
                .optional("host", text())
                .required("port", port())
                .optional("verbose", bool())
                .optional("reconnect", bool())
                .optional("ssl", ssl());
    }

    /** A service that this one connects to. */
    public static Block remoteService() {
        return new Block()
                .required("host", text())
                .required("port", port())
                .optional("ssl", ssl())
                .optional("verbose", bool())
                .optional("reconnect", bool())
                .optional("timeout", integer());
    }

    public static Block database() {
        return new Block()
                .required("driverClassName", text())
                .optional("jdbcDriver", text())
                .required("url", text())
                .required("user", text())
                .required("password", text())
                .optional("schema", text())
                .optional("runMigration", bool())
                .optional("lockResolutionStrategy", oneOf("SingleInstance"))
                .optional("additionalProperties", anything())
                .optional("transactionIsolationLevel", text())
                .optional("initialiseSchema", bool())
                .rule((rule, object) -> {
                    boolean h2 = "org.h2.Driver".equals(plain(object, "driverClassName"));
                    if (!h2 && plain(object, "jdbcDriver").isEmpty()) {
                        rule.problem("'jdbcDriver' must name the driver's jar for " + plain(object, "driverClassName"));
                    }
                });
    }

    public static Block authService() {
        return new Block()
                .optional("disableAuthentication", bool())
                .optional("host", text())
                .optional("port", port())
                .optional("trustStore", trustStore())
                .optional("issuer", text())
                .optional("leeway", duration())
                .rule((rule, object) -> {
                    if (plain(object, "disableAuthentication").equals("true")) {
                        return;
                    }
                    for (String key : new String[] {"host", "port", "trustStore", "issuer", "leeway"}) {
                        if (!object.containsKey(key)) {
                            rule.problem("missing property '" + key + "', which authentication needs");
                        }
                    }
                });
    }

    public static Block trustStore() {
        return new Block().required("location", text()).required("password", text());
    }

    public static Block shell() {
        return new Block()
                .optional("sshdPort", port())
                .optional("sshdHost", text())
                .optional("user", text())
                .optional("password", text())
                .optional("commandsDirectory", text())
                .optional("sshdHostKeyDirectory", text())
                .optional("localShell", bool());
    }

    public static Block localSigner() {
        return new Block()
                .required("keyStore", new Block().required("file", text()).required("password", text()))
                .required("keyAlias", text())
                .optional("keyPassword", text())
                .optional("signInterval", duration())
                .optional("timeout", duration())
                .optional("crlDistributionUrl", text());
    }

    public static Block plugin() {
        return new Block()
                .required("pluginClass", text())
                .optional("pluginJar", text())
                .optional("config", mapOf(anything()));
    }

    /** The rule that {@code adminListener} and {@code shell} exclude each other and that one of them is there. */
    public static Block administered(Block block, boolean uploaded) {
        return block
                .optional("adminListener", listener())
                .optional("shell", shell())
                .optional("authServiceConfig", authService())
                .rule((rule, object) -> {
                    boolean admin = object.containsKey("adminListener");
                    if (uploaded && object.containsKey("shell")) {
                        rule.problem("'shell' is not allowed in a configuration that the Zone Service holds");
                    } else if (admin == object.containsKey("shell")) {
                        rule.problem("exactly one of 'adminListener' and 'shell' must be given");
                    }
                    // The Zone Service puts its own authServiceConfig into what it hands out.
                    if (admin && !uploaded && !object.containsKey("authServiceConfig")) {
                        rule.problem("missing property 'authServiceConfig', which 'adminListener' needs");
                    }
                });
    }

    /** The text of a scalar, empty when it is absent or not a scalar. */
    public static String plain(ConfigObject object, String key) {
        var value = object.get(key);
        return value == null || value.unwrapped() == null ? "" : String.valueOf(value.unwrapped());
    }
}
