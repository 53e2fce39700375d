package org.cordanetes.standin.auth;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Logger;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.launch.Launch;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;
import org.cordanetes.standin.tls.Stores;

/** {@code bin/accounts-application.jar}. */
public final class AuthMain {
    private static final Logger LOG = Logger.getLogger("AuthService");

    private AuthMain() {}

    public static void main(String[] args) {
        Launch.service("Auth Service", "accounts-service", launch -> start(launch, args));
    }

    private static void start(Launch launch, String[] args) throws ConfigException, StartRefused {
        Arguments arguments = new Arguments.Known()
                .value("--config-file|-f")
                .value("--initial-user-name").value("--initial-user-password").value("--initial-user-provider")
                .value("--initial-user-external-id").value("--logging-level")
                .value("--reset-user-username").value("--reset-user-password")
                .flag("--keep-running").flag("--verbose|-v").flag("--reset-user-admin").flag("--restore-admin-capability")
                .parse(args);
        Config config = ConfigText.read(Path.of(arguments.require("--config-file")), AuthConfig.shape());

        Config tls = config.getConfig("server.ssl");
        String location = tls.getString("keyStore.location");
        String password = tls.getString("keyStore.password");
        var keys = Stores.open(location, password);
        Stores.key(keys, location, ConfigText.textOr(tls, "keyStore.keyAlias", "cordasslauthservice"), password);
        String trustLocation = tls.getString("trustStore.location");
        var context = MutualTls.context(keys, password,
                Stores.open(trustLocation, tls.getString("trustStore.password")), trustLocation);

        Database database = launch.keep(Database.open(config.getConfig("database")));
        Accounts accounts = new Accounts(database, PasswordPolicy.of(config));
        boolean initialised = initialUser(arguments, accounts);
        initialised |= resetUser(arguments, accounts);
        if (initialised && !arguments.has("--keep-running")) {
            LOG.info("the user is set; start again without initial user, or with --keep-running, to serve");
            System.exit(0);
        }
        HttpListener http = launch.keep(HttpListener.tls("Auth Service", null, config.getInt("server.port"), context, false));
        new AuthRoutes(accounts, tokens(config), AuthConfig.clients(config)).on(http);
        http.start();
    }

    private static Tokens tokens(Config config) throws StartRefused {
        String location = config.getString("jwk.location");
        String password = config.getString("jwk.password");
        Stores.KeyEntry key = Stores.key(Stores.open(location, password), location,
                ConfigText.textOr(config, "jwk.keyAlias", "cordaauthjwk"), password);
        if (!key.key().getAlgorithm().equals("RSA")) {
            throw new StartRefused("the key '" + key.alias() + "' in " + location + " must be an RSA key, but is "
                    + key.key().getAlgorithm());
        }
        return new Tokens(key, ConfigText.textOr(config, "jwk.keyId", null), AuthConfig.issuer(config));
    }

    /** Name and password may also come from the environment, where no process list shows them. */
    private static boolean initialUser(Arguments arguments, Accounts accounts) throws StartRefused {
        String provider = arguments.value("--initial-user-provider").orElse("internal");
        if (!provider.equals("internal")) {
            throw new StartRefused("the stand-in has no user provider but 'internal', not '" + provider + "'");
        }
        String password = arguments.value("--initial-user-password").orElse(System.getenv("INITIAL_ADMIN_PASSWORD"));
        String name = arguments.value("--initial-user-name").or(() -> Optional.ofNullable(
                System.getenv("INITIAL_ADMIN_USERNAME"))).orElse("admin");
        if (password == null) {
            return false;
        }
        if (accounts.user(name).isEmpty()) {
            accounts.addUser(name, "", password, true, true);
            LOG.info("the administrator '" + name + "' was created");
        }
        return arguments.value("--initial-user-password").isPresent();
    }

    private static boolean resetUser(Arguments arguments, Accounts accounts) throws StartRefused {
        if (arguments.value("--reset-user-username").isEmpty()) {
            return false;
        }
        String name = arguments.require("--reset-user-username");
        var user = accounts.user(name).orElseThrow(() -> new StartRefused("there is no user '" + name + "' to reset"));
        accounts.setPassword(user, arguments.require("--reset-user-password"));
        return true;
    }
}
