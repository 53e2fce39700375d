package org.cordanetes.standin.networkmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Logger;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.launch.AngelLink;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.launch.Launch;
import org.cordanetes.standin.networkmap.SigningProtocol.Signed;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.tls.MutualTls;
import org.cordanetes.standin.tls.StartRefused;
import org.cordanetes.standin.tls.Stores;

/** {@code bin/networkmap.jar}. */
public final class NetworkMapMain {
    private static final Logger LOG = Logger.getLogger("NetworkMap");
    private static final int DEFAULT_ENM_PORT = 5050;

    private NetworkMapMain() {}

    public static void main(String[] args) {
        Launch.service("Network Map", "network-map", launch -> start(launch, args));
    }

    private static void start(Launch launch, String[] args) throws ConfigException, StartRefused {
        Arguments arguments = new Arguments.Known().value("--config-file|-f").value("--working-dir")
                .value("--set-network-parameters|-s").value("--network-truststore|-t")
                .value("--truststore-password|-p").value("--root-alias|-a").parse(args);
        JsonNode angel = AngelLink.read();
        Config config = ConfigText.read(Path.of(arguments.require("--config-file")), NetworkMapConfig.shape(false));
        if (config.hasPath("localSigner")) {
            throw new StartRefused("'localSigner' is not available in the stand-in; run the Signing Service");
        }
        Blobs.initialise();
        Database database = launch.keep(Database.open(config.getConfig("database")));
        Parameters parameters = new Parameters(database);
        if (arguments.value("--set-network-parameters").isPresent()) {
            setParameters(arguments, parameters);
            return;
        }
        NodeInfos nodes = new NodeInfos(database, new Trust(root(angel), remote(config, "identityManager")),
                minimumVersion(config));
        if (ConfigText.flag(config, "checkRevocation", false)) {
            launch.keep(new RevocationWatch(remote(config, "revocation"), nodes))
                    .start(Duration.ofMillis(Math.max(1000, config.getLong("pollingInterval"))));
        }
        Maps maps = new Maps(database, nodes, parameters);
        Views views = new Views(maps, nodes, parameters);

        launch.keep(signingPort(config, maps, parameters)).start();
        if (config.hasPath("adminListener")) {
            AdminListener admin = launch.keep(AdminListener.bind("Network Map", config, "network-map"));
            new NetworkMapAdmin(views, nodes, ConfigText.textOr(config, "authObjectId", "1")).on(admin);
            admin.start();
        }
        if (angel.hasNonNull("networkParametersFile")) {
            launch.keep(new InitialParameters(parameters, Path.of(angel.get("networkParametersFile").asText()))).start();
        }
        publish(launch, config, new PublicRoutes(maps, nodes, parameters, new Acknowledgements(database),
                Math.max(1, config.getLong("pollingInterval") / 1000)), views);
    }

    private static void publish(Launch launch, Config config, PublicRoutes routes, Views views) {
        String address = config.getString("address");
        int colon = address.lastIndexOf(':');
        HttpListener http = launch.keep(HttpListener.plain("Network Map", address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1))));
        routes.on(http);
        views.on(http);
        http.start();
        LOG.info("Network management web services started on " + address + " with [NetworkMapWebService]");
    }

    private static HttpListener signingPort(Config config, Maps maps, Parameters parameters) throws StartRefused {
        Config enm = config.hasPath("enmListener") ? config.getConfig("enmListener") : ConfigFactory.empty();
        int port = enm.hasPath("port") ? enm.getInt("port") : DEFAULT_ENM_PORT;
        return HttpListener.tls("Network Map ENM listener", ConfigText.textOr(enm, "host", null), port,
                        MutualTls.under(enm), true)
                .route("GET", SigningProtocol.NETWORK_MAP, request -> Response.json(maps.unsigned()))
                .route("GET", SigningProtocol.NETWORK_PARAMETERS, request -> Response.json(parameters.unsigned()))
                .route("POST", SigningProtocol.NETWORK_MAP, request -> {
                    maps.accept(request.json(Signed.class));
                    return Response.json(Map.of());
                })
                .route("POST", SigningProtocol.NETWORK_PARAMETERS, request -> {
                    parameters.accept(request.json(Signed.class));
                    return Response.json(Map.of());
                });
    }

    /** The one-shot mode of a Network Map without an Angel. */
    private static void setParameters(Arguments arguments, Parameters parameters) throws ConfigException, StartRefused {
        String store = arguments.require("--network-truststore");
        Stores.certificate(Stores.open(store, arguments.require("--truststore-password")), store,
                arguments.require("--root-alias"));
        if (parameters.set()) {
            throw new StartRefused("the network parameters are set already");
        }
        try {
            InitialParameters.build(parameters, Path.of(arguments.require("--set-network-parameters")));
        } catch (IOException e) {
            throw new StartRefused("the network parameters cannot be read: " + e, e);
        }
    }

    private static X509Certificate root(JsonNode angel) throws StartRefused {
        JsonNode trust = angel.path("networkRootTrustStore");
        if (trust.isMissingNode()) {
            LOG.warning("no network root trust store was given; only the Identity Manager decides which nodes belong here");
            return null;
        }
        String location = trust.path("location").asText();
        return Stores.certificate(Stores.open(location, trust.path("password").asText()), location,
                trust.path("rootAlias").asText());
    }

    /** A client of the Identity Manager's issuance or revocation port, or null when the block is not there. */
    private static JsonClient remote(Config config, String block) throws StartRefused {
        if (!config.hasPath(block)) {
            return null;
        }
        Config remote = config.getConfig(block);
        return new JsonClient("Identity Manager", remote.getString("host"), remote.getInt("port"),
                MutualTls.under(remote), Duration.ofMillis(remote.hasPath("timeout") ? remote.getLong("timeout") : 30_000));
    }

    private static int minimumVersion(Config config) {
        return config.hasPath("versionInfoValidation.minimumPlatformVersion")
                ? config.getInt("versionInfoValidation.minimumPlatformVersion") : -1;
    }
}
