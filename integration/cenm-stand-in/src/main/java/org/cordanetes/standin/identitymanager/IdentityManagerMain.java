package org.cordanetes.standin.identitymanager;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.launch.AngelLink;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.launch.Launch;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;

/** {@code bin/identitymanager.jar}. */
public final class IdentityManagerMain {
    private static final Logger LOG = Logger.getLogger("IdentityManager");

    private IdentityManagerMain() {}

    public static void main(String[] args) {
        Launch.service("Identity Manager", "identity-manager", launch -> start(launch, args));
    }

    private static void start(Launch launch, String[] args) throws ConfigException, StartRefused {
        Arguments arguments = new Arguments.Known().value("--config-file|-f").value("--working-dir").parse(args);
        AngelLink.read();
        Config config = ConfigText.read(Path.of(arguments.require("--config-file")), IdentityManagerConfig.shape(false));
        Config issuance = IdentityManagerConfig.workflow(config, "ISSUANCE").orElseThrow();
        Optional<Config> revocation = IdentityManagerConfig.workflow(config, "REVOCATION");
        if (config.hasPath("localSigner")) {
            throw new StartRefused("'localSigner' is not available in the stand-in; run the Signing Service");
        }
        requireAvailable(issuance);
        if (revocation.isPresent()) {
            requireAvailable(revocation.get());
        }

        Database database = launch.keep(Database.open(config.getConfig("database")));
        Requests requests = new Requests(database);
        Revocations revocations = new Revocations(database, requests,
                revocation.isPresent() ? Revocations.files(revocation.get()) : Map.of());

        EnmRoutes enm = new EnmRoutes(requests, revocations);
        HttpListener issuancePort = launch.keep(enmListener("issuance", issuance));
        enm.issuance(issuancePort);
        issuancePort.start();
        if (revocation.isPresent()) {
            HttpListener revocationPort = launch.keep(enmListener("revocation", revocation.get()));
            enm.revocation(revocationPort);
            revocationPort.start();
        }
        if (config.hasPath("adminListener")) {
            AdminListener admin = launch.keep(AdminListener.bind("Identity Manager", config, "identity-manager"));
            new IdentityManagerAdmin(requests, revocations).on(admin);
            admin.start();
        }
        publish(launch, config, issuance, requests, revocations);
    }

    /** Last, so that whoever sees the public port can rely on the others. */
    private static void publish(Launch launch, Config config, Config issuance, Requests requests,
                                Revocations revocations) {
        int minimum = issuance.hasPath("versionInfoValidation.minimumPlatformVersion")
                ? issuance.getInt("versionInfoValidation.minimumPlatformVersion") : -1;
        int pollSeconds = (int) Math.max(1, Math.min(2, issuance.getLong("updateInterval") / 1000));
        String address = config.getString("address");
        int colon = address.lastIndexOf(':');
        HttpListener http = launch.keep(HttpListener.plain("Identity Manager", address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1))));
        new PublicRoutes(requests, revocations, pollSeconds, minimum).on(http);
        http.start();
        LOG.info("Network management web services started on " + address
                + " with [RegistrationWebService, CertificateRevocationWebService, MonitoringWebService]");
    }

    private static HttpListener enmListener(String name, Config workflow) throws StartRefused {
        Config listener = workflow.hasPath("enmListener") ? workflow.getConfig("enmListener") : ConfigFactory.empty();
        return HttpListener.tls("Identity Manager " + name + " ENM listener", ConfigText.textOr(listener, "host", null),
                IdentityManagerConfig.enmPort(workflow), MutualTls.under(listener), true);
    }

    private static void requireAvailable(Config workflow) throws StartRefused {
        String plugin = workflow.getString("plugin.pluginClass");
        if (!plugin.equals(IdentityManagerConfig.APPROVE_ALL)) {
            throw new StartRefused("the plugin " + plugin + " is not available in the stand-in, which has only "
                    + IdentityManagerConfig.APPROVE_ALL);
        }
    }
}
